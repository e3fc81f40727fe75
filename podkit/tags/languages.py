"""The two ways to write a language: "en" as feeds do (BCP 47), "eng" as ID3 wants it (ISO 639-2)."""

from __future__ import annotations

# Code of ISO 639-1 and, without a gap, its terminological one of ISO 639-2.
_PAIRS = (
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel "
    "bgbul bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu "
    "cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas "
    "ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb "
    "hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido "
    "isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor "
    "krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub "
    "lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde "
    "nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan "
    "pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme "
    "sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa "
    "tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah "
    "uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor zazha zhzho "
    "zuzul"
)
# Likewise with the bibliographic code, where that is another.
_OLDER = (
    "botib cscze cywel deger elgre eubaq faper frfre hyarm isice kageo mimao mkmac msmay "
    "mybur nldut rorum skslo sqalb zhchi"
)
_LONG = {pair[:2]: pair[2:] for pair in _PAIRS.split()}
_SHORT = {pair[2:]: pair[:2] for pair in (*_PAIRS.split(), *_OLDER.split())}


def shortest(value: str) -> str:
    """The tag with the shortest code of its language (RFC 5646, section 2.2.1); others as they are."""
    language, dash, rest = value.partition("-")
    code = language.lower()
    if code in _SHORT or code in _LONG:
        return _SHORT.get(code, code) + dash + rest
    return value


def of_three_letters(value: str) -> str:
    """The code of ISO 639-2 of a tag's language; what podkit does not know as it is."""
    language = shortest(value).partition("-")[0]
    return _LONG.get(language, value)

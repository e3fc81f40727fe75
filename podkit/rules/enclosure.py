"""Rules 401 to 409: the enclosure, its address, its length and its type."""

from __future__ import annotations

from collections.abc import Iterator

from podkit.model.document import Element
from podkit.model.finding import Severity
from podkit.registry import did_you_mean
from podkit.rules import urls
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Subject
from podkit.rules.view import Item

# Apple's list of types, with the spellings that PSP-1 lists beside it, by extension.
TYPES = {
    "mp3": ("audio/mpeg",),
    "m4a": ("audio/x-m4a", "audio/m4a"),
    "mp4": ("video/mp4",),
    "m4v": ("video/x-m4v", "video/m4v"),
    "mov": ("video/quicktime",),
    "pdf": ("application/pdf",),
}
# Written by many feeds and understood by most readers, though not listed by Apple.
_ALIASES = {
    "audio/mp3": "mp3",
    "audio/x-mp3": "mp3",
    "audio/x-mpeg": "mp3",
    "audio/mpeg3": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "m4a",
    "audio/x-aac": "m4a",
    "audio/mp4a-latm": "m4a",
    "video/mpeg": "mp4",
}
_SAME_FILES = {"mp4", "m4v"}
_EXTENSIONS_OF = {name: extension for extension, names in TYPES.items() for name in names}


@rule("PK401", "enclosure-missing", Severity.ERROR, who="A P1 R", source="A823, PSP1")
def enclosure_missing(subject: Subject) -> Iterator[Found]:
    """Every episode has an enclosure with `url`, `length` and `type`.

    The enclosure is the episode; without it, or without one of the three, apps show nothing to
    play.

    Bad:
        <enclosure url="https://example.com/energy.mp3"/>
    Good:
        <enclosure url="https://example.com/energy.mp3" length="5650889" type="audio/mpeg"/>
    """
    for item in subject.feed.items:
        if item.enclosure is None:
            yield Found("the episode has no enclosure", at=item.element)
    for _, element, url in subject.feed.enclosures:
        said = element.attributes
        missing = [n for n in ("url", "length", "type") if not said.get(n, "").strip()]
        if missing:
            yield Found(f"the enclosure has no {', '.join(missing)}", at=element)
        if url and not urls.is_web(url):
            yield Found(f"{url[:120]!r} is no absolute http address", at=element)


@rule("PK402", "enclosure-twice", Severity.ERROR, who="A", source="A823")
def enclosure_twice(subject: Subject) -> Iterator[Found]:
    """No two episodes have the same enclosure URL.

    Apple passes over the second: the episode is never shown.

    Bad:
        <enclosure url="https://example.com/latest.mp3" …/> in two items
    Good:
        <enclosure url="https://example.com/energy-1f9c2b07.mp3" …/>
    """
    seen: dict[str, Item] = {}
    for item, element, url in subject.feed.enclosures:
        if not url:
            continue
        other = seen.setdefault(url, item)
        if other is not item:
            yield Found(f"item {other.number} has the same enclosure", at=element)


@rule("PK403", "enclosure-extension", Severity.ERROR, who="A P1", source="A-RSS")
def enclosure_extension(subject: Subject) -> Iterator[Found]:
    """The file's extension is m4a, mp3, mov, mp4, m4v or pdf, and agrees with `type`.

    Apple goes by the extension: another one is not shown at all, and a wrong type is played by the
    wrong player or not. `.m4v` as `video/mp4` (and the other way round) is a warning: they are the
    same files, and Apple's own sample has it.

    Bad:
        <enclosure url="https://example.com/energy.ogg" length="1" type="audio/mpeg"/>
    Good:
        <enclosure url="https://example.com/energy.mp3" length="1" type="audio/mpeg"/>
    """
    for _, element, url in subject.feed.enclosures:
        if not url:
            continue
        extension = urls.extension_of(url)
        kind = _type_of(element)
        if extension not in TYPES:
            said = f"the extension .{extension[:20]}" if extension else "a file without extension"
            yield Found(f"{said} is not taken by Apple", at=element, hint=_known())
            continue
        meant = _EXTENSIONS_OF.get(kind) or _ALIASES.get(kind)
        if meant is not None and meant != extension:
            yield Found(
                f"the file is .{extension}, its type {kind}",
                at=element,
                severity=Severity.WARNING if {meant, extension} == _SAME_FILES else None,
                hint=f"write {TYPES[extension][0]}",
            )


@rule("PK404", "enclosure-type", Severity.ERROR, who="A", source="A-RSS, PSP1")
def enclosure_type(subject: Subject) -> Iterator[Found]:
    """`type` is the one that Apple lists for the file's extension.

    mp3 `audio/mpeg`, m4a `audio/x-m4a`, mp4 `video/mp4`, m4v `video/x-m4v`, mov `video/quicktime`.
    Spellings that most readers understand (`audio/mp3`, `audio/mp4`) are warnings.

    Bad:
        <enclosure url="https://example.com/energy.mp3" length="1" type="binary/octet-stream"/>
    Good:
        <enclosure url="https://example.com/energy.mp3" length="1" type="audio/mpeg"/>
    """
    for _, element, url in subject.feed.enclosures:
        kind = _type_of(element)
        if not kind or kind in _EXTENSIONS_OF:
            continue
        extension = urls.extension_of(url)
        right = TYPES.get(extension)
        yield Found(
            f"the type {kind[:60]!r} is not in Apple's list",
            at=element,
            severity=Severity.WARNING if kind in _ALIASES else None,
            hint=f"write {right[0]}" if right else did_you_mean(kind, _EXTENSIONS_OF),
        )


@rule("PK405", "enclosure-length", Severity.ERROR, who="K R", source="asks1", needs=Material.MEDIA)
def enclosure_length(subject: Subject) -> Iterator[Found]:
    """`length` is the file's size in bytes, to the byte.

    Apps show it, reserve room by it, and decide by it whether to fetch a file again.

    Bad:
        length="3531" (the seconds) for a file of 5,650,889 bytes
    Good:
        length="5650889"
    """
    for sound in subject.sounds():
        if sound.at is None or sound.facts.bytes is None:
            continue
        text = sound.at.attributes.get("length", "").strip()
        if _is_number(text) and int(text) != sound.facts.bytes:
            yield Found(
                f"length says {int(text):,} bytes, the file has {sound.facts.bytes:,}",
                at=sound.at,
                hint="podkit build" if subject.own else f'write length="{sound.facts.bytes}"',
            )


@rule("PK406", "enclosure-length-zero", Severity.WARNING, who="R", source="R")
def enclosure_length_zero(subject: Subject) -> Iterator[Found]:
    """`length` is a whole number above 0.

    RSS allows 0 only where the size is unknown, as in a live stream. What is no number at all is an
    error.

    Bad:
        length="0" length="5.4 MB"
    Good:
        length="5650889"
    """
    for _, element, _ in subject.feed.enclosures:
        text = element.attributes.get("length", "").strip()
        if not text:
            continue
        if not _is_number(text):
            yield Found(
                f"length is {text[:40]!r}, not a number of bytes",
                at=element,
                severity=Severity.ERROR,
            )
        elif not int(text):
            yield Found("length is 0", at=element)


@rule("PK407", "enclosure-ascii", Severity.ERROR, who="A", source="A823")
def enclosure_ascii(subject: Subject) -> Iterator[Found]:
    """File name and address of an enclosure are ASCII.

    Apple says so and cannot download the others. Encoded as percent signs they work in most apps:
    a warning.

    Bad:
        https://example.com/енергія.mp3
    Good:
        https://example.com/energiia.mp3
    """
    for _, element, url in subject.feed.enclosures:
        if not url.isascii():
            yield Found(
                "the address holds letters beyond ASCII", at=element, hint="rename the file"
            )
        elif urls.encodes_other_than_ascii(url):
            yield Found(
                "the file's name holds letters beyond ASCII, encoded",
                at=element,
                severity=Severity.WARNING,
            )


@rule("PK408", "enclosure-encoding", Severity.ERROR, who="K", source="asks16")
def enclosure_encoding(subject: Subject) -> Iterator[Found]:
    """The address has no spaces and is percent-encoded exactly once.

    A space ends the address for some apps; `%2520` names a file that is not there.

    Bad:
        https://example.com/episode%252012.mp3
    Good:
        https://example.com/episode-12.mp3
    """
    for _, element, url in subject.feed.enclosures:
        if len(url.split(None, 1)) > 1:
            yield Found(
                "the address holds a space", at=element, hint="write %20, or rename the file"
            )
        elif urls.is_encoded_twice(url):
            yield Found("the address is percent-encoded twice", at=element)
        elif urls.has_bare_percent(url):
            yield Found(
                "a percent sign in the address is not encoded", at=element, hint="write %25"
            )


@rule("PK409", "enclosure-https", Severity.WARNING, who="A S", source="SF validator; guide 2h")
def enclosure_https(subject: Subject) -> Iterator[Found]:
    """The enclosure is https.

    Web players and newer apps refuse to load http.

    Bad:
        http://example.com/energy.mp3
    Good:
        https://example.com/energy.mp3
    """
    for _, element, url in subject.feed.enclosures:
        if urls.is_plain_http(url):
            yield Found("the enclosure is http", at=element, hint="use https")


def _type_of(element: Element) -> str:
    return element.attributes.get("type", "").partition(";")[0].strip().lower()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _known() -> str:
    return "one of " + ", ".join(TYPES)

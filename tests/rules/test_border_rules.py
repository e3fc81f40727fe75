"""Where a rule begins and where it ends: texts on both sides of the line, as feeds have them."""

from __future__ import annotations

import pytest
from rules_feed import ENERGY, edited, subject_of

from podkit.model.finding import Severity
from podkit.rules.check import check
from podkit.rules.countries import is_country

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
LOCKED = "<podcast:locked>yes</podcast:locked>"
EPISODE = "<itunes:episodeType>full</itunes:episodeType>"
CATEGORY = '<itunes:category text="News"><itunes:category text="Politics"/></itunes:category>'
SELF = '<atom:link rel="self" type="application/rss+xml" href="https://example.com/feed.xml"/>'
EMAIL = "<itunes:email>podcast@example.com</itunes:email>"
DATE = "Fri, 20 Nov 2026 06:00:00 +0200</pub"
SOURCE = '<podcast:source uri="https://e.org/t.mp4"/>'
SPOTIFY = 'xmlns:s="http://www.spotify.com/ns/rss"'
ICON = "<url>https://e.org/a.jpg</url><title>A</title><link>https://e.org/</link>"
PAID = '<podcast:valueRecipient type="node" address="02d5" split="1"/>'


def channel(xml):
    return (LOCKED, LOCKED + xml)


def item(xml):
    return (EPISODE, EPISODE + xml)


def title(text):
    return ("<title>Energy</title>", f"<title>{text}</title>")


def notes(text):
    return ("Nine agreements.", text)


def live(xml, times='start="2026-12-01T18:00:00+02:00"'):
    link = '<podcast:contentLink href="https://e.org/l">L</podcast:contentLink>'
    return channel(
        f'<podcast:liveItem status="live" {times}><guid>l</guid>{link}{xml}</podcast:liveItem>'
    )


def alternate(xml):
    return item(
        f'<podcast:alternateEnclosure type="video/mp4">{SOURCE}{xml}</podcast:alternateEnclosure>'
    )


def value(recipients, more=""):
    return channel(
        f'<podcast:value type="lightning" method="keysend"{more}>{recipients}</podcast:value>'
    )


FOUND = [
    ("PK101", E, ("<rss ", '<rss xmlns="http://backend.userland.com/rss2" ')),
    ("PK107", E, channel("<skipHours><Hour>3</Hour></skipHours>")),
    ("PK107", E, channel(f"<image>{ICON.replace('url>', 'URL>')}</image>")),
    *(("PK110", W, title(text)) for text in (
        "Caf&amp;eacute;", "Kids &amp;amp; Family", "It&amp;rsquo;s time", "A &amp;hellip; B&amp;amp;C", "About &lt;b&gt;energy&lt;/B&gt;",
        "&lt;p class='a'&gt; Who &lt;i&gt;pays &lt;/p&gt;", "Who pays&lt;br/&gt; Energy", "&lt;img src='a.png'&gt; Kyiv")),
    *(("PK110", INFO, title(text)) for text in (
        "A &amp;foo; &amp;hellip;", "What is &quot;&amp;#160;&quot;?",
        "About &lt;b&gt;energy", "Energy&lt;/p&gt;")),
    ("PK110", W, channel("<podcast:person>Tom &amp;amp; Jerry</podcast:person>")),
    ("PK110", W, ("The newsroom of", "News &amp;amp; Views,")),
    ("PK110", W, ("Example Media</copy", "<![CDATA[Example<br />Media]]></copy")),
    ("PK111", E, title("About <b>energy</b>")),
    ("PK111", E, channel("<itunes:subtitle>One<br/>two</itunes:subtitle>")),
    ("PK112", W, ("<p>The whole", "<p>The\x92 whole")),
    ("PK112", W, (ENERGY, f"{ENERGY}&#x9b;")),
    ("PK114", W, channel("<podcast:podping/><podcast:podping/>")),
    ("PK114", W, (EMAIL, EMAIL * 2)),
    ("PK114", W, alternate('<podcast:integrity type="pgp-signature" value="x"/>' * 2)),
    ("PK114", W, live("<title>One</title><title>Two</title>")),
    ("PK115", W, channel('<podcast:images srcset="https://e.org/a.jpg 1500w, http://e.org/b.jpg 600w"/>')),
    ("PK115", W, channel('<podcast:images srcset="https://e.org/a,b.jpg 9w,http://e.org/c.jpg"/>')),
    ("PK120", W, item("<itunes:type>serial</itunes:type>")),
    ("PK123", W, channel("<skipDays/>")),
    ("PK124", W, channel(f"<image>{ICON.replace('https://e.org/a', 'a')}</image>")),
    ("PK134", W, ("</channel>", "</channel>stray")),
    ("PK135", W, notes("&lt;a title='a &gt; b' href='x.html'&gt;x&lt;/a&gt;")),
    ("PK206", INFO, (CATEGORY, CATEGORY.replace("</", '<itunes:category text="Daily News"/></'))),
    ("PK211", W, (SELF, SELF + SELF.replace("feed.xml", "old.xml"))),
    *(("PK213", W, ("podcast@example.com", text)) for text in ("mailto:a@example.com", "a@e.org, b@e.org")),
    ("PK222", INFO, item("<itunes:title>E2: The call</itunes:title>")),
    ("PK221", W, channel("<pubDate>Fri, 13 Nov 2026 06:00:00 +0200</pubDate>")),
    *(("PK226", W, channel(f"<s:countryOfOrigin {SPOTIFY}>{word}</s:countryOfOrigin>")) for word in ("uk", "eu")),
    ("PK227", INFO, item('<m:restriction xmlns:m="http://search.yahoo.com/mrss/" type="country" '
                         'relationship="deny">de</m:restriction>')),
    *(("PK302", W, title(text)) for text in (
        "E2: The call", "e02 - The call", "2. The call", "02: The call", "#2 – The call", "S1, E2: The call", "Energy (#12)",
        "Show #2: Energy", "Agent #47: a game | #02: Kyiv", "Ukraine Insights (S1E2)", "Ukraine Insights (#12)",
        "Ukraine Insights (live) | Ukraine Insights", "Episode Two: The call", "Випуск 12: Енергія", "Сезон 2", "Епізод №3", "Episodio 7",
        "Capítulo 3: Agua", "Odcinek 4", "[Ukraine Insights] Energy", "Ukraine Insights: (Energy)",
        "Energy (Ukraine Insights)")),
    *(("PK317", W, notes(text)) for text in (
        "Exports &lt; imports", "a &gt; b", "1 &lt; 2 and 3 &gt; 2", "&lt;p&gt;a &amp;#60; b&lt;/p&gt;")),
    ("PK319", INFO, item("<itunes:block>Yes</itunes:block>")),
    ("PK403", W, (f'{ENERGY}" length="1000000" type="audio/mpeg', 'https://e.org/a.m4v" length="1" type="video/mp4')),
    ("PK403", E, (f'{ENERGY}" length="1000000" type="audio/mpeg', 'https://e.org/a.m4a" length="1" type="video/mp4')),
    ("PK508", INFO, ("audio/mpeg", "Video/MP4")),
    ("PK510", INFO, live('<podcast:image href="https://e.org/a.jpg"/>')),
    ("PK645", W, live('<podcast:alternateEnclosure type="video/mp4"/>')),
    ("PK646", W, live('<podcast:alternateEnclosure type="video/mp4">'
                      '<podcast:source uri="https://e.org/t.m3u8"/></podcast:alternateEnclosure>')),
    ("PK741", E, live('<podcast:transcript url="https://e.org/t.vtt"/>')),
    ("PK748", INFO, live('<podcast:transcript url="https://e.org/t.vtt" type="text/vtt"/>')),
    ("PK708", W, notes("&lt;div&gt;0:00 a&lt;/div&gt;&lt;div&gt;9:00 b&lt;/div&gt;&lt;div&gt;5:00 c&lt;/div&gt;")),
    ("PK708", W, notes("".join(f"&lt;li&gt;&lt;a href='#'&gt;{n}:05&lt;/a&gt; a&lt;/li&gt;" for n in range(3)))),
    ("PK802", W, item("<podcast:episode>٣</podcast:episode>")),
    ("PK805", W, channel('<podcast:location geo="geo:٣,٣">Kyiv</podcast:location>')),
    ("PK805", W, channel('<podcast:location country="UK">London</podcast:location>')),
    ("PK810", W, alternate('<podcast:integrity type="pgp-signature" value=" "/>')),
    ("PK811", W, live("", 'start="2026-12-01T18:00Z" end="2026-12-01T17:00Z"')),
    ("PK812", W, live(f"<podcast:txt>{'a' * 4001}</podcast:txt>")),
    ("PK817", W, value("")),
    ("PK817", W, value(PAID, ' suggested="much"')),
    ("PK817", W, value(PAID.replace("node", "lnaddress"))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "edit"), FOUND)
def test_just_beyond_the_line(code, severity, edit):
    """One finding, with its severity, line and column, and a hint wherever a word can be given."""
    (found,) = check(subject_of(edited(edit)), select=[code]).findings
    assert found.severity is severity
    assert found.line
    assert found.column


LEFT_ALONE = [
    *(("PK110", title(text)) for text in ("AT&amp;T; R&amp;D", "see &amp;c; and &amp;foo;", "Q &#8212; A")),
    *(("PK110", title(text)) for text in ("I &lt;3 Kyiv", "a&lt;b, b&gt;c", "&lt;Untitled&gt;", "&lt;-- this")),
    *(("PK110", title(text)) for text in (
        "What the &lt;i&gt; element is for", "From &lt;b&gt; to &lt;strong&gt;", "Who needs &lt;br&gt; today?",
        "The end: &lt;/p&gt;", "&lt;img&gt; and its sizes", "&lt;/b&gt; before &lt;b&gt;")),
    ("PK112", title("a\x85b")),
    ("PK114", channel('<podcast:block>no</podcast:block><podcast:block id="amazon">yes</podcast:block>')),
    ("PK115", channel('<podcast:images srcset="https://e.org/a,b.jpg 9w,https://e.org/c.jpg, https://e.org/d 1w"/>')),
    ("PK120", item("<itunes:keywords>a</itunes:keywords><itunes:category text='News'/>")),
    ("PK124", channel(f"<image>{ICON}<width>144</width><height>400</height></image>")),
    ("PK135", notes("&lt;a title='see href=x' href='https://e.org/'&gt;x&lt;/a&gt;")),
    ("PK213", ("podcast@example.com", "o'neill+pod@sub.example.co.uk")),
    ("PK213", ("podcast@example.com", "оля@приклад.укр")),
    ("PK218", ("Example Media</copy", "Copyrights Collective</copy")),
    ("PK221", (DATE, DATE.replace("Fri, 20", "Mon, 30"))),
    ("PK226", channel(f"<s:countryOfOrigin {SPOTIFY}>GB ua xk</s:countryOfOrigin>")),
    *(("PK302", title(text)) for text in (
        "Apollo 13", "24: Legacy of a show", "1984: a look back", "We are #1 in Kyiv", "Step 5", "5G explained",
        "World War 2: Kyiv", "9/11", "Season of storms", "Episode of doubt", "E3, the fair", "3. The call",
        "E3 - what we saw at the fair", "E10. Der neue Sprit", "Agent #47: the game", "Agent #20: the game",
        "Ukraine Insights from within", "Ukraine Insights", "Ukraine Insights (live in Kyiv)",
        "Ukraine Insights [remastered]")),
    *(("PK222", item(f"<itunes:title>{text}</itunes:title>")) for text in ("E10. Der neue Sprit", "1984: a look")),
    *(("PK306", (DATE, f"{text}</pub")) for text in (
        "Fri, 20 Nov 2026 06:00:00 +0200 (EET)", "Sun, 29 Feb 2032 06:00:00 Z", "Fri, 6 Nov 2026 06:00 GMT")),
    *(("PK308", notes(text)) for text in ("a &lt; b and c &gt; d", "x &lt; y", "I &lt;3 you")),
    *(("PK317", notes(text)) for text in (
        "&lt;p&gt;a&lt;/p&gt;", "&lt;a href='https://e.org/?a=1&amp;amp;b=2'&gt;x&lt;/a&gt; &amp;mdash;")),
    ("PK319", item("<itunes:block>yes</itunes:block>")),
    *(("PK708", notes(text)) for text in (
        "0:00 a&lt;br&gt;5:00 b&lt;br&gt;7:00 c", "We met at 18:30.&lt;br&gt;12:00 lunch", "(0:00) a\n(5:00) b\n[7:00] c")),
    ("PK645", live(f'<podcast:alternateEnclosure type="video/mp4">{SOURCE}</podcast:alternateEnclosure>')),
    ("PK811", live("", 'start="2021-09-26T07:30:00.000-0600" end="2021-09-26T09:30:00.000-0600"')),
    ("PK817", value(PAID.replace("node", "lnaddress").replace("02d5", "desk@e.org"), ' suggested="0.00000005"')),
]  # fmt: skip


@pytest.mark.parametrize(("code", "edit"), LEFT_ALONE)
def test_just_within_the_line(code, edit):
    """What only looks like the fault is left alone."""
    assert check(subject_of(edited(edit)), select=[code]).findings == ()


def test_block_has_one_meaning():
    """What is said to have no effect (PK216) is not said to hide the episode (PK319) as well."""
    text = edited(item("<itunes:block>yes</itunes:block>"))
    assert [f.code for f in check(subject_of(text)).findings] == ["PK216"]


@pytest.mark.parametrize("word", ["ua", "UA", "gb", "xk"])
def test_countries(word):
    """Codes in any case; the list is that of ISO 3166-1, where `uk` and `eu` are none."""
    assert is_country(word)
    assert not is_country("uk")
    assert not is_country("eu")
    assert not is_country(word + " ")


MANY = 100_000


@pytest.mark.parametrize(
    "edit",
    [
        notes("0:00\n0:01\n0:02" + "\n" * MANY),
        notes("0:00 0:01 0:02" + "&lt;p" * MANY),
        notes("&lt;a " * MANY),
        notes("&lt;img &quot;" * MANY),
        title("S1" + " " * MANY + "E"),
        title("&amp;a" * MANY),
        title("&lt;b&gt; &lt;/i&gt; " * MANY),
        (DATE, DATE.replace("</pub", " " * MANY + "x</pub")),
        channel(f'<podcast:images srcset="{" ," * MANY}"/>'),
    ],
    ids=["lines", "p", "a", "img", "title", "entities", "tags", "date", "srcset"],
)
def test_long_texts_are_read_once(edit):
    """What repeats one piece of a pattern is judged in a moment; read from each piece it takes hours."""
    assert check(subject_of(edited(edit))).findings

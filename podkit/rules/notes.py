"""Rules 308, 316 to 318: the show notes, and what platforms make of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from podkit.model.document import CONTENT
from podkit.model.finding import Severity
from podkit.rules.rule import Found, rule
from podkit.rules.show import DESCRIPTION_BYTES
from podkit.rules.subject import Subject

# Apple's list, and what PSP-1 adds to it.
_KEPT = frozenset(["p", "br", "ol", "ul", "li", "a", "b", "i", "strong", "em"])
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
# The first tag that is not kept, or is in capitals: most notes have none, and need no list of tags.
_OTHER_TAG = re.compile(rf"</?(?!(?:{'|'.join(sorted(_KEPT))})(?![A-Za-z0-9]))[A-Za-z]")
_MARKUP = re.compile(r"<[A-Za-z/!?][^<>]{0,2000}>")
# A sign that begins no tag, and one that was written so as not to begin one.
_BARE_SIGN = re.compile(r"<(?![A-Za-z/!?])")
_SIGN = re.compile(r"&(?:lt|gt|#0*6[02]|#[xX]0*3[CcEe]);")
_PLAIN_LINK = re.compile(r"""href\s*=\s*["']?\s*http://""", re.IGNORECASE)

YOUTUBE_CHARACTERS = 5000
AMAZON_CHARACTERS = 4000


@rule("PK308", "notes", Severity.WARNING, who="A P1", source="A-RSS, PSP1")
def notes(subject: Subject) -> Iterator[Found]:
    """Every episode has a description of at most 4,000 bytes, with simple markup only.

    Apple cuts longer ones, counting bytes, and drops all elements but p, br, ol, ul, li and a; PSP-1
    adds b, i, strong and em. The whole notes go into `content:encoded`.

    Bad:
        <description><![CDATA[<div><h1>Energy</h1><table>…]]></description>
    Good:
        <description><![CDATA[<p>Energy, explained.</p>]]></description>
    """
    for item in subject.feed.items:
        element = item.first("description")
        if element is None or not (element.text.strip() or element.children):
            yield Found("the episode has no description", at=element or item.element)
            continue
        text = element.text
        # A character has at most four bytes: most notes need not be encoded to be counted.
        if len(text) * 4 > DESCRIPTION_BYTES:
            size = len(text.encode(errors="replace"))
            if size > DESCRIPTION_BYTES:
                yield Found(
                    f"the description has {size:,} bytes, at most 4,000 are read", at=element
                )
        if "<" in text and _OTHER_TAG.search(text):
            dropped = {name.lower() for name in _TAG.findall(text)} - _KEPT
            if dropped:
                names = ", ".join(sorted(dropped)[:8])
                yield Found(f"the description holds elements that are dropped: {names}", at=element)


@rule("PK316", "notes-links", Severity.WARNING, who="S", source="table 2h")
def notes_links(subject: Subject) -> Iterator[Found]:
    """Links in the notes are https.

    Spotify and the web players do not open the others. Spotify keeps p, br, a, h1, h2, ul, ol and
    li, and does not read `itunes:summary`.

    Bad:
        <a href="http://example.com/">…</a>
    Good:
        <a href="https://example.com/">…</a>
    """
    feed = subject.feed
    for element in (*feed.in_items("description"), *feed.in_items("encoded", CONTENT)):
        text = element.text
        count = len(_PLAIN_LINK.findall(text)) if "http://" in text else 0
        if count:
            what = "a link is" if count == 1 else f"{count} links are"
            yield Found(f"{what} http in the notes", at=element, hint="use https")


@rule("PK317", "notes-youtube", Severity.WARNING, who="Y", source="table 2h")
def notes_youtube(subject: Subject) -> Iterator[Found]:
    """The notes have at most 5,000 characters without markup, and no `<` or `>` among them.

    YouTube, which makes a video of each episode, cuts the description there and refuses the signs.

    Bad:
        <description>Exports &amp;lt; imports</description>
    Good:
        <description>Exports below imports</description>
    """
    for item in subject.feed.items:
        element = item.first("description")
        if element is None:
            continue
        text = element.text
        # Each tag ends as it begins: where the numbers differ, a sign stands for itself.
        signs = (
            text.count("<") != text.count(">")
            or _BARE_SIGN.search(text) is not None
            or _SIGN.search(text) is not None
        )
        if len(text) <= YOUTUBE_CHARACTERS and not signs:
            continue
        bare = plain(text)
        if len(bare) > YOUTUBE_CHARACTERS:
            yield Found(
                f"the description has {len(bare):,} characters, YouTube takes 5,000", at=element
            )
        if signs and ("<" in bare or ">" in bare):
            yield Found("the description shows < or >, which YouTube refuses", at=element)


@rule("PK318", "notes-amazon", Severity.WARNING, who="Z", source="table 2h, unverified")
def notes_amazon(subject: Subject) -> Iterator[Found]:
    """The description stays below 4,000 characters and reads well as plain text.

    Amazon Music is said to cut there; it publishes no limits of its own.

    Bad:
        <description>… 4,200 characters …</description>
    Good:
        <description>… 900 characters …</description>
    """
    for item in subject.feed.items:
        element = item.first("description")
        if element is not None and len(element.text) >= AMAZON_CHARACTERS:
            length = len(plain(element.text))
            if length >= AMAZON_CHARACTERS:
                yield Found(f"the description has {length:,} characters", at=element)


def plain(text: str) -> str:
    """The text without markup, its entities read."""
    return html.unescape(_MARKUP.sub("", text)).strip()

"""Rules 107 to 111, 114, 115: names and values wherever they stand in the feed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import CONTENT, ITUNES, PODCAST, Element
from podkit.model.finding import Severity
from podkit.rules.categories import CATEGORIES, SAME_BUT_CASE
from podkit.rules.rule import Found, Material, rule
from podkit.rules.signs import entity_in, markup_in
from podkit.rules.subject import Subject
from podkit.rules.urls import is_broken, is_plain_http, is_usual_https
from podkit.rules.view import Node


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CHANNEL_NAMES = _words(
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate "
    "category generator docs cloud ttl image rating textInput skipHours skipDays item"
)
ITEM_NAMES = _words("title link description author category comments enclosure guid pubDate source")
ITUNES_NAMES = _words(
    "author block category complete duration email episode episodeType explicit image keywords "
    "name new-feed-url order owner season subtitle summary title type"
)
PODCAST_NAMES = _words(
    "alternateEnclosure block chapters chat contentLink episode funding guid image images integrity "
    "license liveItem location locked medium person podping podroll publisher remoteItem season "
    "socialInteract soundbite source trailer transcript txt updateFrequency value valueRecipient "
    "valueTimeSplit"
)
INSIDE = {
    "image": _words("url title link width height description"),
    "textInput": _words("title description name link"),
    "skipHours": _words("hour"),
    "skipDays": _words("day"),
}
"""What RSS's own elements of the channel hold."""

_SPELLINGS = {
    "": {name.lower(): name for name in (*CHANNEL_NAMES, *ITEM_NAMES)},
    ITUNES: {name.lower(): name for name in ITUNES_NAMES},
    PODCAST: {name.lower(): name for name in PODCAST_NAMES},
}
_NAMES = {namespace: frozenset(names.values()) for namespace, names in _SPELLINGS.items()}

LONG_TEXTS = frozenset([("", "description"), (CONTENT, "encoded"), (ITUNES, "summary")])
_PLAIN = frozenset(
    [("", "title"), ("", "copyright")]
    + [(ITUNES, name) for name in ("title", "author", "name", "subtitle")]
)
_LABELS = frozenset(
    [
        (PODCAST, name)
        for name in ("contentLink", "funding", "location", "person", "soundbite", "trailer")
    ]
)
_TITLES = frozenset(
    [("", "title"), (ITUNES, "title"), (ITUNES, "subtitle"), (PODCAST, "soundbite")]
)
_CANDIDATE = re.compile(r"[\s,]*(\S+)[^,]*")  # of a srcset: an address, and how wide it is
_ADDRESSES = frozenset(["url", "href", "img", "uri", "feedUrl", "accountUrl"])

_ONCE_IN_CHANNEL = frozenset(
    [("", name) for name in CHANNEL_NAMES if name not in {"category", "item"}]
    + [(ITUNES, name) for name in ITUNES_NAMES if name != "category"]
    + [
        (PODCAST, name)
        for name in ("guid", "locked", "license", "medium", "podroll", "publisher", "chat")
    ]
    + [(PODCAST, name) for name in ("images", "podping", "updateFrequency")]
)
_ONCE_INSIDE = {
    (ITUNES, "owner"): frozenset([(ITUNES, "email"), (ITUNES, "name")]),
    (PODCAST, "alternateEnclosure"): frozenset([(PODCAST, "integrity")]),
    ("", "image"): frozenset([("", name) for name in INSIDE["image"]]),
}
_ONCE_IN_ITEM = frozenset(
    [("", name) for name in ITEM_NAMES if name not in {"category", "enclosure"}]
    + [(ITUNES, name) for name in ITUNES_NAMES if name != "category"]
    + [(PODCAST, name) for name in ("chapters", "season", "episode", "license", "chat", "images")]
    + [(CONTENT, "encoded")]
)


@rule("PK107", "letter-case", Severity.ERROR, who="A", source="A823", fixable=True)
def letter_case(subject: Subject) -> Iterator[Found]:
    """Element names and category names have the right upper and lower case.

    XML tells case apart: `pubdate` is an unknown element to every reader, and `news` is no category
    of Apple's.

    Bad:
        <itunes:episodetype>full</itunes:episodetype>
    Good:
        <itunes:episodeType>full</itunes:episodeType>
    """
    for (namespace, name), elements in subject.feed.by_name.items():
        known = _NAMES.get(namespace)
        if known is None or name in known:
            continue
        right = _SPELLINGS[namespace].get(name.lower())
        if right is not None:
            yield from (Found(f"{name} is written {right}", at=element) for element in elements)
    for name, inner in INSIDE.items():
        for element in (e for one in subject.feed.channel.all(name) for e in one.children):
            right = element.name.lower()
            if not element.namespace and element.name not in inner and right in inner:
                yield Found(f"{element.name} is written {right}", at=element)
    for category in subject.feed.channel.all("category", ITUNES):
        for element in (category, *category.all("category", ITUNES)):
            text = element.attributes.get("text", "").strip()
            right = SAME_BUT_CASE.get(text.lower())
            if right is not None and text != right and text not in CATEGORIES:
                yield Found(f"the category {text!r} is written {right!r}", at=element)


@rule("PK108", "outer-spaces", Severity.WARNING, who="A P1", source="A-RSS, PSP1", fixable=True)
def outer_spaces(subject: Subject) -> Iterator[Found]:
    """Values have no white space before or after them; long texts may.

    Some readers take the space as part of a URL, a GUID or a keyword, and fail to find it.

    Bad:
        <guid> 4a1c-77 </guid>
    Good:
        <guid>4a1c-77</guid>
    """
    for key, elements in subject.feed.by_name.items():
        if key not in LONG_TEXTS and not _are_bare([e.text for e in elements]):
            for element in elements:
                if not element.children and not _are_bare([element.text]):
                    yield Found("the value begins or ends with white space", at=element)
        if not _are_bare([v for e in elements if e.attributes for v in e.attributes.values()]):
            for element in elements:
                for name, value in element.attributes.items():
                    if not _are_bare([value]):
                        yield Found(f"{name} begins or ends with white space", at=element)


def _are_bare(values: list[str]) -> bool:
    """Whether none of them has white space before or after it; many are asked of at once."""
    return values == list(map(str.strip, values))


@rule("PK109", "long-value", Severity.WARNING, who="A P1", source="A-RSS, PSP1")
def long_value(subject: Subject) -> Iterator[Found]:
    """Values have at most 255 characters, except descriptions and notes.

    Apple cuts or refuses longer ones; a title of that length is read by nobody.

    Bad:
        <itunes:author>… 300 characters …</itunes:author>
    Good:
        <itunes:author>The newsroom of Example</itunes:author>
    """
    for key, elements in subject.feed.by_name.items():
        if key[0] not in {"", ITUNES} or key in LONG_TEXTS:
            continue
        for element in elements:
            if len(element.text) > 255 and (length := len(element.text.strip())) > 255:
                yield Found(f"the value has {length} characters, at most 255 are read", at=element)


@rule("PK110", "escaping", Severity.ERROR, who="A", source="A-RSS", needs=Material.FILE)
def escaping(subject: Subject) -> Iterator[Found]:
    """`&`, `<` and `>` are escaped, exactly once, and by XML's own entities.

    HTML's entities (`&nbsp;`) are unknown to XML and make the feed unreadable. What is escaped
    twice is shown with the escapes in it, and HTML in a name or a title with its signs; that is a
    warning. Where a title may be about HTML, as with a sign that stands alone, it is an info.

    Bad:
        <title>Kids &amp;amp; Family</title>
    Good:
        <title>Kids &amp; Family</title>
    """
    fault = None if subject.document is None else subject.document.fault
    if fault is not None and not fault.doctype and "entity" in fault.message.lower():
        yield Found(
            "an entity that XML does not know",
            line=fault.line,
            column=fault.column,
            hint="write the character itself, or its number, as in &#160;",
        )
    if subject.view is None:
        return
    for key in (*_PLAIN, *_LABELS, (ITUNES, "category")):
        for element in subject.feed.by_name.get(key, ()):
            is_text = key[1] != "category"
            text = element.text if is_text else element.attributes.get("text", "")
            entity = entity_in(text) if "&" in text else None
            if entity:
                unsure = key in _TITLES and not entity.is_sure
                yield Found(
                    f"the value shows {entity.text}: it is escaped twice"
                    + (", unless this is about HTML" if unsure else ""),
                    at=element,
                    severity=Severity.INFO if unsure else Severity.WARNING,
                    hint="write the character itself, escaped once where it is & or <",
                )
            markup = markup_in(text) if key in _PLAIN and "<" in text else None
            if markup is not None:
                yield Found(
                    f"the value shows {markup.text[:40]}: it is plain text, and no HTML",
                    at=element,
                    severity=Severity.WARNING if markup.is_sure else Severity.INFO,
                    hint="write the words alone",
                )


@rule("PK111", "raw-html", Severity.ERROR, who="A P1", source="A-RSS, PSP1")
def raw_html(subject: Subject) -> Iterator[Found]:
    """HTML in descriptions stands in CDATA or is escaped; names and titles hold none.

    As raw elements it is part of the feed's own structure: readers lose the text in it.

    Bad:
        <description><p>About <b>energy</b>.</p></description>
    Good:
        <description><![CDATA[<p>About <b>energy</b>.</p>]]></description>
    """
    for key in LONG_TEXTS:
        for element in subject.feed.by_name.get(key, ()):
            if element.children:
                yield Found(
                    f"the text holds the element {element.children[0].name}",
                    at=element.children[0],
                    hint="put the text into <![CDATA[ … ]]>",
                )
    for key in _PLAIN:
        for element in subject.feed.by_name.get(key, ()):
            if element.children:
                yield Found(
                    f"{element.name} holds the element {element.children[0].name}",
                    at=element.children[0],
                    hint="write the words alone",
                )


@rule("PK114", "duplicate-element", Severity.WARNING, who="W3", source="W3C")
def duplicate_element(subject: Subject) -> Iterator[Found]:
    """What may stand once stands once.

    Some readers take the first, some the last: listeners of two apps see two different shows.

    Bad:
        <title>One</title> <title>Two</title>
    Good:
        <title>One</title>
    """
    feed = subject.feed
    yield from _repeated(feed.channel, _ONCE_IN_CHANNEL)
    for item in (*feed.items, *feed.live_items):
        yield from _repeated(item, _ONCE_IN_ITEM)
    for key, once in _ONCE_INSIDE.items():
        for element in feed.by_name.get(key, ()):
            if len(element.children) > 1:
                yield from _repeated(Node(element), once)


def _repeated(node: Node, once: frozenset[tuple[str, str]]) -> Iterator[Found]:
    for key in node.repeated:
        if key in once:
            elements = node.names()[key]
            yield Found(
                f"{elements[0].name} is there {len(elements)} times",
                at=elements[1],
                hint="keep one",
            )


@rule("PK115", "podcast-https", Severity.WARNING, who="PC", source="PC20")
def podcast_https(subject: Subject) -> Iterator[Found]:
    """Every URL in a `podcast:` element is https.

    The namespace says so; apps and their web players refuse to load the others, and cannot follow
    an address that is none.

    Bad:
        <podcast:funding url="http://example.com/join">Join</podcast:funding>
    Good:
        <podcast:funding url="https://example.com/join">Join</podcast:funding>
    """
    for (namespace, _), elements in subject.feed.by_name.items():
        for element in elements if namespace == PODCAST else ():
            for name, value in element.attributes.items():
                if name in _ADDRESSES and not is_usual_https(value):
                    yield from _plain_address(element, name, value)
                elif name == "srcset":
                    for one in _CANDIDATE.findall(value.strip()):
                        yield from _plain_address(element, name, one.rstrip(","))


def _plain_address(element: Element, name: str, value: str) -> Iterator[Found]:
    if is_plain_http(value):
        yield Found(f"{name} is http", at=element, hint="use https")
    elif (address := value.strip()) and is_broken(address):
        yield Found(
            f"{name} is {address[:80]!r}, no address", at=element, hint="begin with https://"
        )

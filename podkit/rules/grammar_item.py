"""Rules 129 to 136: what RSS 2.0 says of an item's elements, and of text where none belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import CONTENT, Element
from podkit.model.finding import Severity
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.urls import is_web
from podkit.rules.view import url_of

_ADDRESS = re.compile(
    r"<(?:a|img)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,400}?\s(?:href|src)\s*=\s*[\"']?([^\"'\s>]+)",
    re.IGNORECASE,
)
# What begins otherwise than nearly every link does, which is no relative one.
_OTHER_LINK = re.compile(
    r"<(?:a|img)\b(?!(?-i: href=\"(?:https?://[^\"'\s>]|mailto:)))", re.IGNORECASE
)
_MIME = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;.*)?")
_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|#")


@rule("PK129", "item-link", Severity.WARNING, who="W3 R", source="W3C")
def item_link(subject: Subject) -> Iterator[Found]:
    """`link` and `comments` of an episode are absolute addresses of the web.

    Apps open them in a browser, which has no page to start from.

    Bad:
        <link>/episodes/energy/</link>
    Good:
        <link>https://example.com/episodes/energy/</link>
    """
    for name in ("link", "comments"):
        for element in subject.feed.in_items(name):
            text = element.text.strip()
            if text and not is_web(text):
                yield Found(f"{name} is {text[:80]!r}", at=element, hint="begin with https://")


@rule("PK130", "permalink-word", Severity.WARNING, who="W3 R", source="W3C")
def permalink_word(subject: Subject) -> Iterator[Found]:
    """`isPermaLink` of a `guid` is `true` or `false`, in small letters.

    Another word is read as true by some and as false by others.

    Bad:
        <guid isPermaLink="no">4a1c-77</guid>
    Good:
        <guid isPermaLink="false">4a1c-77</guid>
    """
    for element in subject.feed.in_items("guid"):
        said = element.attributes.get("isPermaLink", "false")
        if said not in {"true", "false"}:
            hint = "write true or false"
            yield Found(f"isPermaLink is {said!r}", at=element, hint=hint)


@rule("PK131", "empty-item", Severity.ERROR, who="R", source="W3C")
def empty_item(subject: Subject) -> Iterator[Found]:
    """An item has a title or a description.

    RSS 2.0 demands one of them; an item without both is shown as nothing.

    Bad:
        <item><guid>4a1c-77</guid></item>
    Good:
        <item><title>Energy</title><guid>4a1c-77</guid></item>
    """
    for item in subject.feed.items:
        if not item.value("title") and not item.value("description"):
            yield Found("the item has neither title nor description", at=item.element)


@rule("PK132", "source-url", Severity.WARNING, who="W3 R", source="W3C")
def source_url(subject: Subject) -> Iterator[Found]:
    """An item's `source` has the `url` of the feed that it came from.

    Without it the credit leads nowhere.

    Bad:
        <source>Another show</source>
    Good:
        <source url="https://other.example/feed.xml">Another show</source>
    """
    for element in subject.feed.in_items("source"):
        if not is_web(url_of(element)):
            yield Found("source has no url", at=element)


@rule("PK133", "empty-category", Severity.WARNING, who="W3", source="W3C")
def empty_category(subject: Subject) -> Iterator[Found]:
    """RSS's own `category` is not empty.

    It is not Apple's: `itunes:category` is what directories sort by.

    Bad:
        <category></category>
    Good:
        <category>Energy</category>
    """
    for element in subject.feed.in_places("category"):
        if not element.text.strip():
            yield Found("the category is empty", at=element)


@rule("PK134", "loose-text", Severity.WARNING, who="W3", source="W3C")
def loose_text(subject: Subject) -> Iterator[Found]:
    """No text stands between the elements of the channel, of an item or of rss itself.

    It is in no element, so nobody reads it: most often an end tag is in the wrong place.

    Bad:
        <item><title>Energy</title> Who pays? </item>
    Good:
        <item><title>Energy</title><description>Who pays?</description></item>
    """
    root = subject.feed.document.root
    for element in (*([root] if root else []), subject.feed.channel.element, *_items(subject)):
        text = element.text.strip()
        if text:
            yield Found(f"the text {text[:40]!r} is in no element", at=element)


def _items(subject: Subject) -> Iterator[Element]:
    return (item.element for item in subject.feed.items)


@rule("PK135", "relative-links", Severity.WARNING, who="W3", source="W3C")
def relative_links(subject: Subject) -> Iterator[Found]:
    """Links and pictures in descriptions and notes are absolute addresses.

    In an app there is no page that they could be relative to; they lead nowhere.

    Bad:
        <description><![CDATA[<a href="/energy/">more</a>]]></description>
    Good:
        <description><![CDATA[<a href="https://example.com/energy/">more</a>]]></description>
    """
    for node in (subject.feed.channel, *subject.feed.items):
        for element in (*node.all("description"), *node.all("encoded", CONTENT)):
            if "<" not in element.text or not _OTHER_LINK.search(element.text):
                continue
            found = _ADDRESS.findall(element.text)
            relative = [url for url in found if not _WITH_SCHEME.match(url)]
            if relative:
                more = f", and {len(relative) - 1} more" if len(relative) > 1 else ""
                yield Found(f"{relative[0][:80]!r} is relative{more}", at=element)


@rule("PK136", "enclosure-attributes", Severity.WARNING, who="W3 R", source="W3C")
def enclosure_attributes(subject: Subject) -> Iterator[Found]:
    """An enclosure's `length` is a whole number and its `type` a MIME type.

    Some readers refuse the whole item for a length with a comma or a type that is none.

    Bad:
        <enclosure url="https://example.com/a.mp3" length="5.2 MB" type="mp3"/>
    Good:
        <enclosure url="https://example.com/a.mp3" length="5452595" type="audio/mpeg"/>
    """
    for _, element, _ in subject.feed.enclosures:
        length = element.attributes.get("length", "").strip()
        if length and not (length.isascii() and length.isdigit()):
            yield Found(f"the length is {length[:40]!r}", at=element, hint="write bytes")
        kind = element.attributes.get("type", "").strip()
        if kind and not _MIME.fullmatch(kind):
            yield Found(f"the type {kind[:40]!r} is no MIME type", at=element)

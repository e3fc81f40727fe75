"""Rules 120 to 128: what RSS 2.0 says of a channel's elements, and of elements nobody defined."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from podkit.model.document import ITUNES, PODCAST, Element
from podkit.model.finding import Severity
from podkit.registry import did_you_mean
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.urls import is_web
from podkit.rules.values import CHANNEL_NAMES, INSIDE, ITEM_NAMES, ITUNES_NAMES, PODCAST_NAMES
from podkit.rules.view import FeedView, Node
from podkit.rules.vocabulary import INNER, NOT_IN_CHANNEL, NOT_IN_ITEM

# A mailbox as RSS wants it: the address first, then perhaps the name in brackets.
MAILBOX = re.compile(r"[^@\s()<>]+@[^@\s()<>]+\.[^@\s()<>.]{2,}(?:\s+\([^()]*\))?")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PICTURE = {"width": 144, "height": 400}  # pixels: RSS 2.0, image
_CLOUD = ("domain", "port", "path", "registerProcedure", "protocol")
_PROTOCOLS = ("xml-rpc", "soap", "http-post")
# RSS 2.0's elements have these attributes and no others.
_ATTRIBUTES = {
    "category": {"domain"},
    "guid": {"isPermaLink"},
    "source": {"url"},
    "enclosure": {"url", "length", "type"},
    "cloud": set(_CLOUD),
}
_NONE: frozenset[str] = frozenset()
_OLD = frozenset(["isClosedCaptioned", "applepodcastsverify"])
_EPISODES = frozenset(
    [(PODCAST, name) for name in NOT_IN_CHANNEL]
    + [(ITUNES, name) for name in ("duration", "episode", "episodeType", "order", "season")]
)
_SHOWS = frozenset(
    [(PODCAST, name) for name in NOT_IN_ITEM]
    + [(ITUNES, name) for name in ("complete", "new-feed-url", "owner", "type")]
)
"""What means nothing directly in the channel, or in an item."""
_WHOSE = ("an episode's", "the show's")


@rule("PK120", "undefined-element", Severity.WARNING, who="W3", source="W3C")
def undefined_element(subject: Subject) -> Iterator[Found]:
    """Every element is one that RSS 2.0, Apple or the podcast namespace defines there.

    Readers pass over what they do not know: most often it is a name misspelt, or an episode's
    element that stands among the show's, and what it should have said is lost. Elements of other
    namespaces are left alone; each name is told once.

    Bad:
        <itunes:season-number>1</itunes:season-number>
    Good:
        <itunes:season>1</itunes:season>
    """
    seen: dict[str, list[Element]] = {}
    for (namespace, name), known, elements in _with_known(subject):
        if name.lower() not in _lower(known):  # rule 107 tells of upper and lower case
            seen.setdefault(f"{namespace} {name}", []).extend(elements)
    for elements in seen.values():
        first = elements[0]
        near = did_you_mean(first.name, _names(first.namespace))
        yield Found(
            f"nobody defines {subject.feed.name_of(first)} here"
            + (f" ({len(elements)} in this feed)" if len(elements) > 1 else ""),
            at=first,
            hint=near if near.startswith("did you mean") else "",
        )
    feed = subject.feed
    shows = {key: feed.in_items(key[1], key[0]) for key in _SHOWS if key in feed.names_in_items()}
    yield from _misplaced(feed, feed.channel.names(), _EPISODES, "put it into an item")
    yield from _misplaced(feed, shows, _SHOWS, "put it outside of the items")


def _misplaced(
    feed: FeedView,
    there: Mapping[tuple[str, str], Sequence[Element]],
    strange: frozenset[tuple[str, str]],
    hint: str,
) -> Iterator[Found]:
    for key, elements in there.items():
        if key in strange:
            inner = key[0] == PODCAST and key[1] in INNER
            whose = "a part of another element" if inner else _WHOSE[strange is _SHOWS]
            yield Found(
                f"{feed.name_of(elements[0])} is {whose}, and means nothing here",
                at=elements[0],
                hint="" if inner else hint,
            )


@functools.cache
def _lower(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names | _OLD)


def _names(namespace: str) -> frozenset[str]:
    return {ITUNES: ITUNES_NAMES, PODCAST: PODCAST_NAMES}.get(namespace, CHANNEL_NAMES | ITEM_NAMES)


def _with_known(
    subject: Subject,
) -> Iterator[tuple[tuple[str, str], frozenset[str], Iterable[Element]]]:
    """Names, what is known there, and elements: plain ones, Apple's and the podcast namespace's."""
    feed = subject.feed
    for key, elements in feed.channel.names().items():
        if not key[0]:
            yield key, CHANNEL_NAMES, elements
    for key in feed.names_in_items():
        if not key[0]:
            yield key, ITEM_NAMES, feed.in_items(key[1])
    for name, inside in INSIDE.items():
        for element in feed.channel.all(name):
            yield from ((e.key, inside, (e,)) for e in element.children if not e.namespace)
    for key, same in feed.by_name.items():
        if key[0] in {ITUNES, PODCAST}:
            yield key, _names(key[0]), same


@rule("PK121", "mailbox", Severity.WARNING, who="W3 R", source="W3C")
def mailbox(subject: Subject) -> Iterator[Found]:
    """`managingEditor`, `webMaster` and an item's `author` are e-mail addresses.

    The name may follow in brackets. A name alone belongs into `itunes:author`.

    Bad:
        <managingEditor>The newsroom</managingEditor>
    Good:
        <managingEditor>desk@example.com (The newsroom)</managingEditor>
    """
    channel = subject.feed.channel
    places = [*channel.all("managingEditor"), *channel.all("webMaster")]
    for element in (*places, *subject.feed.in_items("author")):
        text = element.text.strip()
        if not MAILBOX.fullmatch(text):
            yield Found(f"{text[:80]!r} is no e-mail address", at=element)


@rule("PK122", "ttl", Severity.WARNING, who="W3 R", source="W3C")
def ttl(subject: Subject) -> Iterator[Found]:
    """`ttl` is a whole number of minutes above zero.

    Readers that obey it would otherwise ask again at once, or never.

    Bad:
        <ttl>1 hour</ttl>
    Good:
        <ttl>60</ttl>
    """
    for element in subject.feed.channel.all("ttl"):
        text = element.text.strip()
        if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
            yield Found(f"ttl is {text!r}", at=element, hint="write minutes, such as 60")


@rule("PK123", "skip-times", Severity.WARNING, who="W3 R", source="W3C")
def skip_times(subject: Subject) -> Iterator[Found]:
    """`skipHours` lists hours from 0 to 23, `skipDays` English names of days, each once.

    Readers do not ask at these times; a wrong list keeps them away when a new episode is out.

    Bad:
        <skipHours><hour>24</hour></skipHours>
    Good:
        <skipHours><hour>0</hour></skipHours>
    """
    hours = frozenset(map(str, range(24)))
    for name, inner, known in (("skipHours", "hour", hours), ("skipDays", "day", _DAYS)):
        for element in subject.feed.channel.all(name):
            seen: set[str] = set()
            listed = Node(element).all(inner)
            if not listed:
                yield Found(f"{name} lists no {inner}", at=element, hint="remove it")
            for one in listed:
                text = one.text.strip()
                plain = text.lstrip("0") or "0" if inner == "hour" and text.isdigit() else text
                if plain not in known:
                    yield Found(f"{text!r} is no {inner}", at=one)
                elif plain in seen:
                    yield Found(f"the {inner} {text} is there twice", at=one)
                seen.add(plain)


@rule("PK124", "rss-image", Severity.WARNING, who="W3 R", source="W3C")
def rss_image(subject: Subject) -> Iterator[Found]:
    """RSS's own `image` has `url`, `title` and `link`, and its sizes stay within 144 × 400.

    Old readers show it beside the name; without these three they show nothing.

    Bad:
        <image><url>https://example.com/cover.jpg</url></image>
    Good:
        <image><url>https://example.com/cover.jpg</url><title>Ukraine Insights</title>
          <link>https://example.com/</link></image>
    """
    for element in subject.feed.channel.all("image"):
        node = Node(element)
        missing = [name for name in ("url", "title", "link") if not node.value(name)]
        if missing:
            yield Found(f"image has no {', no '.join(missing)}", at=element)
        for name in ("url", "link"):
            text = node.value(name)
            if text and not is_web(text):
                hint = "begin with https://"
                yield Found(f"{name} is {text[:80]!r}", at=node.first(name), hint=hint)
        for name, most in _PICTURE.items():
            for size in node.all(name):
                text = size.text.strip()
                if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
                    yield Found(f"{name} is {text!r}, at most {most}", at=size)


@rule("PK125", "cloud", Severity.WARNING, who="W3 R", source="W3C")
def cloud(subject: Subject) -> Iterator[Found]:
    """A `cloud` has domain, port, path, registerProcedure and protocol.

    It is RSS's way to tell readers of news; half of it tells nobody. WebSub's hub is the newer way.

    Bad:
        <cloud domain="example.com"/>
    Good:
        <atom:link rel="hub" href="https://hub.example.com/"/>
    """
    for element in subject.feed.channel.all("cloud"):
        said = element.attributes
        missing = [n for n in _CLOUD if n not in said and n != "registerProcedure"]
        if missing:
            yield Found(f"cloud has no {', no '.join(missing)}", at=element)
        protocol = said.get("protocol", "")
        if protocol and protocol not in _PROTOCOLS:
            hint = did_you_mean(protocol, _PROTOCOLS)
            yield Found(f"the protocol {protocol!r} is unknown", at=element, hint=hint)
        if said.get("port") and not said["port"].isdigit():
            yield Found(f"the port is {said['port']!r}", at=element)


@rule("PK126", "text-input", Severity.WARNING, who="W3 R", source="W3C")
def text_input(subject: Subject) -> Iterator[Found]:
    """A `textInput` has title, description, name and link.

    Few readers show one; without these four none does.

    Bad:
        <textInput><title>Search</title></textInput>
    Good:
        <textInput><title>Search</title><description>In the archive</description><name>q</name>
          <link>https://example.com/search</link></textInput>
    """
    for element in subject.feed.channel.all("textInput"):
        node = Node(element)
        names = ("title", "description", "name", "link")
        missing = [name for name in names if not node.value(name)]
        if missing:
            yield Found(f"textInput has no {', no '.join(missing)}", at=element)


@rule("PK127", "rss-attribute", Severity.WARNING, who="W3", source="W3C")
def rss_attribute(subject: Subject) -> Iterator[Found]:
    """RSS's own elements have no attributes but those that RSS 2.0 gives them.

    Others come from Atom and mean nothing here: `type="html"` does not make a title HTML.

    Bad:
        <title type="html">Energy</title>
    Good:
        <title>Energy</title>
    """
    feed = subject.feed
    seen: set[tuple[str, str]] = set()
    places: list[Sequence[Element]]
    places = [elements for key, elements in feed.channel.names().items() if not key[0]]
    places += [feed.in_items(name) for namespace, name in feed.names_in_items() if not namespace]
    for element in chain.from_iterable(places):
        if element.attributes:
            allowed = _ATTRIBUTES.get(element.name, _NONE)
            for name in element.attributes:
                if name in allowed or name.startswith("{") or (element.name, name) in seen:
                    continue
                seen.add((element.name, name))
                near = did_you_mean(name, allowed) if allowed else ""
                hint = near if near.startswith("did you mean") else ""
                yield Found(f"{element.name} has no attribute {name}", at=element, hint=hint)


@rule("PK128", "channel-links", Severity.WARNING, who="W3 R", source="W3C")
def channel_links(subject: Subject) -> Iterator[Found]:
    """`link` and `docs` of the channel are absolute addresses of the web.

    A reader does not know where a relative one starts.

    Bad:
        <link>www.example.com</link>
    Good:
        <link>https://www.example.com/</link>
    """
    for name in ("link", "docs"):
        for element in subject.feed.channel.all(name):
            text = element.text.strip()
            if text and not is_web(text):
                yield Found(f"{name} is {text[:80]!r}", at=element, hint="begin with https://")

"""podkit's own feedgen extensions: the tag records, and what feedgen's core does wrong or not at all."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from podkit.errors import FormatError
from podkit.feed import apple_tags, live_tags, other_tags, podcasting_tags
from podkit.feed.parsing import declared, unkeep
from podkit.feed.tag import CHANNEL, ITEM, Tag
from podkit.feed.values import LINE, TEXT, URL, moment
from podkit.model.document import ATOM, CONTENT, ITUNES, PODCAST, PREFIXES, XML_BASE
from podkit.model.feedspec import FeedSpec, Item

# feedgen refuses feeds and items without these elements; the repair takes them out again.
PLACEHOLDER = "-"


@contextmanager
def naming(held: FeedSpec | Item) -> Iterator[None]:
    """Name the episode in the errors that are raised inside."""
    try:
        yield
    except FormatError as error:
        if error.where is None and isinstance(held, Item):
            error.where = f"episode {held.title or held.guid!r}"
        raise


class _Writer:
    """Writes one part of what it holds, into the channel or into one item."""

    held: FeedSpec | Item
    spaces: Mapping[str, str] = {}

    def extend_ns(self) -> Mapping[str, str]:
        """The namespaces that the root declares; the same ones for every item."""
        return self.spaces

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Add to the root's channel, or to an item."""
        parent = element.find("channel") if element.tag == "rss" else element
        assert parent is not None  # noqa: S101 (feedgen made it)
        with naming(self.held):
            self.write(parent)
        return element

    @abstractmethod
    def write(self, parent: etree._Element) -> None:
        """Add this part's elements."""


class _Tags(_Writer):
    tags: ClassVar[tuple[Tag, ...]]

    def write(self, parent: etree._Element) -> None:
        """One record after the other."""
        place = ITEM if isinstance(self.held, Item) else CHANNEL
        for tag in self.tags:
            held = getattr(self.held, tag.field, None)
            if held is not None and held != () and place in tag.parents:
                tag.write(parent, held)


class _Apple(_Tags):
    tags = apple_tags.TAGS


class _Podcasting(_Tags):
    tags = podcasting_tags.TAGS + live_tags.TAGS


class _Other(_Tags):
    """Smaller vocabularies, whose namespaces are declared only where one is used."""

    tags = other_tags.TAGS


def namespaces(spec: FeedSpec) -> dict[str, str]:
    """Every namespace that the root of a feed declares, by prefix, beside feedgen's own.

    Those of smaller vocabularies only where they are used, those of kept elements once for all.
    """
    everything: tuple[FeedSpec | Item, ...] = (spec, *spec.items)
    used = {t.namespace for t in other_tags.TAGS for held in everything if _has(held, t)} - {ATOM}
    found = {"itunes": ITUNES, "podcast": PODCAST}
    found |= {prefix: uri for prefix, uri in PREFIXES.items() if uri in used}
    return found | _kept(text for held in (*everything, *spec.live_items) for text in held.extra)


def _kept(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        for prefix, uri in declared(text):
            usual = PREFIXES.get(prefix, uri) == uri
            if usual and (prefix in found or uri not in found.values()):
                found.setdefault(prefix, uri)
    return found


def _has(held: FeedSpec | Item, tag: Tag) -> bool:
    value = getattr(held, tag.field, None)
    return value is not None and value not in {(), ""}


class _Core(_Writer):
    """Dates without switching the locale, CDATA, and nothing that the spec does not say."""

    def write(self, parent: etree._Element) -> None:
        """Mend what feedgen wrote."""
        held = self.held
        _prose(parent, "description", held.description)
        for name in ("title", "link"):
            if not LINE.show(getattr(held, name)):
                _drop(parent, name)
        if isinstance(held, Item):
            _prose(parent, f"{{{CONTENT}}}encoded", held.content)
            if held.published is not None:
                etree.SubElement(parent, "pubDate").text = moment(held.published)
            return
        root = parent.getparent()
        if held.base and root is not None:
            root.set(XML_BASE, URL.show(held.base))
        _drop(parent, "docs")
        if held.built is None:
            _drop(parent, "lastBuildDate")
        else:
            for element in parent.iterchildren("lastBuildDate"):
                element.text = moment(held.built)


class _Kept(_Writer):
    """Elements that podkit keeps without understanding them."""

    def write(self, parent: etree._Element) -> None:
        """Add them last."""
        for text in self.held.extra:
            parent.append(unkeep(text))


def _prose(parent: etree._Element, name: str, text: str) -> None:
    shown = TEXT.show(text)
    if not shown:
        _drop(parent, name)
        return
    for element in parent.iterchildren(name):
        element.text = etree.CDATA(shown) if "<" in shown or "&" in shown else shown


def _drop(parent: etree._Element, name: str) -> None:
    for element in list(parent.iterchildren(name)):
        parent.remove(element)


class CoreExtension(_Core, BaseExtension):  # type: ignore[misc]
    """Mends the channel."""


class CoreEntryExtension(_Core, BaseEntryExtension):  # type: ignore[misc]
    """Mends an item."""


class AppleExtension(_Apple, BaseExtension):  # type: ignore[misc]
    """Apple's tags of the channel."""


class AppleEntryExtension(_Apple, BaseEntryExtension):  # type: ignore[misc]
    """Apple's tags of an item."""


class PodcastingExtension(_Podcasting, BaseExtension):  # type: ignore[misc]
    """The channel's Podcasting 2.0 tags."""


class PodcastingEntryExtension(_Podcasting, BaseEntryExtension):  # type: ignore[misc]
    """An item's Podcasting 2.0 tags."""


class OtherExtension(_Other, BaseExtension):  # type: ignore[misc]
    """The channel's tags of smaller vocabularies."""


class OtherEntryExtension(_Other, BaseEntryExtension):  # type: ignore[misc]
    """An item's tags of smaller vocabularies."""


class KeptExtension(_Kept, BaseExtension):  # type: ignore[misc]
    """What is kept for the channel."""


class KeptEntryExtension(_Kept, BaseEntryExtension):  # type: ignore[misc]
    """What is kept for an item."""


EXTENSIONS = {
    "core": (CoreExtension, CoreEntryExtension),
    "apple": (AppleExtension, AppleEntryExtension),
    "podcasting": (PodcastingExtension, PodcastingEntryExtension),
    "other": (OtherExtension, OtherEntryExtension),
    "kept": (KeptExtension, KeptEntryExtension),
}

"""A feed as rules look at it: children by name, items numbered, the way to every element."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from operator import attrgetter

from podkit.model.document import PODCAST, PREFIXES, Document, Element
from podkit.rules.dates import Moment, parse_date

OLD_PODCAST = (
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    "http://podcastindex.org/namespace/1.0",
)
"""What the podcast namespace was called before; its elements count as if it were written right."""

_SAME_AS = dict.fromkeys(OLD_PODCAST, PODCAST)
_OFFSET = attrgetter("offset")
_MANY = 100  # children from which on their numbers are kept
_PREFIX_OF = {uri: prefix for prefix, uri in PREFIXES.items()}


class Node:
    """An element with its children by namespace and name, so that asking costs nothing."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._children: dict[tuple[str, str], list[Element]] = {}
        self.repeated: list[tuple[str, str]] = []
        """What it has more than one of, by namespace and name."""
        children = self._children
        for child in element.children:
            key = child.key
            if child.namespace in _SAME_AS:
                key = (_SAME_AS[child.namespace], child.name)
            same = children.get(key)
            if same is None:
                children[key] = [child]
            else:
                if len(same) == 1:
                    self.repeated.append(key)
                same.append(child)

    def all(self, name: str, namespace: str = "") -> list[Element]:
        """Every child of that name, in order."""
        return self._children.get((namespace, name), [])

    def first(self, name: str, namespace: str = "") -> Element | None:
        """The first child of that name."""
        found = self._children.get((namespace, name))
        return found[0] if found else None

    def value(self, name: str, namespace: str = "") -> str:
        """The trimmed text of the first child of that name, or an empty string."""
        found = self._children.get((namespace, name))
        return found[0].text.strip() if found else ""

    def names(self) -> dict[tuple[str, str], list[Element]]:
        """All children, by namespace and name."""
        return self._children


class Item(Node):
    """One item; `number` counts from 1 in the feed's order."""

    def __init__(self, element: Element, number: int) -> None:
        super().__init__(element)
        self.number = number
        self.guid = self.value("guid")
        """Its GUID as written, less white space around it."""
        self.enclosure = self.first("enclosure")
        """The first enclosure, the one that players take."""
        self.url = "" if self.enclosure is None else url_of(self.enclosure)
        """The enclosure's URL, or an empty string."""

    @cached_property
    def published(self) -> Moment:
        """When its `pubDate` says that it appeared."""
        return parse_date(self.value("pubDate"))


def url_of(element: Element) -> str:
    """What its attribute `url` says, less white space around it."""
    return element.attributes.get("url", "").strip()


class FeedView:
    """A well-formed feed with one channel or more; made once for all rules."""

    def __init__(self, document: Document, channel: Element) -> None:
        self.document = document
        self.channel = Node(channel)
        self.items = tuple(
            Item(element, number) for number, element in enumerate(self.channel.all("item"), 1)
        )
        self._items = {id(item.element): item for item in self.items}
        self._in_items: dict[tuple[str, str], list[Element]] = {}
        self._ordinals: dict[int, dict[int, str]] = {}
        self._prefixes = {uri: prefix for prefix, uri in document.namespaces.items()} | _PREFIX_OF

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The channel and all below it, in document order."""
        found = [self.channel.element]
        waiting = [iter(self.channel.element.children)]
        while waiting:
            for element in waiting[-1]:
                found.append(element)
                if element.children:
                    waiting.append(iter(element.children))
                    break
            else:
                waiting.pop()
        return tuple(found)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Sequence[Element]]:
        """All of them by namespace and name, an old namespace as the new one; each in document order.

        A rule that is about a few names asks here, and pays nothing for all the others.
        """
        root = self.document.root
        if root is not None and list(root.children) == [self.channel.element]:
            found = {**self.document.by_name, root.key: self.document.by_name[root.key][1:]}
        else:
            found = _grouped(self.elements)
        if _SAME_AS.keys().isdisjoint(self.document.namespaces.values()):
            return found
        return _grouped(sorted(chain.from_iterable(found.values()), key=_OFFSET))

    @cached_property
    def _items_by_name(self) -> dict[tuple[str, str], list[Item]]:
        found: dict[tuple[str, str], list[Item]] = {}
        for item in self.items:
            for key in item.names():
                found.setdefault(key, []).append(item)
        return found

    @cached_property
    def enclosures(self) -> tuple[tuple[Item, Element, str], ...]:
        """Every enclosure with its item and its URL."""
        return tuple(
            (item, element, url_of(element))
            for item in self.items_with("enclosure")
            for element in item.all("enclosure")
        )

    def items_with(self, name: str, namespace: str = "") -> Sequence[Item]:
        """The items that have a child of that name, in order."""
        return self._items_by_name.get((namespace, name), ())

    def in_items(self, name: str, namespace: str = "") -> Sequence[Element]:
        """The children of that name of every item, in order."""
        key = (namespace, name)
        found = self._in_items.get(key)
        if found is None:
            having = self._items_by_name.get(key, ())
            found = self._in_items[key] = [one for item in having for one in item.names()[key]]
        return found

    def names_in_items(self) -> Iterable[tuple[str, str]]:
        """Namespace and name of every child that an item has."""
        return self._items_by_name

    def in_places(self, name: str, namespace: str = "") -> Iterator[Element]:
        """The children of that name of the channel, then of every item."""
        yield from self.channel.all(name, namespace)
        yield from self.in_items(name, namespace)

    @cached_property
    def live_items(self) -> tuple[Node, ...]:
        """The channel's `podcast:liveItem` elements."""
        return tuple(map(Node, self.channel.all("liveItem", PODCAST)))

    def item_of(self, element: Element) -> Item | None:
        """The item that the element is, or lies in."""
        way = self._way_to(element)
        return self._items.get(id(way[1])) if len(way) > 1 else None

    def path_of(self, element: Element) -> str:
        """The way to an element, such as `channel/item[3]/itunes:image`.

        A number is given to every item, and to others where there are several of the name.
        """
        way = self._way_to(element)
        if not way:
            return self.name_of(element)
        steps = [self.name_of(way[0])]
        for parent, step in pairwise(way):
            steps.append(self.name_of(step) + self._ordinal(step, parent))
        return "/".join(steps)

    def _way_to(self, element: Element) -> list[Element]:
        """The elements from the channel down to this one; none when it lies elsewhere.

        An element's offset lies between its parent's and that of the parent's next sibling.
        """
        step = self.channel.element
        way = [step]
        while step is not element:
            place = bisect_right(step.children, element.offset, key=_OFFSET)
            if not place:
                return []
            step = step.children[place - 1]
            way.append(step)
        return way

    def name_of(self, element: Element) -> str:
        """The element's name with the usual prefix of its namespace."""
        if not element.namespace:
            return element.name
        namespace = _SAME_AS.get(element.namespace, element.namespace)
        prefix = self._prefixes.get(namespace, "")
        return f"{prefix}:{element.name}" if prefix else element.name

    def _ordinal(self, element: Element, parent: Element) -> str:
        if len(parent.children) < _MANY:
            return _ordinals(c for c in parent.children if c.key == element.key).get(
                id(element), ""
            )
        known = self._ordinals.get(id(parent))
        if known is None:
            known = self._ordinals[id(parent)] = _ordinals(parent.children)
        return known.get(id(element), "")


def _grouped(elements: Iterable[Element]) -> dict[tuple[str, str], Sequence[Element]]:
    """Elements by namespace and name, as if the podcast namespace were always written right."""
    found: dict[tuple[str, str], list[Element]] = {}
    for element in elements:
        namespace, name = element.key
        found.setdefault((_SAME_AS.get(namespace, namespace), name), []).append(element)
    return {**found}


def _ordinals(children: Iterable[Element]) -> dict[int, str]:
    """The numbers of those that need one, by their identity."""
    groups: dict[tuple[str, str], list[int]] = {}
    for child in children:
        groups.setdefault(child.key, []).append(id(child))
    return {
        child: f"[{number}]"
        for (_, name), group in groups.items()
        if len(group) > 1 or name == "item"
        for number, child in enumerate(group, 1)
    }


def view_of(document: Document | None) -> FeedView | None:
    """The view of a document that was read whole and has a channel; else None."""
    if document is None or document.fault is not None or document.channel is None:
        return None
    return FeedView(document, document.channel)

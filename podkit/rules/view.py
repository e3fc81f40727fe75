"""A feed as rules look at it: children by name, items numbered, the way to every element."""

from __future__ import annotations

from functools import cached_property

from podkit.model.document import PODCAST, PREFIXES, Document, Element
from podkit.rules.dates import Moment, parse_date

OLD_PODCAST = (
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    "http://podcastindex.org/namespace/1.0",
)
"""What the podcast namespace was called before; its elements count as if it were written right."""

_SAME_AS = dict.fromkeys(OLD_PODCAST, PODCAST)
_PREFIX_OF = {uri: prefix for prefix, uri in PREFIXES.items()}


class Node:
    """An element with its children by namespace and name, so that asking costs nothing."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._children: dict[tuple[str, str], list[Element]] = {}
        for child in element.children:
            namespace = _SAME_AS.get(child.namespace, child.namespace)
            self._children.setdefault((namespace, child.name), []).append(child)

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

    @cached_property
    def guid(self) -> str:
        """Its GUID as written, less white space around it."""
        return self.value("guid")

    @cached_property
    def published(self) -> Moment:
        """When its `pubDate` says that it appeared."""
        return parse_date(self.value("pubDate"))

    @property
    def enclosure(self) -> Element | None:
        """The first enclosure, the one that players take."""
        return self.first("enclosure")

    @property
    def url(self) -> str:
        """The enclosure's URL, or an empty string."""
        enclosure = self.first("enclosure")
        return "" if enclosure is None else enclosure.attributes.get("url", "").strip()


class FeedView:
    """A well-formed feed with one channel or more; made once for all rules."""

    def __init__(self, document: Document, channel: Element) -> None:
        self.document = document
        self.channel = Node(channel)
        self.items = tuple(
            Item(element, number) for number, element in enumerate(self.channel.all("item"), 1)
        )
        self._items = {id(item.element): item for item in self.items}
        self._ordinals: dict[int, dict[int, str]] = {}
        self._prefixes = {uri: prefix for prefix, uri in document.namespaces.items()} | _PREFIX_OF

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The channel and all below it, in document order."""
        found: list[Element] = []
        waiting = [self.channel.element]
        while waiting:
            element = waiting.pop()
            found.append(element)
            waiting.extend(reversed(element.children))
        return tuple(found)

    @cached_property
    def _parents(self) -> dict[int, Element]:
        return {id(child): parent for parent in self.elements for child in parent.children}

    def item_of(self, element: Element) -> Item | None:
        """The item that the element is, or lies in."""
        step: Element | None = element
        while step is not None:
            if (item := self._items.get(id(step))) is not None:
                return item
            step = self._parents.get(id(step))
        return None

    def path_of(self, element: Element) -> str:
        """The way to an element, such as `channel/item[3]/itunes:image`.

        A number is given to every item, and to others where there are several of the name.
        """
        steps: list[str] = []
        step = element
        while (parent := self._parents.get(id(step))) is not None:
            steps.append(self.name_of(step) + self._ordinal(step, parent))
            step = parent
        return "/".join([self.name_of(step), *reversed(steps)])

    def name_of(self, element: Element) -> str:
        """The element's name with the usual prefix of its namespace."""
        if not element.namespace:
            return element.name
        namespace = _SAME_AS.get(element.namespace, element.namespace)
        prefix = self._prefixes.get(namespace, "")
        return f"{prefix}:{element.name}" if prefix else element.name

    def _ordinal(self, element: Element, parent: Element) -> str:
        known = self._ordinals.get(id(parent))
        if known is None:
            groups: dict[tuple[str, str], list[int]] = {}
            for child in parent.children:
                groups.setdefault((child.namespace, child.name), []).append(id(child))
            known = {
                child: f"[{number}]"
                for (_, name), group in groups.items()
                if len(group) > 1 or name == "item"
                for number, child in enumerate(group, 1)
            }
            self._ordinals[id(parent)] = known
        return known.get(id(element), "")


def view_of(document: Document | None) -> FeedView | None:
    """The view of a document that was read whole and has a channel; else None."""
    if document is None or document.fault is not None or document.channel is None:
        return None
    return FeedView(document, document.channel)

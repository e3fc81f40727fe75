"""A Podcasting 2.0 or Apple tag as one record that both writes and reads it."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from podkit.feed.parsing import keep, unkeep
from podkit.feed.values import LINE, Kind
from podkit.model.document import PREFIXES

CHANNEL = "channel"
ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute `name` that holds the value's field `field`; with an empty `field`, all of it.

    Without a `name` it is the element's text. An element whose `needed` attribute is missing
    cannot be read.
    """

    name: str = ""
    field: str = ""
    kind: Kind = LINE
    needed: bool = False


def text_of(field: str, kind: Kind = LINE, *, needed: bool = False) -> Attribute:
    """The element's text, as a field of its value."""
    return Attribute(field=field, kind=kind, needed=needed)


def at(name: str, field: str = "", kind: Kind = LINE, *, needed: bool = False) -> Attribute:
    """An attribute; without `field` the value's field has the attribute's name."""
    return Attribute(name=name, field=field or name, kind=kind, needed=needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag: where it stands, which field it fills, and how its parts map to a value's fields.

    Args:
        field: the field of FeedSpec and Item (of the parent's value, for a nested tag).
        value: the class of one value; None when the value is a plain one.
        text: how the element's text is used; None when it has none.
        nested: tags inside this one.
        each: of a nested tag: every occurrence makes one more value of the outer tag.
        when: which values it can express; others are left to another tag of the same field.
        alone: write the element even when it would be empty.
        rest: the field that keeps what stands inside and no nested tag reads, as XML text.
        key: its key in podkit.toml or episode.toml; empty when podkit makes it by itself.
    """

    namespace: str
    name: str
    parents: tuple[str, ...] = ()
    many: bool = False
    field: str
    value: type | None = None
    text: Attribute | None = None
    attributes: tuple[Attribute, ...] = ()
    nested: tuple[Tag, ...] = ()
    each: bool = False
    when: Callable[[Any], bool] | None = None
    alone: bool = False
    rest: str = ""
    key: str = ""

    @property
    def qualified(self) -> str:
        """The name as lxml wants it: `{namespace}name`, or the bare name of one of RSS's own."""
        return f"{{{self.namespace}}}{self.name}" if self.namespace else self.name

    @property
    def prefixed(self) -> str:
        """The name as people write it: `podcast:person`."""
        if not self.namespace:
            return self.name
        prefix = next(key for key, uri in PREFIXES.items() if uri == self.namespace)
        return f"{prefix}:{self.name}"

    @property
    def parts(self) -> tuple[Attribute, ...]:
        """Text and attributes."""
        return self.attributes if self.text is None else (self.text, *self.attributes)

    def write(self, parent: etree._Element, held: Any) -> None:
        """Add the elements for what the field holds: one value, or a tuple of them, or nothing."""
        values = held if self.many or isinstance(held, tuple) else (held,)
        fitting = [v for v in values if v is not None and (self.when is None or self.when(v))]
        for value in fitting if self.many else fitting[:1]:
            element = self._element(value)
            if self.alone or element.text or element.attrib or len(element):
                parent.append(element)

    def _element(self, value: Any) -> etree._Element:
        element = etree.Element(self.qualified)
        for part in self.parts:
            shown = part.kind.show(getattr(value, part.field) if part.field else value)
            if part is self.text:
                element.text = shown or None
            elif shown or part.needed:
                element.set(part.name, shown)
        for tag in self.nested:
            tag.write(element, getattr(value, tag.field) if self.value else value)
        for text in getattr(value, self.rest) if self.rest else ():
            element.append(unkeep(text))
        return element

    def read(self, element: etree._Element) -> tuple[Any, ...]:
        """The values that an element stands for; most often one.

        Raises:
            ValueError: it lacks what it must have, or holds what cannot be understood.
        """
        each = next((tag for tag in self.nested if tag.each), None)
        fields = self._own_fields(element)
        for tag in self.nested:
            if tag is not each:
                found = tuple(_readable(tag, self._inside(element, tag)))
                if found:
                    fields[tag.field] = found if tag.many else found[0]
        if self.rest:
            fields[self.rest] = tuple(map(keep, self._unread(element)))
        variants = tuple(_readable(each, self._inside(element, each))) if each else ()
        if each and variants:
            return tuple(self._made({**fields, each.field: value}) for value in variants)
        return (self._made(fields),)

    def _own_fields(self, element: etree._Element) -> dict[str, Any]:
        fields = {}
        for part in self.parts:
            raw = inner_text(element) if part is self.text else element.get(part.name, "")
            if not raw.strip():
                if part.needed or not part.field:
                    raise ValueError(part.name or "text")
                if part is not self.text:
                    continue
            try:
                fields[part.field] = part.kind.parse(raw)
            except (ValueError, OverflowError):
                if part.needed or not part.field or _has_no_default(self.value, part.field):
                    raise
        return fields

    def _unread(self, element: etree._Element) -> Iterator[etree._Element]:
        """The children that no nested tag looks at."""
        looked_at = {one for tag in self.nested for one in self._inside(element, tag)}
        return (child for child in element.iterchildren("*") if child not in looked_at)

    def _made(self, fields: dict[str, Any]) -> Any:
        if self.value is None:
            return fields[""]
        try:
            return self.value(**fields)
        except TypeError as error:  # what it cannot do without was not inside
            raise ValueError(self.prefixed) from error

    def _inside(self, element: etree._Element, tag: Tag) -> Iterator[etree._Element]:
        """Children that the nested tag reads; its namespace may have an old spelling, as the parent's."""
        same = tag.namespace == self.namespace
        namespace = etree.QName(element).namespace if same else tag.namespace
        return element.iterchildren(f"{{{namespace}}}{tag.name}" if namespace else tag.name)


def _readable(tag: Tag, elements: Iterable[etree._Element]) -> Iterator[Any]:
    for element in elements:
        try:
            yield from tag.read(element)
        except (ValueError, TypeError, KeyError, OverflowError):
            continue


def _has_no_default(value: type | None, name: str) -> bool:
    if value is None:
        return True
    field = next(f for f in dataclasses.fields(value) if f.name == name)
    return field.default is dataclasses.MISSING


def inner_text(element: etree._Element) -> str:
    """The element's text; when it has raw elements inside, they are kept as markup."""
    if not len(element):
        return element.text or ""
    # A copy declares the namespaces that it uses and no others.
    inside = (
        etree.tostring(copy.deepcopy(child), encoding="unicode", with_tail=False)
        + (child.tail or "")
        for child in element
    )
    return (element.text or "") + "".join(inside)

"""All tag records together, in the order in which they are asked, and as rows for a manual."""

from __future__ import annotations

from dataclasses import dataclass

from podkit.feed import apple_tags, live_tags, other_tags, podcasting_tags
from podkit.feed.tag import Tag

# A field that two tags fill is the namespace's before it is Apple's: it says more.
TAGS: tuple[Tag, ...] = podcasting_tags.TAGS + apple_tags.TAGS + live_tags.TAGS + other_tags.TAGS


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    """One line of the manual's table of tags.

    `parents` are `channel`, `item` or another tag; `many` whether it may be repeated; `key` its
    key in podkit.toml or episode.toml, empty when podkit makes it by itself; `text` what the
    element's text is, empty when it has none; `attributes` name and kind, needed ones first.
    """

    tag: str
    namespace: str
    parents: tuple[str, ...]
    many: bool
    key: str
    text: str
    attributes: tuple[tuple[str, str], ...]


def tag_table() -> tuple[TagRow, ...]:
    """Every tag that podkit writes and reads, each followed by the tags inside it."""
    return tuple(row for tag in TAGS for row in _rows(tag, tag.parents))


def _rows(tag: Tag, parents: tuple[str, ...]) -> tuple[TagRow, ...]:
    ordered = sorted(tag.attributes, key=lambda attribute: not attribute.needed)
    row = TagRow(
        tag=tag.prefixed,
        namespace=tag.namespace,
        parents=parents,
        many=tag.many,
        key=tag.key,
        text=tag.text.kind.name if tag.text else "",
        attributes=tuple((attribute.name, attribute.kind.name) for attribute in ordered),
    )
    inner = (_rows(nested, (tag.prefixed,)) for nested in tag.nested)
    return (row, *(found for rows in inner for found in rows))

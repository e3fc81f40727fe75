"""A live feed as far as its sheets can be read, and where something is lost, what is known besides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from podkit.errors import FormatError
from podkit.feed.mend import read_leniently

if TYPE_CHECKING:
    from collections.abc import Mapping

    from podkit.model.feedspec import FeedSpec, Item

_LOSSY: Final = "it is broken"
"""How `read_leniently` begins to tell that it may have lost something."""


def spec_of(sheets: Mapping[str, bytes]) -> tuple[FeedSpec | None, str]:
    """The feed with the episodes of all its sheets, and why it may not be all of it.

    None where a sheet cannot be read at all. A sheet that is cut off, or the lack of one that
    another names as its next, is a fault as well: what could be read is then given beside it.
    """
    specs = []
    fault = ""
    for path, content in sheets.items():
        try:
            spec, mended = read_leniently(content)
        except FormatError as error:
            return None, f"{path}: {error.message}"
        specs.append(spec)
        lost = next((told for told in mended if told.startswith(_LOSSY)), "")
        fault = fault or (f"{path}: {lost}" if lost else "")
    if not specs:
        return None, "there is none"
    if not fault and any(link.rel == "next" for link in specs[-1].links):
        fault = f"{list(sheets)[-1]}: the next sheet, which it names, is not there"
    items = tuple(item for spec in specs for item in spec.items)
    return replace(specs[0], items=items), fault


def joined(recovered: FeedSpec | None, known: FeedSpec | None) -> FeedSpec | None:
    """What was published last, with the episodes that a live feed with a fault has besides.

    Of an episode that both have what was published counts: the other may be torn.
    """
    if recovered is None or known is None:
        return known or recovered
    guids = {item.guid for item in known.items}
    others = [item for item in recovered.items if _is_whole(item) and item.guid not in guids]
    if others and others[-1] is recovered.items[-1]:  # where it broke off, perhaps within its GUID
        others = others[: -any(guid.startswith(others[-1].guid) for guid in guids) or None]
    return replace(known, items=(*known.items, *others))


def _is_whole(item: Item) -> bool:
    return bool(item.guid) and item.enclosure is not None

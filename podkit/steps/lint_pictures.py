"""How the pictures of a feed were at an earlier look, which the cache of the show remembers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.errors import UsageError
from podkit.model.served import look_of
from podkit.workspace.cache import Cache
from podkit.workspace.layout import Layout

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from podkit.model.served import Look, Served


class EarlierLooks:
    """What was seen at addresses of pictures before; it knows nothing outside a show.

    Args:
        here: a folder, perhaps of a show.
        now: when the pictures are looked at.
    """

    def __init__(self, here: Path | None, now: datetime | None) -> None:
        self._cache = None if here is None or now is None else _cache_around(here)
        self._day = "" if now is None else f"{now:%Y-%m-%d}"

    def __bool__(self) -> bool:
        """Whether anything is remembered, so that pictures are worth reading."""
        return self._cache is not None

    def marks(self, url: str) -> tuple[str, str, str] | None:
        """With which marks the picture at an address need not be read again."""
        before = None if self._cache is None else self._cache.picture(url)
        known = before is not None and before.sha256 and before.is_marked
        return before.marks if before is not None and known else None

    def then(self, served: Served) -> Look | None:
        """How the picture was before; what it is now is remembered for the next time.

        A picture that was changed stays the earlier one: it is found again until the feed names
        another address, or the same bytes are back.
        """
        now = look_of(served, self._day)
        if self._cache is None or now is None:
            return None
        before = self._cache.picture(served.url)
        differs = None if before is None else now.differs(before)
        if before is None or (differs is None and not before.sha256):
            self._cache.remember_picture(served.url, now)
        elif differs is False:
            same = replace(now, sha256=now.sha256 or before.sha256)
            self._cache.remember_picture(served.url, same)
        return before

    def save(self) -> None:
        """Keep what was seen for the next time."""
        if self._cache is not None:
            self._cache.save()


def _cache_around(here: Path) -> Cache | None:
    """The cache of the show that a folder lies in, whether or not its records can be read."""
    try:
        return Cache(Layout.find(here).cache)
    except UsageError:
        return None

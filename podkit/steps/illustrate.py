"""The pictures of a show for feed, pages and players: which there are, and what they are called."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podkit import files
from podkit.artwork.read import inspect
from podkit.errors import FileError, FormatError
from podkit.model import address
from podkit.model.media import Asset
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes
from podkit.steps.companions import beside
from podkit.steps.derive import LIST, POSTER, SMALL, derived, feed_artwork

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from podkit.model.episode import Episode
    from podkit.workspace.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustrated:
    """One picture's files in public/assets/: for the feed, for pages, for lists, for a player."""

    feed: Asset
    small: Asset
    list: Asset
    poster: Asset | None = None

    def names(self) -> frozenset[str]:
        """All their names."""
        every = (self.feed, self.small, self.list, self.poster)
        return frozenset(asset.name for asset in every if asset is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artworks:
    """Pictures for public/assets/, by name; `of` maps a slug ("" for the show) to its own."""

    files: dict[str, bytes] = field(default_factory=dict)
    of: dict[str, Illustrated] = field(default_factory=dict)

    def put(self, layout: Layout, slug: str, content: bytes, *, film: bool = False) -> None:
        """Keep a picture in every size, for a film in its player's shape too.

        Raises:
            FormatError: it is no picture that could become artwork.
        """
        extension, feed_picture = feed_artwork(layout, content)
        stem = slug or "cover"
        small, listed = (derived(layout, content, form) for form in (SMALL, LIST))
        self.of[slug] = Illustrated(
            feed=self._keep(stem, feed_picture, extension),
            small=self._keep(f"{stem}-{SMALL.name}", small),
            list=self._keep(f"{stem}-{LIST.name}", listed),
            poster=self._keep(f"{stem}-{POSTER.name}", derived(layout, content, POSTER))
            if film
            else None,
        )

    def feed_name(self, slug: str) -> str:
        """The name of the picture for the feed; empty when there is none."""
        return self.of[slug].feed.name if slug in self.of else ""

    def shown(self, slug: str) -> tuple[Asset, ...]:
        """The pictures for pages, the larger one last: the episode's, else the show's, else none."""
        found = self.of.get(slug, self.of.get(""))
        if found is None:
            return ()
        smaller = found.list.width < found.small.width
        return (found.list, found.small) if smaller else (found.small,)

    def poster(self, slug: str) -> Asset | None:
        """The picture for a film's player: the episode's, else the show's."""
        found = self.of.get(slug, self.of.get(""))
        return found.poster if found is not None else None

    def _keep(self, label: str, picture: bytes, extension: str = "jpg") -> Asset:
        name = address.asset_name(label, hashlib.sha256(picture).hexdigest(), extension)
        self.files[name] = picture
        seen = inspect(picture)
        return Asset(name=name, width=seen.width, height=seen.height)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say of which file it is that a picture cannot be made.

    Raises:
        FormatError: what came out of the block, with the path.
    """
    try:
        yield
    except FormatError as error:
        raise FormatError(error.message, where=path, hint=error.hint) from error


def picture_of(layout: Layout, episode: Episode | None, show_image: str) -> bytes | None:
    """The bytes of an episode's own picture, or of the show's; None when neither has one.

    Raises:
        FileError: the record names a picture that is not there.
    """
    if episode is not None and episode.image:
        return read_bytes(beside(layout, episode, episode.image), PICTURE_LIMIT)
    if not show_image:
        return None
    path = layout.root / show_image
    if not files.inside(layout.root, path):
        raise FileError("the show's image lies outside the show", where=path)
    if not path.is_file():
        raise FileError(
            "podkit.toml names an image that is not there",
            where=path,
            hint="put it there, or change show.image",
        )
    return read_bytes(path, PICTURE_LIMIT)

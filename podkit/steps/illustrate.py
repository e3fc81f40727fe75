"""The pictures of a show in every size that feeds, pages, players and tags want.

Originals that every platform takes as they are stay byte for byte; all others are made anew, by
the same bytes the same, in a child that may fail without harm.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podkit import child, files
from podkit.artwork.read import examine, inspect
from podkit.errors import FileError, FormatError, PodkitError
from podkit.media.worker import Worker, WorkerDied
from podkit.model import address
from podkit.model.media import Picture
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes
from podkit.steps.companions import beside
from podkit.steps.compose import Asset
from podkit.steps.picture_worker import MODULE

if TYPE_CHECKING:
    from podkit.model.episode import Episode
    from podkit.workspace.layout import Layout

SMALLEST_SIDE = 1400
"""Apple: feed artwork is square, 1400 to 3000 pixels; PRX advises at most 512 kB."""

_LIMITS = child.Limits(deadline=120.0, memory=1 << 30, file_bytes=0)
_MADE_BY = 2  # raised when the same picture is to be made otherwise: what is in the cache is old


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A derived picture: `shape` as the worker knows it, `side` the most pixels (of the width)."""

    name: str
    shape: str
    side: int
    max_bytes: int


FEED = Form(name="", shape="artwork", side=3000, max_bytes=512_000)
SMALL = Form(name="small", shape="square", side=600, max_bytes=100_000)
LIST = Form(name="list", shape="square", side=300, max_bytes=40_000)
POSTER = Form(name="poster", shape="wide", side=1280, max_bytes=250_000)
COVER = Form(name="cover", shape="fit", side=1400, max_bytes=250_000)


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


def feed_artwork(layout: Layout, content: bytes) -> tuple[str, bytes]:
    """Extension and bytes of artwork as platforms take it; fit originals stay byte for byte.

    Raises:
        FormatError: it is no picture that could become artwork.
    """
    seen = inspect(content)
    fits = (
        seen.plain
        and seen.width == seen.height
        and SMALLEST_SIDE <= seen.width <= FEED.side
        and seen.bytes <= FEED.max_bytes
    )
    made = content if fits else derived(layout, content, FEED)
    return ("png" if inspect(made).mime == "image/png" else "jpg"), made


def thumbnail(layout: Layout, content: bytes) -> bytes:
    """A small square JPEG, for tags."""
    return derived(layout, content, SMALL)


def derived(layout: Layout, content: bytes, form: Form) -> bytes:
    """A picture in another form, made once and then kept in the cache.

    Raises:
        FormatError: it cannot be made of these bytes.
        FileError: the cache cannot be written.
    """
    digest = hashlib.sha256(content).hexdigest()
    kept = layout.cache / "artwork" / f"{digest}-{form.shape}-{form.side}-{_MADE_BY}"
    if kept.is_file():
        found = read_bytes(kept, PICTURE_LIMIT)
        if _is_whole(found):
            return found
    made = decoded(content, form)
    with files.translating(kept, "write"):
        kept.parent.mkdir(parents=True, exist_ok=True)
    files.write(kept, made)
    return made


def decoded(content: bytes, form: Form) -> bytes:
    """A picture in another form, made in a child with limits on memory and time.

    Raises:
        FormatError: it cannot be made of these bytes.
        ToolError: the child cannot be started.
    """
    question = {"shape": form.shape, "side": form.side, "max_bytes": form.max_bytes}
    inspect(content)  # what is refused by its header needs no child
    with Worker(MODULE, limits=_LIMITS) as worker, tempfile.TemporaryFile() as stream:
        with files.translating(tempfile.gettempdir(), "write a temporary file"):
            stream.write(content)
            stream.seek(0)
        try:
            answer = worker.ask(question, file=stream)
        except WorkerDied as error:
            raise FormatError(f"the picture cannot be decoded: {error}") from error
    if "refused" in answer:
        raise FormatError(answer["refused"], hint=answer["hint"])
    return base64.b64decode(answer["picture"])


def without_place(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """A file's pictures, of which none tells where it was taken; one that cannot be cleaned goes."""
    return tuple(clean for picture in pictures if (clean := _without_place(picture)) is not None)


def _without_place(picture: Picture) -> Picture | None:
    try:
        if not examine(picture.content).private:
            return picture
        return Picture(
            mime="image/jpeg",
            content=decoded(picture.content, COVER),
            description=picture.description,
        )
    except PodkitError:
        return None


def _is_whole(picture: bytes) -> bool:
    """Whether a cached picture was written to its end."""
    try:
        return not inspect(picture).private
    except FormatError:
        return False


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

"""One picture in another form, made in a child that may fail without harm, and kept in the cache.

Originals that every platform takes as they are stay byte for byte; the same bytes always give the
same picture.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit import child, files
from podkit.artwork import alike
from podkit.artwork.read import examine, inspect
from podkit.errors import FormatError, PodkitError
from podkit.media.worker import Worker, WorkerDied
from podkit.model.media import Picture
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes
from podkit.steps.picture_worker import MODULE

if TYPE_CHECKING:
    from podkit.workspace.layout import Layout

SMALLEST_SIDE = 1400
"""Apple: feed artwork is square, 1400 to 3000 pixels; PRX advises at most 512 kB."""

_LIMITS = child.Limits(deadline=120.0, memory=1 << 30, file_bytes=0)
_PACKAGES = ("PIL", "podkit")
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
_PRINT = Form(name="print", shape="print", side=alike.SIDE, max_bytes=0)
COVER = Form(name="cover", shape="fit", side=1400, max_bytes=250_000)


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


def chapter_picture(layout: Layout, content: bytes) -> bytes:
    """A JPEG of the same shape that fits into the square of a thumbnail, for a chapter."""
    seen = inspect(content)
    width = SMALL.side * seen.width // max(seen.width, seen.height)
    return derived(layout, content, replace(SMALL, shape="fit", side=max(width, 1)))


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
    with (
        Worker(MODULE, limits=_LIMITS, packages=_PACKAGES) as worker,
        tempfile.TemporaryFile() as stream,
    ):
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


def same_picture(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same, such as a cover and the smaller one that is embedded.

    Raises:
        FormatError: one of them cannot be decoded.
    """
    return one == other or alike.alike(decoded(one, _PRINT), decoded(other, _PRINT))


def _is_whole(picture: bytes) -> bool:
    """Whether a cached picture was written to its end."""
    try:
        return not inspect(picture).private
    except FormatError:
        return False

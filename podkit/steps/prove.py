"""Media held against what was made, before a target gets it: no other program's bytes go out.

A file is read whole only when its size, time or inode is not what it was when it was read last, or
when it is about to be sent. What the target holds whole needs not be right on this machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import FindingsError
from podkit.model import address
from podkit.model.plan import Action
from podkit.model.rendition import files_of
from podkit.steps.drift import copies
from podkit.steps.stale import find_media
from podkit.workspace.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from podkit.model.finding import Finding
    from podkit.model.plan import Move
    from podkit.model.rendition import Part
    from podkit.steps.open_show import OpenShow
    from podkit.targets.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A file of the episode `slug` that cannot be sent as it was made: why, and what to type.

    `rendition` is the file in public/media/ that feeds name, be this one a part of it; `kept` says
    that the target holds it as it was made, so that nothing has to be sent.
    """

    slug: str
    rendition: str
    why: str
    hint: str
    kept: bool = False

    @property
    def reason(self) -> str:
        """Why its episode stays out, and what brings it in."""
        return f"PK902 {self.why}; {self.hint}"

    def error(self) -> FindingsError:
        """What stops everything."""
        return FindingsError(f"PK902 {self.why}", hint=f"{self.hint}\nnothing was sent")


def unfit(
    show: OpenShow,
    target: Target,
    names: Collection[str],
    moves: Iterable[Move],
    *,
    built: bool,
) -> tuple[Unfit, ...]:
    """The media that cannot be sent as it was made, of all that feeds name or that would be sent.

    Args:
        show: whose media it is.
        target: where it is sent; asked only of files that are wrong or not here.
        names: the files in public/media/ that the feeds name.
        moves: the plan; what it sends was read just now, whatever the file's time says.
        built: whether public/ is as it shall be; else a build will take from the store first.

    Raises:
        FileError: a file cannot be read.
        TargetError: the target cannot be asked.
    """
    cache = Cache(show.layout.cache)
    planned = {move.path: move for move in moves}
    found = []
    for slug, made in show.renditions.items():
        for rendition in made.values():
            for part in files_of(rendition):
                path = f"{address.MEDIA_FOLDER}/{part.file}"
                if rendition.file in names or path in planned:
                    place = _place(show, part, built=built)
                    if place is None and not built and rendition.published is None:
                        continue  # the build is going to make it
                    if place is None or not _is_right(show, place, part, planned, cache):
                        found.append(_unfit(show, target, slug, rendition.file, part, place))
    cache.save()
    return tuple(one for one in found if one is not None)


def refuse_untold(found: Iterable[Unfit], said: Sequence[Finding]) -> None:
    """Stop where such a file would be sent and no guard of the live feed tells of it.

    Only pages name it, or a link in the notes does.

    Args:
        found: the media that is wrong.
        said: what the guards found.

    Raises:
        FindingsError: there is one; the text says which.
    """
    for one in found:
        if not one.kept and not any(one.why in finding.message for finding in said):
            raise one.error()


def _place(show: OpenShow, part: Part, *, built: bool) -> Path | None:
    """Where the file that would be sent lies; a link is never sent."""
    public = show.layout.public / address.MEDIA_FOLDER / part.file
    if built:
        return public if public.is_file() and not public.is_symlink() else None
    found = find_media(show, part)
    same = found is not None and public.is_file() and public.samefile(found)
    return public if same else found


def _is_right(
    show: OpenShow, place: Path, part: Part, planned: Mapping[str, Move], cache: Cache
) -> bool:
    """Whether the bytes there are those that were made."""
    if place.stat().st_size != part.bytes:
        return False
    path = f"{address.MEDIA_FOLDER}/{part.file}"
    move = planned.get(path)
    if move is not None and move.action is Action.PUT and place.samefile(show.layout.public / path):
        return move.sha256 == part.sha256
    return cache.sha256(place) == part.sha256


def _unfit(
    show: OpenShow, target: Target, slug: str, rendition: str, part: Part, place: Path | None
) -> Unfit | None:
    """What to say of a file that is wrong, or not in public/; None when nobody has to know."""
    path = f"{address.MEDIA_FOLDER}/{part.file}"
    there = target.stat(path, with_hash=place is not None)
    kept = there is not None and there.bytes == part.bytes
    if place is None and kept:
        return None  # a clone that never made it
    kept = kept and there is not None and there.sha256 == part.sha256
    anew = f"podkit transcode {slug} --refresh --force"
    wrong = place or next(iter(copies(show, part)), None)
    if wrong is None:
        why = f"neither this machine nor the target holds {path}"
        return Unfit(slug=slug, rendition=rendition, why=why, hint=f"{anew} makes it anew")
    if place is None and show.layout.media / part.file == wrong and _has(wrong, part):
        why = f"public/{path} is not there, or is a link"
        return Unfit(slug=slug, rendition=rendition, why=why, hint="podkit build puts it there")
    why = f"another program changed {show.layout.shown(wrong)}: its bytes are not those that were made"
    hint = f"{anew} makes it anew, and puts what was changed into the trash"
    if kept:
        why += "; the target holds the right ones, so nothing has to be sent"
        stored = show.layout.shown(show.layout.media / part.file)
        hint = f"copy the target's {path} to {stored}, or {hint}"
    return Unfit(slug=slug, rendition=rendition, why=why, hint=hint, kept=kept)


def _has(path: Path, part: Part) -> bool:
    """Whether the file is the one that was made."""
    return path.stat().st_size == part.bytes and files.sha256(path) == part.sha256

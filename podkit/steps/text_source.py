"""Where chapters or a transcript come from and go to: a file, an episode, the standard streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from podkit import files
from podkit.errors import FileError, FormatError, NotMediaError, PodkitError, UsageError
from podkit.media.sniff import sniff
from podkit.steps.attachments import read_text
from podkit.steps.open_show import select

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.formats.shelf import TextFormat
    from podkit.model.episode import Episode
    from podkit.registry import Registry
    from podkit.steps.open_show import OpenShow

T = TypeVar("T")

STDIN = "-"
# Files of a show that hold more than chapters or a transcript, whatever is in them.
_KEPT = frozenset(["podkit.toml", "episode.toml", "renditions.toml", "notes.md"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """What was named: exactly one of `text` (from standard input), `path` and `episode`."""

    name: str
    text: str | None = None
    path: Path | None = None
    episode: Episode | None = None


def locate(
    word: str,
    path: Path,
    *,
    show: OpenShow | None,
    now: datetime,
    where: Sequence[str] = (),
    stdin: Callable[[], bytes] = bytes,
) -> TextSource:
    """What a word means: `-`, a file, or an episode of the show.

    Args:
        word: as typed; empty when only `where` says which episode.
        path: the word as a path.
        show: the show one stands in.
        now: what `latest` is judged by.
        where: `KEY=VALUE`, as `select` takes them.
        stdin: reads standard input.

    Raises:
        UsageError: it means no episode, several, or a file as well, or `where` is asked of no show.
        FileError: there is no such file, and no show.
        FormatError: standard input is no UTF-8.
    """
    if word == STDIN:
        return TextSource(name=STDIN, text=_decoded(stdin()))
    is_path = "/" in word or path.exists()
    if word and is_path and not (show and any(e.slug == word for e in show.episodes)):
        return TextSource(name=word, path=path)
    if show is None:
        raise _no_show(word, path, where)
    found = select(show, (word,) if word else (), where=where, now=now)
    if not found:
        asked = " and ".join(where)
        raise UsageError(f"no episode has {asked}", hint="podkit list shows them all")
    if len(found) != 1:
        names = ", ".join(episode.slug for episode in found[:5])
        raise UsageError(f"one episode is wanted, and that means {names}", hint="name its slug")
    return TextSource(name=found[0].slug, episode=found[0])


def _no_show(word: str, path: Path, where: Sequence[str]) -> PodkitError:
    """Why nothing is found where there is no show: its episodes have no names here."""
    if where:
        folder = path.absolute() if path.is_dir() else path.absolute().parent
        return UsageError(
            f"--where {where[0]} asks for an episode, and {folder} lies in no show",
            hint=f"podkit -C SHOW … --where {where[0]}, with the folder that holds podkit.toml",
        )
    return FileError(
        "there is no such file",
        where=word,
        hint="name a file; an episode can only be named inside a show (podkit -C DIR …)",
    )


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"it is not UTF-8 text (byte {error.start})",
            where="standard input",
            hint="convert it first: iconv -f CP1251 -t UTF-8",
        ) from error


def is_media(path: Path) -> bool:
    """Whether a file is sound or film, by its bytes; a text is not.

    Raises:
        FileError: it cannot be read.
    """
    try:
        sniff(path)
    except NotMediaError:
        return False
    return True


def format_of(output: Path | None, shelf: Registry[TextFormat[T]], usual: str) -> str:
    """The format that a file's name asks for; the usual one without a file or a suffix.

    Raises:
        UsageError: no format that podkit writes has such files.
    """
    suffix = output.suffix.lower() if output is not None else ""
    if not suffix:
        return usual
    written = {key: item for key, item in shelf.items() if item.format is not None}
    for key, item in written.items():
        if suffix in item.suffixes:
            return key
    known = [one for item in written.values() for one in item.suffixes]
    raise UsageError(
        f"no format that podkit writes has files named *{suffix}: {output}",
        hint=f"known: {', '.join(dict.fromkeys(known))}; or say which one: --to {usual}",
    )


def write_text(path: Path, text: str, holds: Callable[[str, str], bool], what: str) -> None:
    """Write chapters or a transcript; only a file that holds such a text already is replaced.

    Args:
        path: where to.
        text: its content.
        holds: whether a file of that name and content is one that may be replaced.
        what: `chapters` or `a transcript`, for the message.

    Raises:
        FileError: it is a folder, holds something else, or cannot be written.
    """
    check_place(path, holds, what)
    files.write(path, text.encode())


def check_place(path: Path, holds: Callable[[str, str], bool], what: str) -> None:
    """See that `write_text` may write there, before any work.

    Raises:
        FileError: it is a folder, lies in none, or holds something else.
    """
    if not path.parent.is_dir():
        raise FileError("its folder is not there", where=path, hint="make it first, with mkdir")
    if path.is_dir():
        raise FileError("it is a folder", where=path, hint=f"name a file in it for {what}")
    if path.name in _KEPT:
        raise FileError(
            f"it belongs to a show and is not replaced by {what}", where=path, hint="name another"
        )
    if path.exists() and not _is_such(path, holds):
        raise FileError(
            f"it is there and does not hold {what}",
            where=path,
            hint="name another file, or remove it first",
        )


def _is_such(path: Path, holds: Callable[[str, str], bool]) -> bool:
    try:
        return holds(path.name, read_text(path))
    except PodkitError:
        return False

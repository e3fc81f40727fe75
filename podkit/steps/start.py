"""Making a new show: its record, a cover, a place for episodes, and what git leaves alone."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from podkit import files
from podkit.artwork.draw import plain_cover
from podkit.artwork.read import inspect
from podkit.errors import FileError, RecordError, UsageError
from podkit.model.address import join, scheme_of, with_slash
from podkit.model.identity import podcast_guid
from podkit.model.plan import Change
from podkit.model.show import Category, Feed, MediaSettings, Owner, Podcast, Publishing, Show, Site
from podkit.model.text import MEDIA_SCHEMES, clean, clean_line, is_safe_url
from podkit.workspace import show_file
from podkit.workspace.layout import MEMBERS_FILE, Layout, is_path_inside

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png"}
_IGNORED: Final = ("/public/", "/.podkit/", f"/{MEMBERS_FILE}")
_MASTERS: Final = "/episodes/*/master*.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOrder:
    """What `podkit init` was asked; texts as typed.

    `explicit` None was not said; `commit_masters` leaves the masters to version control. An import
    gives the whole record as `podcast`, and its cover as `picture`, empty when it has none.
    """

    folder: Path
    title: str
    description: str = ""
    link: str = ""
    feed_url: str = ""
    media_url: str = ""
    author: str = ""
    email: str = ""
    language: str = "en"
    categories: tuple[str, ...] = ()
    explicit: bool | None = None
    image: Path | None = None
    timezone: str = "UTC"
    publish_url: str = ""
    commit_masters: bool = False
    podcast: Podcast | None = None
    picture: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartReport:
    """The new show; `files` relative to its folder, in the order in which they were written."""

    folder: str
    title: str
    guid: str
    files: tuple[str, ...]
    plan: tuple[Change, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name: str
    content: bytes
    why: str


def start(order: StartOrder, *, dry_run: bool = False) -> StartReport:
    """Make a show in a folder, whole or not at all.

    Raises:
        UsageError: a value that cannot be meant.
        FileError: there is a show already, or a file is in the way, or cannot be written.
        LockedError: another run is at work there.
    """
    layout = Layout(order.folder)
    _refuse_second(layout)
    warnings: list[str] = []
    cover: _File | None
    if order.podcast is None:
        cover = _cover(order, warnings)
        podcast = _podcast(order, cover.name, warnings)
    else:
        cover = _imported_cover(order.picture) if order.picture else None
        podcast = _with_image(order.podcast, cover.name if cover else "")
    wanted = [*([cover] if cover else []), _ignored(order)]
    text = show_file.render_new(podcast)
    try:
        show_file.parse(text, layout)
    except RecordError as error:
        why = "\n".join(error.message.splitlines()[1:])
        raise UsageError(f"such a show cannot be\n{why}") from error
    record = _File(name=layout.show_file.name, content=text.encode(), why="the show's record")
    new = [f for f in (*wanted, record) if not _is_there(order.folder / f.name, f)]
    report = StartReport(
        folder=str(order.folder),
        title=podcast.show.title,
        guid=podcast.show.guid,
        files=tuple(f.name for f in new),
        plan=(
            Change(action="make", subject="episodes/", detail="a folder for each episode"),
            *(Change(action="write", subject=f.name, detail=f.why) for f in new),
        ),
        warnings=tuple(warnings),
    )
    if not dry_run:
        _make(layout, new)
    return report


def _refuse_second(layout: Layout) -> None:
    if layout.show_file.exists() or layout.show_file.is_symlink():
        raise FileError(
            "there is a show already",
            where=layout.show_file,
            hint="edit that file, or choose another folder",
        )


def _podcast(order: StartOrder, image: str, warnings: list[str]) -> Podcast:
    title = clean_line(order.title)
    if not title:
        raise UsageError("the show needs a title", hint='--title "…"')
    _check(order)
    if order.explicit is None:
        warnings.append("nothing was said of explicit content: taken as false (--explicit)")
    site = with_slash(order.link.strip())
    feed_url = order.feed_url.strip()
    if not site:
        warnings.append(
            "no --link: before you build, write below [site] in podkit.toml: "
            'url = "https://…", where the world will find public/'
        )
    feed = feed_at(site, feed_url)
    known_as = feed_url or (join(site, feed.path) if site else "")
    return Podcast(
        show=Show(
            title=title,
            description=clean(order.description).strip() or title,
            language=order.language,
            timezone=order.timezone,
            author=clean_line(order.author),
            owner=Owner(name=clean_line(order.author), email=order.email.strip())
            if order.email
            else Owner(),
            categories=tuple(Category.parse(clean_line(text)) for text in order.categories),
            explicit=bool(order.explicit),
            image=image,
            guid=podcast_guid(known_as) if known_as else str(uuid.uuid4()),
        ),
        site=Site(url=site),
        media=MediaSettings(base_url=with_slash(order.media_url.strip())),
        feeds={"main": feed},
        publish={"default": Publishing(url=order.publish_url)} if order.publish_url else {},
    )


def _check(order: StartOrder) -> None:
    """Refuse what no show can have; what is merely unwise is for lint."""
    for option, url in (
        ("--link", order.link),
        ("--feed-url", order.feed_url),
        ("--media-url", order.media_url),
    ):
        if url and not is_safe_url(url.strip(), MEDIA_SCHEMES):
            raise UsageError(f"{option} {url!r} is no web address", hint="write https://…")
    if not _LANGUAGE.fullmatch(order.language):
        raise UsageError(
            f"{order.language!r} is no language code", hint="write en, uk or de-CH (RFC 5646)"
        )
    if order.email and not re.fullmatch(r"[^\s@]+@[^\s@]+", order.email.strip()):
        raise UsageError(f"{order.email!r} is no e-mail address")
    if order.publish_url and not scheme_of(order.publish_url):
        raise UsageError(f"{order.publish_url!r} is no target", hint="write file:out or s3://…")


def _imported_cover(content: bytes) -> _File:
    mime = inspect(content).mime
    return _File(name=f"cover.{_ENDINGS[mime]}", content=content, why="the cover")


def _with_image(podcast: Podcast, image: str) -> Podcast:
    return replace(podcast, show=replace(podcast.show, image=image))


def feed_at(site: str, feed_url: str) -> Feed:
    """Where the feed lies in public/, with its address said only when it does not follow."""
    if not feed_url:
        return Feed()
    path = feed_url.removeprefix(site) if site and feed_url.startswith(site) else ""
    hidden = any(part.startswith(".") for part in path.split("/"))
    if is_path_inside(path) and not hidden and join(site, path) == feed_url:
        return Feed(path=path)
    return Feed(url=feed_url)


def _cover(order: StartOrder, warnings: list[str]) -> _File:
    """The picture given; else one that lies in the folder already; else a drawn one."""
    source = order.image
    if source is None:
        there = (order.folder / f"cover.{ending}" for ending in _ENDINGS.values())
        source = next((path for path in there if path.is_file()), None)
    if source is None:
        warnings.append("no --image: a plain cover with the title was drawn; replace it some day")
        content = plain_cover(clean_line(order.title))
    else:
        with files.open_regular(source) as stream, files.translating(source, "read"):
            content = stream.read()
    mime = inspect(content).mime
    if mime not in _ENDINGS:
        raise UsageError(
            f"{source} is {mime}", hint="a cover is JPEG or PNG, square, 1400 to 3000 pixels"
        )
    return _File(name=f"cover.{_ENDINGS[mime]}", content=content, why="the cover")


def _ignored(order: StartOrder) -> _File:
    """The folder's .gitignore with the lines that it does not have yet."""
    path = order.folder / ".gitignore"
    content = b""
    if path.exists():
        with files.open_regular(path) as stream, files.translating(path, "read"):
            content = stream.read()
    there = {line.strip().strip("/") for line in content.decode(errors="replace").splitlines()}
    wanted = (*_IGNORED, *(() if order.commit_masters else (_MASTERS,)))
    missing = [line for line in wanted if line.strip("/") not in there]
    if missing:
        gap = b"" if not content or content.endswith(b"\n") else b"\n"
        lines = ["# made by podkit", *missing, ""]
        content += gap + "\n".join(lines).encode()
    return _File(name=path.name, content=content, why="what git leaves alone")


def _is_there(path: Path, wanted: _File) -> bool:
    """Whether the file is there already, just as it should be.

    Raises:
        FileError: another one is there, and it is not for podkit to replace.
    """
    if not path.exists() and not path.is_symlink():
        return False
    with files.open_regular(path) as stream, files.translating(path, "read"):
        found = stream.read()
    if found == wanted.content:
        return True
    if path.name == ".gitignore" and wanted.content.startswith(found):
        return False
    raise FileError("a file is in the way", where=path, hint="move it, or name it with --image")


def _make(layout: Layout, new: list[_File]) -> None:
    """Write everything, the record that makes it a show last; on failure leave nothing behind."""
    with _undoing(layout) as made, files.lock(layout.lock):
        _refuse_second(layout)
        if not layout.episodes.is_dir():
            with files.translating(layout.episodes, "make"):
                layout.episodes.mkdir()
            made.append(layout.episodes)
        for file in new:
            path = layout.root / file.name
            if not path.exists():
                made.append(path)
            files.write(path, file.content)


@contextlib.contextmanager
def _undoing(layout: Layout) -> Iterator[list[Path]]:
    """Make the folders that lock and episodes need; remove what was made when the block fails."""
    made: list[Path] = []
    folders = [layout.state, layout.root, *layout.root.parents]
    fresh = [folder for folder in folders if not folder.exists()]
    try:
        yield made
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if layout.state in fresh:
            with contextlib.suppress(OSError):
                layout.lock.unlink()
        for folder in fresh:  # innermost first; one that is not empty stays
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise

"""public/ as a whole: made beside the old one, then the two swap their names."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podkit import copying, files
from podkit.errors import FileError, PodkitError
from podkit.model import address
from podkit.model.rendition import files_of
from podkit.pages.site import render
from podkit.staging import exchange, staging, tidy
from podkit.steps import choose, personalise, public_tree, ready, release, write_feed
from podkit.steps.compose import Held
from podkit.steps.set_aside import keep, replaced_in_public
from podkit.steps.stale import find_media
from podkit.steps.write_feed import WrittenFeed
from podkit.steps.write_site import site_spec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from podkit.model.rendition import Part
    from podkit.steps.open_show import OpenShow
    from podkit.steps.personalise import Copies
    from podkit.steps.ready import Gathered

_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What public/ holds now; `trashed` are foreign and changed files that went to the trash."""

    feeds: tuple[WrittenFeed, ...]
    pages: int
    companions: int
    held: tuple[Held, ...]
    changed: bool
    trashed: tuple[str, ...] = ()


def assemble(
    show: OpenShow,
    *,
    now: datetime,
    site: bool = True,
    skip: frozenset[str] = frozenset(),
    dry_run: bool = False,
) -> Assembled:
    """Make public/ anew and swap it in, when anything differs; the caller holds the build lock.

    Args:
        show: with renditions as they are recorded now.
        now: what is due is decided against this moment.
        site: whether to make pages.
        skip: slugs to leave out.
        dry_run: find out what would change, and change nothing.

    Raises:
        FileError: something cannot be written; public/ is what it was.
    """
    gathered, printed = write_feed.print_feeds(show, ready.gather(show, skip=skip), now=now)
    held = ready.held(show, gathered, now=now)
    out = {one.slug for one in held}
    texts = personalise.copies(show, printed)
    unlisted = out | release.unlisted(show.podcast, (r.episode for r in gathered.ready), now)
    companions = {
        path: content
        for path, content in gathered.companions.items()
        if path.split("/", 1)[0] not in unlisted
    }
    pages = {}
    if site:
        spec = site_spec(show.podcast, gathered.ready, gathered.artworks, held=unlisted)
        pages = render(spec, templates=ready.own_templates(show))
    used = _used_assets(gathered, out)
    assets = {
        f"{address.ASSETS_FOLDER}/{name}": content
        for name, content in gathered.artworks.files.items()
        if name in used
    }
    contents = texts.beside({**pages, **assets, **companions})
    media = media_of(show, gathered, out)
    feeds = tuple(write_feed.describe(show, name, sheets) for name, sheets in printed.items())
    replaced = replaced_in_public(show, media)
    changed = bool(replaced) or not public_tree.same_tree(show.layout.public, contents, media)
    trashed: tuple[str, ...] = ()
    if changed and not dry_run:
        trashed = (
            *keep(show.layout, replaced),
            *_swap(show, contents, media, kept=replaced),
        )
    elif not dry_run:
        _note_again(show, contents, media)
        tidy(show.layout.staging, guard=show.layout.lock)
    return Assembled(
        feeds=feeds,
        pages=sum(path.endswith(".html") for path in pages),
        companions=len(companions),
        held=held,
        changed=changed,
        trashed=tuple(personalise.veil(show, path) for path in trashed),
    )


def _used_assets(gathered: Gathered, out: set[str]) -> set[str]:
    """The names of pictures that belong to something else than an episode held back."""
    of = gathered.artworks.of
    return {name for slug, own in of.items() if slug not in out for name in own.names()}


def media_of(show: OpenShow, gathered: Gathered, out: set[str]) -> dict[str, Part]:
    """The files that belong into public/media/, by path: those of episodes not held back."""
    found: dict[str, Part] = {}
    for one in gathered.ready:
        if one.episode.slug in out:
            continue
        for wanted in choose.wanted(show.podcast, one.episode):
            rendition = one.renditions.get(wanted.key)
            if rendition is not None:
                found |= {f"{address.MEDIA_FOLDER}/{one.file}": one for one in files_of(rendition)}
    return found


def _swap(
    show: OpenShow, contents: Copies, media: dict[str, Part], *, kept: Collection[str]
) -> tuple[str, ...]:
    """Make it beside the old one and let the two change places; `kept` is in the trash already."""
    layout = show.layout
    made = {path: rendition.sha256 for path, rendition in media.items()}
    same = {*kept, *media}
    with staging(layout.staging, guard=layout.lock) as workplace:
        fresh = workplace / "public"
        with files.translating(fresh, "write"):
            fresh.mkdir(mode=0o755)
            os.chmod(fresh, 0o755)  # noqa: S103 (a web server reads it)
        there = public_tree.look(layout.public)
        for path, content in contents.items():
            old = layout.public / path if path in there.plain else None
            same |= {path} if _write_plain(fresh, path, content, old=old) else set()
            made[path] = hashlib.sha256(content).hexdigest()
        for path, rendition in media.items():
            found = find_media(show, rendition)
            if found is not None:
                final = fresh / path
                _make_folder(final.parent, fresh)
                copying.link_or_copy(found.resolve() if found.is_symlink() else found, final)
        _sync_folders(fresh)
        same -= there.odd - set(kept)
        trashed = public_tree.set_foreign_aside(layout, there, made, same)
        now, before = _as_list(made), public_tree.listed(layout) or {}
        # Until the two have changed places, and should that be never, either may be what lies there.
        both = {p: now.get(p, _NONE) | before.get(p, _NONE) for p in {*now, *before}}
        public_tree.note(layout, both)
        if not layout.public.exists():
            with files.translating(layout.public, "write"):
                os.rename(fresh, layout.public)
                files.sync_folder(layout.root)
        elif not exchange(fresh, layout.public):
            feeds = [*(f.path for f in show.podcast.feeds.values()), *contents.of_members]
            _replace_one_by_one(fresh, layout.public, feeds=feeds)
        public_tree.note(layout, now)
    return trashed


def _as_list(made: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {path: frozenset([sha]) for path, sha in made.items()}


def _note_again(show: OpenShow, contents: Copies, media: Mapping[str, Part]) -> None:
    """List what public/ holds where that was lost, or lacks hashes as older lists do."""
    known = public_tree.listed(show.layout)
    if known is None or any(public_tree.ANY in hashes for hashes in known.values()):
        made = {path: rendition.sha256 for path, rendition in media.items()}
        made |= {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
        public_tree.note(show.layout, _as_list(made))


def _write_plain(root: Path, path: str, content: bytes, *, old: Path | None) -> bool:
    """Put it into a folder that nobody sees yet; synced, with the mode a web server needs.

    What is in public/ already, at `old`, is linked: to write and sync the pages of thousands of
    episodes anew for each new one takes minutes.

    Returns:
        Whether that was so.
    """
    final = root / path
    if os.path.isabs(path) or os.path.normpath(path).startswith(os.pardir):
        raise FileError("a published path leads out of public/", where=path)
    _make_folder(final.parent, root)
    if old is not None and _taken_over(old, final, content):
        return True
    files.write(final, content, mode=0o644)
    return False


def _taken_over(old: Path, final: Path, content: bytes) -> bool:
    """Whether `old` is such a file, and `final` now the same; it is looked at after it was linked."""
    try:
        if not _is_plain(old, len(content)) or os.lstat(old).st_nlink > 1:  # somebody's file too
            return False
        copying.link_or_copy(old, final)
        return _is_plain(final, len(content)) and final.read_bytes() == content
    except (OSError, PodkitError):
        return False


def _is_plain(path: Path, size: int) -> bool:
    """Whether it is a file of that size, no link, with the mode that a web server needs."""
    found = os.lstat(path)
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mode & 0o7777) == (size, 0o644)


def _make_folder(folder: Path, root: Path) -> None:
    with files.translating(folder, "make the folder"):
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder, *folder.parents):
            if path == root:
                break
            os.chmod(path, 0o755)  # noqa: S103 (a web server reads it)


def _sync_folders(root: Path) -> None:
    with files.translating(root, "write"):
        for folder, _, _ in os.walk(root, topdown=False):
            files.sync_folder(Path(folder))


def _replace_one_by_one(fresh: Path, public: Path, *, feeds: list[str]) -> None:
    """Where two folders cannot swap: file by file, the feeds last, then what is gone."""
    paths = [p.relative_to(fresh).as_posix() for p in sorted(fresh.rglob("*")) if p.is_file()]
    paths.sort(key=lambda path: path in feeds)
    with files.translating(public, "write"):
        for path in paths:
            _make_folder((public / path).parent, public)
            os.replace(fresh / path, public / path)
        keep = set(paths)
        for old in sorted(public.rglob("*"), reverse=True):
            if old.is_dir():
                if not any(old.iterdir()):
                    old.rmdir()
            elif old.relative_to(public).as_posix() not in keep:
                old.unlink()
        _sync_folders(public)

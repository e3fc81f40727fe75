"""What has to happen at a target: every file of public/ beside the one that is there, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from podkit import files
from podkit.model import address
from podkit.model.plan import Action, Move, Stage
from podkit.model.rendition import files_of
from podkit.steps import live, personalise, public_tree

if TYPE_CHECKING:
    from podkit.model.rendition import Part
    from podkit.steps.open_show import OpenShow
    from podkit.targets.target import Target

ORDER: Final = (Stage.MEDIA, Stage.COMPANIONS, Stage.PAGES, Stage.FEEDS)


def plan_moves(show: OpenShow, target: Target) -> tuple[Move, ...]:
    """What has to happen at the target, in publishing order.

    Media that the feeds name and that is not in public/ is a file to keep: the target shall have
    it. Whether it does, and whether what is to be sent is what was made, `prove` says. What somebody
    else put into public/ has no part in it.
    """
    public = show.layout.public
    feeds = _feeds(show)
    moves = []
    names = set()
    there = _There(show, target)
    for name in sorted(public_tree.look(public).plain - set(foreign(show))):
        if name in feeds or not _is_hidden(name):
            names.add(name)
            moves.append(there.kept(name) or _move(show, target, name, stage_of(name, feeds)))
    named = live.media_named(show)
    moves += [_kept(name, part) for name, part in named.items() if name not in names]
    parts = {
        part.file for made in show.renditions.values() for r in made.values() for part in r.parts
    }

    def rank(move: Move) -> tuple[int, bool, bool, str]:
        """Stage by stage; what playlists name before them, the one of playlists last."""
        playlist = move.path.endswith(".m3u8")
        whole = playlist and move.path.rpartition("/")[2] not in parts
        return ORDER.index(move.stage), playlist, whole, move.path

    return tuple(sorted(moves, key=rank))


def foreign(show: OpenShow) -> tuple[str, ...]:
    """The paths in public/ of what is never sent: somebody else put it there, or it is a link."""
    recorded = {
        f"{address.MEDIA_FOLDER}/{part.file}"
        for made in show.renditions.values()
        for rendition in made.values()
        for part in files_of(rendition)
    }
    found = public_tree.left_out(show.layout, _feeds(show) | recorded)
    return tuple(name for name in found if not _is_hidden(name))


def _feeds(show: OpenShow) -> set[str]:
    return {path for name in show.podcast.feeds for path in personalise.built(show, name)}


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def stage_of(name: str, feeds: set[str]) -> Stage:
    """When a file of public/ is sent."""
    if name in feeds:
        return Stage.FEEDS
    if name.startswith(address.MEDIA_FOLDER + "/"):
        return Stage.MEDIA
    if name.endswith((".html", ".css")):
        return Stage.PAGES
    return Stage.COMPANIONS


class _There:
    """Media that the target holds: by its size, where it was read back before its feed came out.

    A run that was stopped, or that found other bytes than it had sent, leaves files of the right
    size that no feed and no page at the target names yet. These are read.
    """

    def __init__(self, show: OpenShow, target: Target) -> None:
        self._target = target
        self._in_feeds = live.names_in(live.sheets(show, target))
        self._in_pages: dict[str, frozenset[str]] = {}
        self._recorded = {
            f"{address.MEDIA_FOLDER}/{part.file}": (part, rendition.file, slug)
            for slug, made in show.renditions.items()
            for rendition in made.values()
            for part in files_of(rendition)
        }

    def kept(self, name: str) -> Move | None:
        """The file as one to keep; None when it has to be sent, or is no media."""
        if name not in self._recorded:
            return None
        part, rendition, slug = self._recorded[name]
        there = self._target.stat(name)
        if there is None or there.bytes != part.bytes:
            return None
        if rendition not in self._in_feeds and rendition not in self._on_page(slug):
            there = self._target.stat(name, with_hash=True)
            if there is None or there.sha256 != part.sha256:
                return None
        return _kept(name, part)

    def _on_page(self, slug: str) -> frozenset[str]:
        if slug not in self._in_pages:
            page = self._target.read(f"{slug}/index.html")
            self._in_pages[slug] = live.names_in({"": {"": page}} if page else {})
        return self._in_pages[slug]


def _move(show: OpenShow, target: Target, name: str, stage: Stage) -> Move:
    path = show.layout.public / name
    size = path.stat().st_size
    digest = files.sha256(path)
    there = target.stat(name)
    same = there is not None and there.bytes == size
    if same:
        stored = target.stat(name, with_hash=True)
        same = stored is not None and stored.sha256 == digest
    action = Action.KEEP if same else Action.PUT
    return Move(action=action, path=name, bytes=size, sha256=digest, stage=stage)


def _kept(name: str, part: Part) -> Move:
    """Media that the target holds, or shall hold although this clone has never made it."""
    return Move(
        action=Action.KEEP, path=name, bytes=part.bytes, sha256=part.sha256, stage=Stage.MEDIA
    )

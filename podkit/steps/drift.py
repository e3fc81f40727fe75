"""Renditions held against the record: what each file says otherwise, why, and what mends it.

The tags of thousands of files are not read for every question. What was found in a file is kept in
the workspace's cache with its size, time and inode and with all that the record wants it to say;
only when one of them is another, the file is opened again. Nothing is hashed: a program that changes
a file and puts back its size and time stays unseen here, and `podkit verify` finds it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from podkit import files
from podkit.errors import MediaError, PodkitError, UsageError
from podkit.model import address
from podkit.model.drift import Difference, Drift
from podkit.model.rendition import fingerprint
from podkit.steps import choose
from podkit.steps.differ import differences
from podkit.steps.imprint import Imprinter, retimed
from podkit.steps.judge import is_tagged, judge
from podkit.tags import files as tag_files
from podkit.workspace.cache import Cache

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.model.episode import Episode
    from podkit.model.rendition import Part, Rendition
    from podkit.steps.choose import Wanted
    from podkit.steps.judge import Judged
    from podkit.steps.open_show import OpenShow

_COMPARED_BY = 1  # raised when the same file is to be judged otherwise: old answers do not count

ALTERED = "another program changed its file"
RECORD_CHANGED = "the record changed since it was made"
SOUND_CHANGED = "its master or preset changed since it was made"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """One place where a rendition lies; `resized` when its size is not the recorded one."""

    path: Path
    resized: bool
    differs: tuple[Difference, ...] = ()
    fault: str = ""

    def altered(self, judged: Judged, there: Rendition) -> bool:
        """Whether somebody else wrote to it: it was made to say just what is wanted, and does not."""
        if self.resized:
            return True
        return there.fingerprint == judged.whole and bool(self.differs or self.fault)


class Comparer:
    """Compares renditions of a show with its record; ask one for all, then `save` it once."""

    def __init__(self, show: OpenShow, imprinter: Imprinter | None = None) -> None:
        self._show = show
        self.imprinter = imprinter or Imprinter(show)
        self._cache: Cache | None = None
        self._judged: dict[tuple[str, tuple[str, ...]], Judged] = {}
        self._judged_of: Episode | None = None

    def judge(self, episode: Episode, wanted: Wanted, settings: tuple[str, ...] = ()) -> Judged:
        """What a rendition shall be, as `judge` says; known while the episode is the same.

        Raises:
            UsageError: a setting is wrong.
            PodkitError: the record's artwork or chapters cannot be read.
        """
        if self._judged_of is not episode:
            self._judged_of, self._judged = episode, {}
        question = (wanted.key, settings)
        if question not in self._judged:
            found = judge(self._show, episode, wanted, self.imprinter, settings)
            self._judged[question] = found
        return self._judged[question]

    def drift(self, episode: Episode, wanted: Wanted) -> Drift | None:
        """How one rendition stands; None when nothing can be compared.

        That is so when it was never made, and when its preset writes no tags or its file is not
        here and its fingerprint is the recorded one.

        Raises:
            PodkitError: the record's artwork or chapters cannot be read.
        """
        there = self._show.renditions.get(episode.slug, {}).get(wanted.key)
        if there is None:
            return None
        judged = self.judge(episode, wanted)
        seen = tuple(self._look(path, judged, there) for path in copies(self._show, there))
        why = _why(judged, there, seen)
        if not why and (not seen or not is_tagged(judged.preset)):
            return None
        differing = next((one for one in seen if one.differs), None)
        shown = differing or (seen[0] if seen else None)
        path = shown.path if shown else self._show.layout.media / there.file
        return Drift(
            preset=wanted.key,
            file=self._show.layout.shown(path),
            published=there.published,
            why=why,
            differs=differing.differs if differing and why else (),
            hint=_hint(episode, why, judged, there, seen) if why else "",
        )

    def is_altered(self, judged: Judged, there: Rendition) -> bool:
        """Whether the file that a build would put out is not the one that was made.

        A copy in public/ alone does not count: the build puts the right one back.
        """
        paths = copies(self._show, there)
        return bool(paths) and self._look(paths[0], judged, there).altered(judged, there)

    def save(self) -> None:
        """Keep what was found for the next time."""
        if self._cache is not None:
            self._cache.save()

    def _look(self, path: Path, judged: Judged, there: Rendition) -> _Copy:
        with files.translating(path, "read"):
            resized = path.stat().st_size != there.bytes
        if not is_tagged(judged.preset):
            return _Copy(path=path, resized=resized)
        self._cache = self._cache or Cache(self._show.layout.cache)
        question = fingerprint(
            {
                "by": _COMPARED_BY,
                "imprint": judged.intent.parts(),
                "cut": [there.trimmed, there.duration] if judged.preset.trim_silence else [],
            }
        )
        try:
            found = self._cache.seen(path, question, lambda: self._compare(path, judged, there))
        except (MediaError, UsageError) as error:
            return _Copy(path=path, resized=resized, fault=error.message)
        differs = tuple(Difference(**one) for one in found)
        return _Copy(path=path, resized=resized, differs=differs)

    def _compare(self, path: Path, judged: Judged, there: Rendition) -> list[dict[str, Any]]:
        """The differences of a file, as JSON can hold them."""
        tags = self.imprinter.tags(judged.intent)
        if judged.preset.trim_silence:
            tags = retimed(tags, there.trimmed, there.duration)
        found, wanted = tag_files.preview(
            path,
            set=tags.fields,
            clear=True,
            pictures=tags.artwork,
            chapters=tags.chapters,
            chapter_pictures=tags.chapter_pictures,
        )
        return [asdict(one) for one in differences(found, wanted)]


def copies(show: OpenShow, rendition: Rendition | Part) -> tuple[Path, ...]:
    """Where the file lies, whatever its size: in the store, and in public/ where that is another file."""
    stored = show.layout.media / rendition.file
    public = show.layout.public / address.MEDIA_FOLDER / rendition.file
    there = tuple(path for path in (stored, public) if path.is_file())
    return there[:1] if len(there) == 2 and stored.samefile(public) else there


def drifts(show: OpenShow, episode: Episode, comparer: Comparer) -> tuple[Drift, ...]:
    """Every rendition of an episode of which there is something to say.

    Raises:
        PodkitError: the record's artwork or chapters cannot be read.
    """
    wanted = choose.wanted(show.podcast, episode)
    found = (comparer.drift(episode, one) for one in wanted)
    return tuple(drift for drift in found if drift is not None and drift.why)


def drift_by_file(show: OpenShow) -> dict[str, Drift]:
    """How each rendition whose file lies here stands, by the file's name; what cannot be told is left out."""
    comparer = Comparer(show)
    found: dict[str, Drift] = {}
    for episode in show.episodes:
        made = show.renditions.get(episode.slug, {})
        for wanted in choose.wanted(show.podcast, episode) if made else ():
            there = made.get(wanted.key)
            if there is None or not copies(show, there):
                continue
            try:
                drift = comparer.drift(episode, wanted)
            except PodkitError:  # other rules say what is wrong with the record's files
                continue
            if drift is not None:
                found[there.file] = drift
    comparer.save()
    return found


def _why(judged: Judged, there: Rendition, seen: tuple[_Copy, ...]) -> str:
    """What has happened since the rendition was made; empty when it is as it should be."""
    if any(one.altered(judged, there) for one in seen):
        return ALTERED
    if there.sound != judged.sound:
        return SOUND_CHANGED
    if there.fingerprint == judged.whole:
        return ""
    told = [one for one in seen if not one.fault]
    if told and is_tagged(judged.preset) and not any(one.differs for one in told):
        return ""  # what changed is nothing that this container holds
    return RECORD_CHANGED


def _hint(
    episode: Episode, why: str, judged: Judged, there: Rendition, seen: tuple[_Copy, ...]
) -> str:
    """What to type."""
    if why == ALTERED and not seen[0].altered(judged, there):
        return "podkit build puts the recorded file back, and what was changed into the trash"
    if there.published is None:
        if why == ALTERED:
            return "podkit build makes it anew, and puts what was changed into the trash"
        return "podkit build"
    if why == ALTERED:
        return (
            "get it back from where it was published, "
            f"or make it anew: podkit transcode {episode.slug} --refresh"
        )
    tags_only = " --tags-only" if why == RECORD_CHANGED else ""
    return f"podkit transcode {episode.slug} --refresh{tags_only}"

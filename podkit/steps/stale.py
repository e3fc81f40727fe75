"""Which renditions are stale, and why: the plan of a transcoding run, without doing any of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.errors import Cancelled, PodkitError, UsageError
from podkit.model import address
from podkit.model.loudness import LoudnessTarget
from podkit.model.preset import Kind, Preset
from podkit.model.rendition import Part, Rendition, files_of, fingerprint
from podkit.presets.preset import apply
from podkit.steps import choose
from podkit.steps.imprint import Imprinter, Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.episode import Episode, Master
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodeOrder:
    """What `podkit transcode` was asked; `jobs` None takes every core."""

    presets: tuple[str, ...] = ()
    output: Path | None = None
    jobs: int | None = None
    engine: str = "local"
    set: tuple[str, ...] = ()
    force: bool = False
    refresh: bool = False
    tags_only: bool = False
    allow_damaged: bool = False
    recursive: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A rendition that is there already."""

    source: str
    preset: str
    output: str
    reason: str
    episode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A rendition that could not be made, and why."""

    source: str
    preset: str
    error: str
    hint: str = ""
    episode: str = ""
    exit_code: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One rendition to be made, and why."""

    episode: Episode
    wanted: choose.Wanted
    master: Master
    source: Path
    intent: Intent
    fingerprint: str
    sound: str
    reason: str
    there: Rendition | None
    output: str = ""

    @property
    def label(self) -> str:
        """The job's name in progress and plans."""
        return f"{self.episode.slug} {self.wanted.key}"


_NOT_HEARD = frozenset(["name", "about", "mime", "loudness"])

FRESH = "it is there and nothing it was made of has changed"
LEFT_ALONE = "it was published, and stays as it is (--refresh makes it anew)"


def failed_job(episode: Episode, key: str, file: str, error: PodkitError) -> Failed:
    """A failure as reports tell it."""
    where = f"{error.where}: " if error.where else ""
    return Failed(
        source=f"episodes/{episode.slug}/{file}",
        preset=key,
        error=where + error.message,
        hint=error.hint,
        episode=episode.slug,
        exit_code=error.exit_code,
    )


def plan_jobs(
    show: OpenShow, episodes: Sequence[Episode], order: TranscodeOrder
) -> tuple[list[Job], list[Skipped], list[Failed]]:
    """What has to be made of the episodes, the longest first; what is there; what cannot be.

    Raises:
        UsageError: a preset is unknown, or a setting of one is wrong.
    """
    jobs: list[Job] = []
    skipped: list[Skipped] = []
    failed: list[Failed] = []
    imprinter = Imprinter(show)
    for episode in episodes:
        for wanted in choose.wanted(show.podcast, episode, order.presets):
            try:
                job = plan_job(show, episode, wanted, order, imprinter)
            except (UsageError, Cancelled):
                raise
            except PodkitError as error:
                failed.append(
                    failed_job(episode, wanted.key, episode.masters[wanted.master].file, error)
                )
                continue
            if isinstance(job, Job):
                jobs.append(job)
            else:
                skipped.append(job)
    jobs.sort(key=lambda job: -job.master.duration)
    return jobs, skipped, failed


def plan_job(
    show: OpenShow,
    episode: Episode,
    wanted: choose.Wanted,
    order: TranscodeOrder,
    imprinter: Imprinter,
) -> Job | Skipped:
    """One wanted rendition, as work to be done or as something that is there.

    Raises:
        FileError: a picture or chapters file that the record names is not there.
    """
    preset = with_settings(wanted.preset, order.set)
    master = episode.masters[wanted.master]
    intent = imprinter.intent(episode, master)
    loudness = preset.loudness or show.podcast.media.loudness
    sound = fingerprint({"master": master.sha256, **sound_parts(preset, loudness)})
    whole = sound
    if preset.kind not in {Kind.ORIGINAL, Kind.HLS}:  # playlists and fragments carry no tags
        whole = fingerprint({"sound": sound, "imprint": intent.parts()})
    there = show.renditions.get(episode.slug, {}).get(wanted.key)
    source = show.layout.episode(episode.slug) / master.file
    reason = _reason(show, there, source, order, whole=whole, sound=sound)
    if not reason:
        return Skipped(
            source=f"episodes/{episode.slug}/{master.file}",
            preset=wanted.key,
            output=shown_path(show, there.file) if there else "",
            reason=LEFT_ALONE
            if there and there.published and there.fingerprint != whole
            else FRESH,
            episode=episode.slug,
        )
    return Job(
        episode=episode,
        wanted=replace(wanted, preset=replace(preset, loudness=loudness)),
        master=master,
        source=source,
        intent=intent,
        fingerprint=whole,
        sound=sound,
        reason=reason,
        there=there,
    )


def sound_parts(preset: Preset, loudness: LoudnessTarget) -> dict[str, object]:
    """What of a preset is heard or seen, for a fingerprint.

    Only what differs from a preset's defaults counts, so that a new field in a later podkit makes
    nothing stale.
    """
    told = {f.name: getattr(preset, f.name) for f in fields(preset) if f.name not in _NOT_HEARD}
    defaults = {f.name: f.default for f in fields(preset)}
    parts: dict[str, object] = {
        "preset": {key: value for key, value in told.items() if value != defaults[key]},
    }
    if preset.normalize and preset.kind in {Kind.AUDIO, Kind.VIDEO, Kind.HLS}:
        parts["loudness"] = [loudness.integrated, loudness.true_peak]
    return parts


def with_settings(preset: Preset, words: tuple[str, ...]) -> Preset:
    """The preset with keys changed by `KEY=VALUE` words.

    Raises:
        UsageError: a word sets nothing, or the key or value is wrong.
    """
    if not words:
        return preset
    settings = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"{word!r} sets nothing", hint="write --set bit_rate=96000")
        settings[key.strip()] = value.strip()
    return apply(preset, settings)


def _reason(
    show: OpenShow,
    there: Rendition | None,
    source: Path,
    order: TranscodeOrder,
    *,
    whole: str,
    sound: str,
) -> str:
    """Why a rendition has to be made; empty when it has not."""
    if there is None:
        return "it is not there yet"
    if there.published and not order.refresh:
        return ""
    reason = ""
    if order.force:
        reason = "asked for by --force"
    elif there.fingerprint != whole and there.sound == sound:
        reason = "its tags, chapters or artwork changed"
    elif there.fingerprint != whole and not order.tags_only:
        reason = "its master or preset changed"
    elif any(find_media(show, one) is None for one in files_of(there)) and source.is_file():
        reason = "its file is not there"
    return reason


def find_media(show: OpenShow, rendition: Rendition | Part) -> Path | None:
    """Where the rendition's file, or a part of it, lies, if it is there with the right size."""
    for folder in (show.layout.media, show.layout.public / address.MEDIA_FOLDER):
        path = folder / rendition.file
        try:
            if path.is_file() and path.stat().st_size == rendition.bytes:
                return path
        except OSError:
            continue
    return None


def shown_path(show: OpenShow, name: str) -> str:
    """A rendition's path relative to the workspace."""
    return (show.layout.media / name).relative_to(show.layout.root).as_posix()


def stale_presets(
    show: OpenShow, episode: Episode, imprinter: Imprinter | None = None
) -> tuple[str, ...]:
    """The keys of an episode's renditions that a build would make."""
    imprinter = imprinter or Imprinter(show)
    stale = []
    for wanted in choose.wanted(show.podcast, episode):
        job = plan_job(show, episode, wanted, TranscodeOrder(), imprinter)
        if isinstance(job, Job):
            stale.append(wanted.key)
    return tuple(stale)


def drifted_presets(
    show: OpenShow, episode: Episode, imprinter: Imprinter | None = None
) -> tuple[str, ...]:
    """The keys of published renditions that no longer say or sound what the record asks for."""
    imprinter = imprinter or Imprinter(show)
    made = show.renditions.get(episode.slug, {})
    out = []
    for wanted in choose.wanted(show.podcast, episode):
        there = made.get(wanted.key)
        if there is None or there.published is None:
            continue
        refreshed = plan_job(show, episode, wanted, TranscodeOrder(refresh=True), imprinter)
        if isinstance(refreshed, Job) and refreshed.fingerprint != there.fingerprint:
            out.append(wanted.key)
    return tuple(out)

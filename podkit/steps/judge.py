"""What a rendition shall be, as fingerprints tell it: of what is heard, and of all that it says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from podkit.errors import UsageError
from podkit.model.preset import Kind, Preset
from podkit.model.rendition import fingerprint
from podkit.presets.preset import apply

if TYPE_CHECKING:
    from podkit.model.episode import Episode, Master
    from podkit.model.loudness import LoudnessTarget
    from podkit.steps.choose import Wanted
    from podkit.steps.imprint import Imprinter, Intent
    from podkit.steps.open_show import OpenShow

_NOT_HEARD = frozenset(["name", "about", "mime", "loudness"])
_HEARD = tuple((f.name, f.default) for f in fields(Preset) if f.name not in _NOT_HEARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A rendition as it shall be: `sound` is the fingerprint of master and preset, `whole` of all."""

    preset: Preset
    loudness: LoudnessTarget
    master: Master
    intent: Intent
    sound: str
    whole: str


def is_tagged(preset: Preset) -> bool:
    """Whether podkit writes tags into what it makes: playlists carry none, originals stay as they came."""
    return preset.kind not in {Kind.ORIGINAL, Kind.HLS}


def judge(
    show: OpenShow,
    episode: Episode,
    wanted: Wanted,
    imprinter: Imprinter,
    settings: tuple[str, ...] = (),
) -> Judged:
    """What one wanted rendition shall be.

    Raises:
        UsageError: a setting is wrong.
        FileError: a picture or chapters file that the record names is not there.
    """
    preset = with_settings(wanted.preset, settings)
    master = episode.masters[wanted.master]
    intent = imprinter.intent(episode, master)
    loudness = preset.loudness or show.podcast.media.loudness
    sound = fingerprint({"master": master.sha256, **sound_parts(preset, loudness)})
    whole = sound
    if is_tagged(preset):
        whole = fingerprint({"sound": sound, "imprint": intent.parts()})
    return Judged(
        preset=preset, loudness=loudness, master=master, intent=intent, sound=sound, whole=whole
    )


def sound_parts(preset: Preset, loudness: LoudnessTarget) -> dict[str, object]:
    """What of a preset is heard or seen, for a fingerprint.

    Only what differs from a preset's defaults counts, so that a new field in a later podkit makes
    nothing stale.
    """
    told = ((name, getattr(preset, name), default) for name, default in _HEARD)
    parts: dict[str, object] = {
        "preset": {name: value for name, value, default in told if value != default},
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

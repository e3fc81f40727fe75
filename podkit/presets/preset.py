"""How a preset is found, made from another by a table, changed by a word, and printed as TOML."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from podkit.errors import RecordError, UsageError
from podkit.model.loudness import LoudnessTarget
from podkit.model.preset import Kind, Preset
from podkit.presets.builtin import PRESETS
from podkit.presets.keys import (
    AUDIO_KEYS,
    CODECS_IN,
    HIGHEST_CRF,
    KEYS,
    SOUND_KEYS,
    SPEEDS_OF,
    VIDEO_CODECS_IN,
    VIDEO_KEYS,
    Wrong,
    mime_for,
)
from podkit.registry import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "podkit.toml"
_DEFAULTS = {field.name: field.default for field in fields(Preset)}


def resolve(name: str, tables: Mapping[str, Mapping[str, object]]) -> Preset:
    """The preset of that name: a table of podkit.toml, else one that podkit or a plug-in brings.

    Args:
        name: as a person writes it.
        tables: the raw `[presets.NAME]` tables of the show; none outside a show.

    Raises:
        UsageError: there is no such preset; the hint names the nearest.
        RecordError: the table is wrong; the message has a line for each of its faults.
    """
    return _resolve(name, tables, ())


def _resolve(
    name: str, tables: Mapping[str, Mapping[str, object]], above: tuple[str, ...]
) -> Preset:
    """Resolve `name`; `above` are the tables that come from it."""
    # a table may bear a built-in's name and begin from it
    own = name in tables and not (above and above[-1] == name)
    if not own:
        if name not in PRESETS and name not in PRESETS.faults:
            known = [*PRESETS, *tables]
            raise UsageError(f"unknown preset {name!r}", hint=did_you_mean(name, known))
        return PRESETS.get(name)
    if name in above:
        raise RecordError(
            f"presets.{name}: comes from itself ({' from '.join([*above, name])})", where=_FILE
        )
    table = tables[name]
    start = table.get("from")
    if not isinstance(start, str):
        raise RecordError(
            f'presets.{name}: has no from = "…" that names the preset it begins with',
            where=_FILE,
            hint=f'add from = "mp3" under [presets.{name}]; `podkit presets` lists what there is',
        )
    if start not in tables and start not in PRESETS and start not in PRESETS.faults:
        raise RecordError(
            f"presets.{name}.from: unknown preset {start!r}",
            where=_FILE,
            hint=did_you_mean(start, [*PRESETS, *tables]),
        )
    base = _resolve(start, tables, (*above, name))
    values = {key: value for key, value in table.items() if key != "from"}
    made, faults = _changed(replace(base, name=name), values)
    if faults:
        raise RecordError(
            "\n".join(f"presets.{name}.{fault}" for fault in faults),
            where=_FILE,
            hint=f"podkit presets {start} prints the keys that there are",
        )
    return made


def apply(preset: Preset, settings: Mapping[str, str]) -> Preset:
    """The preset with keys set to typed words, as by `--set bit_rate=96k`.

    Raises:
        UsageError: a key or a word is wrong; the message has a line for each.
    """
    values = {key: KEYS[key].read(word) if key in KEYS else word for key, word in settings.items()}
    made, faults = _changed(preset, values)
    if faults:
        raise UsageError("\n".join(f"--set {fault}" for fault in faults))
    return made


def _changed(preset: Preset, values: Mapping[str, Any]) -> tuple[Preset, list[str]]:
    """The preset with TOML values put in, and a line for each that cannot be."""
    faults: list[str] = []
    taken: dict[str, Any] = {}
    allowed = _allowed(preset)
    for key, value in values.items():
        if key not in allowed:
            reason = f"means nothing to {preset.kind} presets" if key in KEYS else "unknown key"
            faults.append(f"{key}: {reason}; {did_you_mean(key, allowed)}")
            continue
        try:
            taken[key] = KEYS[key].take(value)
        except Wrong as wrong:
            faults.append(f"{key}: {wrong}")
    if "extension" in taken:
        taken.setdefault("mime", mime_for(taken["extension"]))
    made = replace(preset, **taken)
    return made, faults or _clashes(made)


def _allowed(preset: Preset) -> tuple[str, ...]:
    """The keys that mean something to a preset of this kind."""
    left_out = frozenset[str]()
    if preset.kind not in {Kind.VIDEO, Kind.HLS}:
        left_out |= VIDEO_KEYS
    else:
        left_out |= AUDIO_KEYS
    if preset.kind in {Kind.COPY, Kind.ORIGINAL}:
        left_out |= SOUND_KEYS
    return tuple(key for key in KEYS if key not in left_out)


def _clashes(preset: Preset) -> list[str]:
    """What cannot go together."""
    if preset.kind in {Kind.COPY, Kind.ORIGINAL}:
        return []
    faults = []
    fitting = CODECS_IN.get(preset.extension, ())
    if preset.audio_codec not in fitting:
        faults.append(
            f"audio_codec: {preset.audio_codec!r} does not go into a "
            f"{preset.extension!r} file; known: {', '.join(fitting)}"
        )
    if preset.kind in {Kind.VIDEO, Kind.HLS}:
        faults += _picture_clashes(preset)
    elif preset.extension == "m3u8":
        faults.append('extension: a playlist is what presets from "hls" make')
    # Opus runs at 48 kHz (RFC 6716), MPEG audio at most at that (ISO/IEC 13818-3)
    if preset.audio_codec == "opus" and preset.sample_rates != (48_000,):
        faults.append("sample_rates: Opus wants [48000]")
    if preset.audio_codec == "mp3" and (
        not preset.sample_rates or max(preset.sample_rates) > 48_000
    ):
        faults.append("sample_rates: MP3 wants a list of rates up to 48000")
    return faults


def _picture_clashes(preset: Preset) -> list[str]:
    """What an encoder of pictures or its container does not take."""
    if (preset.kind is Kind.HLS) != (preset.extension == "m3u8"):
        makes = "m3u8" if preset.kind is Kind.HLS else "mp4, m4v, mov, mkv or webm"
        return [f"extension: a preset of kind {preset.kind} makes {makes}"]
    fitting = VIDEO_CODECS_IN.get(preset.extension, ())
    if not fitting:
        return [
            f"extension: a video preset makes mp4, m4v, mov, mkv or webm, not {preset.extension!r}"
        ]
    codec = preset.video_codec
    faults = []
    if codec not in fitting:
        faults.append(
            f"video_codec: {codec!r} does not go into a {preset.extension!r} file; "
            f"known: {', '.join(fitting)}"
        )
    speeds = SPEEDS_OF.get(codec, ())
    if preset.encoder_preset not in speeds:
        known = "a number from 0 to 13" if codec == "av1" else f"one of {', '.join(speeds)}"
        faults.append(f"encoder_preset: {codec} wants {known}, not {preset.encoder_preset!r}")
    if preset.crf > HIGHEST_CRF.get(codec, 0):
        faults.append(f"crf: {codec} wants 0 to {HIGHEST_CRF.get(codec, 0)}, not {preset.crf}")
    return faults


def to_toml(preset: Preset) -> str:
    """The preset as a `[presets.NAME]` table to start from; a built-in's is called `our-NAME`.

    Only what differs from the preset it begins from is needed; all that says something is printed.
    """
    start = preset.name if preset.name in PRESETS else _nearest(preset)
    base = PRESETS.get(start)
    name = f"our-{preset.name}" if preset == base else preset.name
    lines = [f"[presets.{_key(name)}]", f'from = "{start}"']
    for key in _allowed(preset):
        value = getattr(preset, key)
        if value != _DEFAULTS[key] or value != getattr(base, key):
            lines.append(f"{key} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _nearest(preset: Preset) -> str:
    """The built-in of the same kind with which most of the preset's keys agree."""
    same = [name for name, other in PRESETS.items() if other.kind is preset.kind]
    return max(
        same,
        key=lambda name: sum(
            getattr(PRESETS.get(name), key) == getattr(preset, key) for key in KEYS
        ),
    )


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else _toml(name)


def _toml(value: Any) -> str:
    """A value as TOML writes it; 0 stands for none."""
    if value is None:
        return "0"
    if isinstance(value, LoudnessTarget):
        return f"{{ integrated = {value.integrated:g}, true_peak = {value.true_peak:g} }}"
    if isinstance(value, tuple):
        return json.dumps(list(value))
    # JSON's strings, numbers and booleans are TOML's, but for one character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

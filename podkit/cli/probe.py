"""`podkit probe`: what podkit sees in any file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import PATH, json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import columns, size
from podkit.model.text import display
from podkit.model.timecode import format_duration, format_timecode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from podkit.model.chapter import Chapter
    from podkit.model.loudness import Loudness
    from podkit.model.media import Artwork, MediaInfo
    from podkit.steps.probe import ProbeReport


@named(
    "probe",
    examples=[
        "podkit probe talk.wav",
        "podkit probe --loudness episodes/*/master.*",
        "podkit probe film.mp4 --json",
    ],
)
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option("--loudness", is_flag=True, help="Measure it: decodes the whole file.")
@json_option
@click.pass_obj
def command(session: Session, /, files: tuple[Path, ...], loudness: bool) -> int:
    """Show container, streams, duration, tags, chapters and artwork of any media file."""
    from podkit.steps.probe import probe

    with session.progress() as progress:
        report = probe(files, loudness=loudness, progress=progress)
    return session.emit(report, _text, asked=True)


def _text(report: ProbeReport) -> list[str]:
    found: list[str] = []
    for media in report.files:
        found += [*([""] if found else []), display(media.path)]
        found += [f"  {line}" for line in columns(_rows(media))]
        found += [f"  {line}" for line in chapter_lines(media.chapters)]
    return found


def _rows(media: MediaInfo) -> list[tuple[str, str]]:
    rate = f", {media.bit_rate / 1000:.0f} kbit/s" if media.bit_rate else ""
    length = "unknown length" if media.duration is None else format_duration(media.duration)
    rows = [("container", f"{media.container}, {length}, {size(media.bytes)}{rate}")]
    for track in media.audio:
        bits = f", {track.bit_rate / 1000:.0f} kbit/s" if track.bit_rate else ""
        spoken = f", {track.language}" if track.language else ""
        text = f"{track.codec}, {_channels(track.channels)}, {track.sample_rate} Hz{bits}{spoken}"
        rows.append(("audio", display(text)))
    for picture in media.video:
        frames = f", {picture.frame_rate:g} frames/s" if picture.frame_rate else ""
        turned = f", turned by {picture.rotation}°" if picture.rotation else ""
        text = f"{picture.codec}, {picture.width}×{picture.height}{frames}{turned}"
        rows.append(("video", display(text)))
    rows += [("artwork", text) for text in artwork_lines(media.artwork)]
    rows += [("loudness", loudness_text(media.loudness))]
    return rows + [(display(key), display(value)) for key, value in media.tags.items()]


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


def artwork_lines(pictures: Iterable[Artwork]) -> list[str]:
    """Each picture in a few words."""
    return [display(f"{p.mime}, {p.width}×{p.height}, {size(p.bytes)}") for p in pictures]


def loudness_text(measured: Loudness | None) -> str:
    """`-16.0 LUFS, peak -1.2 dBTP, range 5.1 LU`; silence has no value."""
    if measured is None:
        return ""
    if measured.integrated is None:
        return "silence"
    peak = "" if measured.true_peak is None else f", peak {measured.true_peak:.1f} dBTP"
    spread = "" if measured.range is None else f", range {measured.range:.1f} LU"
    return f"{measured.integrated:.1f} LUFS{peak}{spread}"


def chapter_lines(chapters: Iterable[Chapter]) -> list[str]:
    """Each chapter with its time."""
    return [
        display(f"{format_timecode(c.start)}  {c.title}{'  (hidden)' if c.hidden else ''}")
        for c in chapters
    ]

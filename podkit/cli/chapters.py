"""`podkit chapters`: chapters from anything that has some, in any format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podkit.cli.options import PATH, dry_run_option, json_option, named, where_option
from podkit.cli.session import Session
from podkit.cli.terminal import counted, note, out_bytes
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.convert_chapters import ChaptersReport
    from podkit.steps.convert_transcript import TranscriptReport
    from podkit.steps.open_show import OpenShow
    from podkit.steps.text_source import TextSource
    from podkit.steps.transcribe import TranscribeReport

    Report = ChaptersReport | TranscriptReport | TranscribeReport


class Seconds(click.ParamType[float]):
    """A duration as people type it, `-` before it when it may be negative."""

    name = "seconds"

    def __init__(self, *, negative: bool = False) -> None:
        self.negative = negative

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Seconds."""
        from podkit.errors import UsageError
        from podkit.model.timecode import parse_duration

        text = str(value).strip()
        minus = text.startswith("-")
        if minus and not self.negative:
            self.fail(f"{text!r} is negative", param, ctx)
        try:
            found = parse_duration(text.lstrip("+-"))
        except UsageError as error:
            self.fail(f"{error.message}; {error.hint}", param, ctx)
        return -found if minus else found


@named(
    "chapters",
    examples=[
        "podkit chapters talk.mp3",
        "podkit chapters talk.mp3 --to json -o chapters.json",
        "podkit chapters chapters.txt --shift -12.5 --to psc",
        "podkit chapters notes.md --to json",
        "podkit chapters latest",
    ],
)
@click.argument("source", required=False, default="")
@where_option
@click.option(
    "--to",
    metavar="FORMAT",
    default="",
    help="json, psc, text, ffmetadata, vtt, vorbis, audacity, csv.",
)
@click.option(
    "--shift", type=Seconds(negative=True), default=0.0, metavar="SECONDS", help="Move all."
)
@click.option("--duration", type=Seconds(), metavar="SECONDS", help="Where the sound ends.")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write there; - is stdout.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session, /, source: str, where: tuple[str, ...], to: str, shift: float,
    duration: float | None, output: Path | None, dry_run: bool,
) -> int:  # fmt: skip
    """Print the chapters of SOURCE: a media file, an episode, or a text in any known format.

    Read are Podcasting 2.0 JSON, Podlove Simple Chapters, `HH:MM:SS Title` text, the list in show
    notes, ffmetadata, WebVTT, Vorbis comments, labels of Audacity, tables of markers, cue sheets;
    - reads standard input.
    """
    from podkit.steps.convert_chapters import ChaptersOrder, convert_chapters

    show = session.show_or_none()
    order = ChaptersOrder(
        source=located(session, source, where, show),
        to=to,
        shift=shift,
        duration=duration,
        output=file_of(output),
    )
    return put(session, convert_chapters(order, show=show, dry_run=dry_run), dry_run=dry_run)


def located(
    session: Session, word: str, where: tuple[str, ...], show: OpenShow | None
) -> TextSource:
    """What SOURCE and --where mean; click is told when neither is there."""
    from podkit.steps.text_source import locate

    if not word and not where:
        raise click.UsageError("name a SOURCE: a file, an episode, or - for standard input")
    return locate(
        word,
        session.path(word or "."),
        show=show,
        now=session.now(show),
        where=where,
        stdin=sys.stdin.buffer.read,
    )


def file_of(output: Path | None) -> Path | None:
    """The file of -o; a single dash is standard output, which is where it goes anyway."""
    return None if output is None or output.name == "-" else output


def put(session: Session, report: Report, *, dry_run: bool) -> int:
    """The text on stdout, or what became of the file; warnings beside it."""
    if not session.json and report.output is None and not dry_run:
        out_bytes(report.text.encode())
    for warning in () if session.json else report.warnings:
        note(display(f"Warning: {report.source}: {warning}"))
    if session.json or dry_run or report.output is not None:
        return session.emit(report, _written, dry_run=dry_run)
    return 0


def _written(report: Report) -> list[str]:
    parts = getattr(report, "chapters", None)
    count = (
        counted(len(parts), "chapter")
        if parts is not None
        else counted(len(getattr(report, "cues", ())), "cue")
    )
    return [display(f"{report.output}: {count} as {report.format}")]

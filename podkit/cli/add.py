"""`podkit add`: sources in, episodes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from podkit.cli.options import PATH, damaged_option, dry_run_option, json_option, named
from podkit.cli.session import Session
from podkit.model.text import display
from podkit.model.timecode import format_duration

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.steps.add_order import AddReport


@named(
    "add",
    examples=[
        'podkit add talk.wav --title "The first talk"',
        "podkit add talk.mp4 --published '2026-11-20 06:00' --transcript uk=talk.uk.vtt",
        "podkit add recordings/*.flac --draft",
        "podkit add -- -starts-with-a-hyphen.mp3",
    ],
)
@click.argument("sources", nargs=-1, required=True, type=PATH, metavar="SOURCE...")
@click.option("--title", default="", help="Default: the file's tag, then its name.")
@click.option("--slug", default="", help="Its name in URLs; default: from the title.")
@click.option(
    "--published", default="", metavar="DATE|now|file", help="Default: now. file: as its tags say."
)
@click.option("--draft", is_flag=True, help="Not to be published yet.")
@click.option("--number", type=click.FloatRange(min=0), metavar="N", help="The episode's number.")
@click.option("--season", type=click.IntRange(min=1), metavar="N", help="The season's number.")
@click.option(
    "--type", "type", type=click.Choice(["full", "trailer", "bonus"]), help="Default: full."
)
@click.option("--summary", default="", help="One or two sentences.")
@click.option("--notes", type=PATH, metavar="FILE", help="Show notes in Markdown.")
@click.option(
    "--chapters", type=PATH, metavar="FILE", help="Chapters: JSON or lines of HH:MM:SS Title."
)
@click.option(
    "--transcript",
    "transcripts",
    multiple=True,
    metavar="[LANG=]FILE",
    help="VTT, SRT, JSON, HTML or text; repeatable.",
)
@click.option("--image", type=PATH, metavar="FILE", help="The episode's own cover.")
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar='"NAME[;ROLE[;GROUP[;HREF]]]"',
    help="A credit, or an id from podkit.toml; repeatable.",
)
@click.option("--explicit/--no-explicit", default=None, help="Default: as the show.")
@click.option("--move", is_flag=True, help="Remove the source when the episode is there.")
@click.option("--hardlink", is_flag=True, help="Link instead of copying, where that can be.")
@click.option("--again", is_flag=True, help="Also when the same audio is in the show already.")
@damaged_option
@dry_run_option
@json_option
@click.pass_obj
def command(session: Session, /, sources: tuple[Path, ...], dry_run: bool, **given: Any) -> int:
    """Take in audio or video files, each as an episode of its own.

    A source is decoded to its end, copied, and never changed. Nothing goes live before `publish`.
    """
    from podkit.steps.add import add
    from podkit.steps.add_order import AddOrder

    show = session.show()
    order = AddOrder(sources=sources, **_spelled(given))
    with session.progress() as progress:
        report = add(show, order, now=session.now(show), dry_run=dry_run, progress=progress)
    code = session.emit(report, _text, dry_run=dry_run)
    if report.added:
        session.hint("podkit build")
    return code


def _spelled(given: dict[str, Any]) -> dict[str, Any]:
    return given | {"type": given["type"] or ""}


def _text(report: AddReport) -> list[str]:
    lines = []
    for one in report.added:
        lines.append(display(f"added {one.slug}: {one.title} ({format_duration(one.duration)})"))
        lines += [display(f"  warning: {text}") for text in one.warnings]
    return lines + [display(f"skipped {one.path}: {one.reason}") for one in report.skipped]

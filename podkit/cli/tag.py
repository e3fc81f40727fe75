"""`podkit tag`: the tags of any file, shown or changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from podkit.cli.options import PATH, dry_run_option, json_option, named
from podkit.cli.probe import artwork_lines, chapter_lines
from podkit.cli.session import Session
from podkit.cli.terminal import columns, note, styled
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.tag import TagReport


@named(
    "tag",
    examples=[
        "podkit tag talk.mp3",
        "podkit tag talk.mp3 --set title='The first talk' --set artist='Our Show' --image cover.jpg",
        "podkit tag talk.m4a --from talk.mp3 --chapters chapters.txt",
        "podkit tag --table tags.csv talk-1.mp3 talk-2.mp3",
        "podkit tag -n -r recordings --clear --set artist='Our Show'",
    ],
)
@click.argument("paths", nargs=-1, type=PATH, metavar="FILE...")
@click.option("--set", "set", multiple=True, metavar="KEY=VALUE", help="Set a tag; repeatable.")
@click.option("--remove", multiple=True, metavar="KEY", help="Remove a tag; repeatable.")
@click.option("--clear", is_flag=True, help="Remove all tags first.")
@click.option("--image", type=PATH, metavar="FILE", help="Put this picture in.")
@click.option("--remove-image", is_flag=True, help="Remove the pictures.")
@click.option("--chapters", type=PATH, metavar="FILE", help="Put these chapters in.")
@click.option("--remove-chapters", is_flag=True, help="Remove the chapters.")
@click.option(
    "--from", "copy_from", type=PATH, metavar="FILE", help="Copy all tags of another file."
)
@click.option("--table", type=PATH, metavar="FILE", help="Tags from CSV, or from `tag --json`.")
@click.option("-r", "--recursive", is_flag=True, help="Go into folders.")
@click.option(
    "--id3",
    type=click.Choice(["2.3", "2.4"]),
    help="Write this version of ID3; default: the file's own, 2.3 where it has none.",
)
@dry_run_option
@json_option
@click.pass_obj
def command(session: Session, /, dry_run: bool, **given: Any) -> int:
    """Show the tags of media files, or change them in place, each file atomically.

    A FILE may be a pattern in quotes ('*.mp3'). With --table and no FILE all of its rows are taken,
    with both the rows of these files; its paths start in the current folder, and an empty cell
    leaves the tag as it is. A show's masters and renditions are refused: the record says what their
    tags are.
    """
    from podkit.steps.tag import tag
    from podkit.steps.tag_order import TagOrder

    if not given["paths"] and given["table"] is None:
        raise click.UsageError("name a FILE, or a --table that names some")
    order = TagOrder(**given, here=session.here)
    with session.progress(lines=session.json) as progress:
        report = tag(order, dry_run=dry_run, progress=progress)
    text = _changed if order.changes else _text
    ends = session.emit(report, text, dry_run=dry_run, asked=not order.changes)
    if not session.json:
        _warn(report)
    return ends


def _changed(report: TagReport) -> list[str]:
    return [
        display(f"{'changed' if one.changed else 'as it was'} {one.path}") for one in report.files
    ]


def _warn(report: TagReport) -> None:
    label = styled("Warning:", "warning", sys.stderr)
    for one in report.files:
        for warning in one.warnings:
            note(f"{label} {display(f'{one.path}: {warning}')}")


def _text(report: TagReport) -> list[str]:
    found: list[str] = []
    for one in report.files:
        rows = [(display(key), display(value)) for key, value in one.tags.items()]
        rows += [("artwork", text) for text in artwork_lines(one.artwork)]
        rows += [(display(key), display(value)) for key, value in one.other.items()]
        found += [*([""] if found else []), display(one.path)]
        found += [f"  {line}" for line in [*columns(rows), *chapter_lines(one.chapters)]]
    return found

"""`podkit tag`: the tags of any file, shown or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from podkit.cli.options import PATH, dry_run_option, json_option, named
from podkit.cli.probe import artwork_lines, chapter_lines
from podkit.cli.session import Session
from podkit.cli.terminal import columns
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
    default="2.3",
    show_default=True,
    help="ID3's version.",
)
@dry_run_option
@json_option
@click.pass_obj
def command(session: Session, /, dry_run: bool, **given: Any) -> int:
    """Show the tags of media files, or change them in place, each file atomically.

    The masters of a show are refused: their tags come from the episode's record.
    """
    from podkit.steps.tag import TagOrder, tag

    if not given["paths"] and given["table"] is None:
        raise click.UsageError("name a FILE, or a --table that names some")
    order = TagOrder(**given)
    show = session.show_or_none()
    with session.progress() as progress:
        report = tag(order, show=show, dry_run=dry_run, progress=progress)
    changes = any(given[key] for key in _CHANGING)
    return session.emit(report, _changed if changes else _text, dry_run=dry_run, asked=not changes)


_CHANGING = (
    *("set", "remove", "clear", "image", "remove_image", "chapters", "remove_chapters"),
    *("copy_from", "table"),
)


def _changed(report: TagReport) -> list[str]:
    return [
        display(f"{'changed' if one.changed else 'as it was'} {one.path}") for one in report.files
    ]


def _text(report: TagReport) -> list[str]:
    found: list[str] = []
    for one in report.files:
        rows = [(display(key), display(value)) for key, value in one.tags.items()]
        rows += [("artwork", text) for text in artwork_lines(one.artwork)]
        rows += [(display(key), display(value)) for key, value in one.other.items()]
        found += [*([""] if found else []), display(one.path)]
        found += [f"  {line}" for line in [*columns(rows), *chapter_lines(one.chapters)]]
    return found

"""`podkit import`: a show from any feed, or what is new in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import PATH, damaged_option, dry_run_option, json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import counted
from podkit.model.text import display

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.steps.import_report import ImportReport


@named(
    "import",
    examples=[
        "podkit import https://podcast.example/feed.xml",
        "podkit import https://podcast.example/feed.xml my-show --no-media",
        "podkit import old-feed.xml my-show",
        "podkit -C my-show import https://podcast.example/feed.xml",
    ],
)
@click.argument("feed", metavar="FEED")
@click.argument("folder", type=PATH, required=False, metavar="[DIR]")
@click.option("--no-media", is_flag=True, help="Fetch nothing but the feed; addresses are kept.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Ask this host though it is in a private network; repeatable.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 16),
    default=3,
    metavar="N",
    help="Downloads at once; default: 3.",
)
@damaged_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session, /, feed: str, folder: Path | None, no_media: bool, hosts: tuple[str, ...],
    jobs: int, allow_damaged: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Make a show of FEED, a URL or a file, in DIR; inside a show, take what is new in it.

    GUIDs stay word for word. Media, artwork, chapters and transcripts are fetched, and a run that
    was stopped goes on where it stopped. What podkit has no key for is kept and written out again.
    """
    from podkit.steps.import_feed import import_feed
    from podkit.steps.import_report import ImportOrder

    order = ImportOrder(
        feed=feed,
        folder=folder,
        here=session.here,
        media=not no_media,
        hosts=hosts,
        jobs=jobs,
        allow_damaged=allow_damaged,
    )
    show = session.show_or_none() if folder is None else None
    with session.progress() as progress:
        report = import_feed(order, show, dry_run=dry_run, progress=progress)
    code = session.emit(report, _text, dry_run=dry_run)
    if report.created and not dry_run:
        session.hint(f"podkit -C {display(report.folder)} build")
    return code


def _text(report: ImportReport) -> list[str]:
    made = "made the show" if report.created else "into the show"
    lines = [f"{made} {report.title!r} in {report.folder}"]
    news = f"{counted(len(report.added), 'episode')} taken"
    lines.append(f"{news}, {len(report.skipped)} there already, {len(report.failed)} failed")
    for one in report.fields:
        parts = [f"{n} {word}" for n, word in _numbers(one) if n]
        why = f" ({'; '.join(one.why[:2])})" if one.why else ""
        lines.append(f"  {one.place:8}{one.field:20}{', '.join(parts)}{why}")
    lines += [f"warning: {text}" for text in report.warnings]
    return [display(line) for line in lines]


def _numbers(one: object) -> list[tuple[int, str]]:
    return [(getattr(one, word), word) for word in ("kept", "changed", "lost")]

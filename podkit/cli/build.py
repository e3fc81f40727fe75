"""`podkit build`: all that is stale, then public/ as one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from podkit.cli import transcode
from podkit.cli.options import damaged_option, dry_run_option, jobs_option, json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import counted, size
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.build import BuildReport
    from podkit.steps.write_feed import WrittenFeed


@named(
    "build",
    examples=["podkit build", "podkit build -n", "podkit build --now 2026-12-01 --no-site"],
)
@click.option("--now", default="", metavar="DATE", help="What is due: as if it were DATE.")
@click.option("--no-site", is_flag=True, help="Leave out the pages.")
@jobs_option
@damaged_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    now: str,
    no_site: bool,
    jobs: int | None,
    allow_damaged: bool,
    dry_run: bool,
) -> int:
    """Make all that is stale: renditions, chapters and transcripts, feeds, pages.

    What is scheduled is encoded too, outside of public/. At the end public/ changes as one; a second
    build does nothing.
    """
    from podkit.steps.build import BuildOrder, build

    order = BuildOrder(site=not no_site, jobs=jobs, allow_damaged=allow_damaged)
    with session.progress() as progress:
        report = build(
            session.here,
            order,
            opened=session.show,
            moment=partial(session.now, typed=now),
            dry_run=dry_run,
            progress=progress,
        )
    code = session.emit(report, _text, dry_run=dry_run)
    if code == 0 and not dry_run:
        session.hint("podkit publish")
    return code


def _text(report: BuildReport) -> list[str]:
    made = report.transcode
    found = transcode.text(made) if made.done else []
    found += map(feed_line, report.feeds)
    if report.pages or report.companions:
        companions = counted(report.companions, "companion file")
        found.append(f"{counted(report.pages, 'page')}, {companions}")
    found += held_lines(report.held)
    found += [
        display(f"not podkit's, so now in the trash: .podkit/trash/public/{path}")
        for path in report.trashed
    ]
    return found if report.changed else [*found, "public/ is as it was"]


def feed_line(feed: WrittenFeed) -> str:
    """What a feed holds, and for how many members where it is for some."""
    state = "changed" if feed.changed else "as it was"
    about = [counted(feed.items, "episode"), size(feed.bytes), state]
    if feed.members is not None:
        about.append(f"for {counted(feed.members, 'member')}")
    return display(f"{feed.path}: {', '.join(about)}")


def held_lines(held: object) -> list[str]:
    """A line for each episode that is held back, and why."""
    return [
        display(f"held back: {one.slug}" + (f" ({one.reason})" if one.reason else ""))
        for one in (held if isinstance(held, tuple) else ())
    ]

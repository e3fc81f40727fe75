"""`podkit feed`: the feeds into public/, or one of them where it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.build import feed_line, held_lines
from podkit.cli.options import dry_run_option, json_option, named
from podkit.cli.report import PARTLY
from podkit.cli.session import Session
from podkit.cli.terminal import note, out_bytes
from podkit.errors import UsageError

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow
    from podkit.steps.write_feed import FeedsReport


@named("feed", examples=["podkit feed", "podkit feed main -o -", "podkit feed -o /tmp/feed.xml"])
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="FILE|-", help="Write one feed there; - is stdout.")
@dry_run_option
@json_option
@click.pass_obj
def command(session: Session, /, name: str | None, output: str | None, dry_run: bool) -> int:
    """Write the feeds of the show into public/, or the one of NAME.

    Episodes whose renditions are not there are held back; `build` makes them.
    """
    from podkit.steps.settled import bring

    if output is not None and not dry_run:
        return _elsewhere(session, session.show(), name, output)
    report = bring(
        session.here,
        (name,) if name else (),
        opened=session.show,
        now=session.now(),
        dry_run=dry_run,
    )
    return session.emit(report, _text, dry_run=dry_run)


def _elsewhere(session: Session, show: OpenShow, name: str | None, output: str) -> int:
    from podkit.steps.save_feed import check_place, save
    from podkit.steps.write_feed import feed_and_broken

    if output != "-":
        check_place(session.path(output))
    feeds = tuple(show.podcast.feeds)
    if name is None and len(feeds) != 1:
        raise UsageError("which feed?", hint=f"podkit feed {feeds[0]} -o {output}")
    content, broken = feed_and_broken(show, name or feeds[0], now=session.now(show))
    if output == "-":
        out_bytes(content)
    else:
        save(session.path(output), content)
    for line in held_lines(broken):
        note(line)
    return PARTLY if broken else 0


def _text(report: FeedsReport) -> list[str]:
    return [*map(feed_line, report.feeds), *held_lines(report.held)]

"""`podkit list`: the episodes as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import note
from podkit.model.text import display
from podkit.model.timecode import format_duration

if TYPE_CHECKING:
    from podkit.steps.list_show import ListReport

_TITLES = ("slug", "no.", "title", "status", "published", "length", "stale")


@named("list", examples=["podkit list", "podkit list --json", "podkit -C my-show list"])
@json_option
@click.pass_obj
def command(session: Session, /) -> int:
    """List the episodes, newest first: where each stands, and which of its presets are stale."""
    from podkit.steps.list_show import list_episodes

    show = session.show()
    report = list_episodes(show, now=session.now(show), stale=session.stale(show))
    code = session.emit(report, _text, asked=True)
    for warning in report.warnings:
        note(display(f"Warning: {warning}"))
    if report.warnings:
        session.hint("put the record back, or take the folder away")
    elif not report.episodes:
        session.hint("podkit add FILE")
    return code


def _text(report: ListReport) -> list[str]:
    from podkit.cli.tables import table

    if not report.episodes:
        return ["no episodes yet"]
    rows = [
        (
            one.slug,
            numbered(one.season, one.number),
            one.title,
            one.status,
            "" if one.published is None else f"{one.published:%Y-%m-%d %H:%M}",
            format_duration(one.duration) if one.duration else "",
            " ".join(one.stale),
        )
        for one in report.episodes
    ]
    spare = ("length", "no.", "published", "stale")
    return table(_TITLES, rows, right=("no.", "length"), spare=spare)


def numbered(season: int | None, number: float | None) -> str:
    """`s2e5`, `5`, or nothing."""
    bare = "" if number is None else f"{number:g}"
    return f"s{season}e{bare}" if season is not None and bare else bare

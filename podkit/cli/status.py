"""`podkit status`: what there is to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from podkit.cli.options import json_option, named
from podkit.cli.session import Session
from podkit.cli.show import outline
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.model.drift import Drift
    from podkit.steps.status import StatusReport

_FIELDS = 8  # how many of a file are named, and how much of a value: a line is to be read
_LONG = 60


@named("status", examples=["podkit status", "podkit status --json"])
@json_option
@click.pass_obj
def command(session: Session, /) -> int:
    """Show what is stale, drifted from what was published, unpublished, scheduled, or failing lint.

    Of each file that says something else than the record, every field that differs is named.
    """
    from podkit.steps.status import status

    show = session.show()
    report = status(show, now=session.now(show))
    return session.emit(report, _text, asked=True)


def _text(report: StatusReport) -> list[str]:
    """The report in short, and a line for each file that does not say what the record says."""
    short = tuple(replace(one, differs=()) for one in report.episodes)
    found = outline(replace(report, episodes=short))
    lines = [
        line
        for episode in report.episodes
        for drift in episode.differs
        for line in _of_drift(episode.slug, drift)
    ]
    if lines:
        found += ["files that differ from the record:", *lines]
    return found or ["nothing to do"]


def _of_drift(slug: str, drift: Drift) -> list[str]:
    state = "published" if drift.published else "not published yet"
    fields = "; ".join(
        f"{one.field.replace('_', ' ')} {_quoted(one.found)}, wanted {_quoted(one.wanted)}"
        for one in drift.differs[:_FIELDS]
    )
    if len(drift.differs) > _FIELDS:
        fields += f"; and {len(drift.differs) - _FIELDS} more"
    said = f"{drift.why}: {fields}" if fields else drift.why
    lines = [display(f"  {slug} {drift.preset} ({state}): {said}")]
    return [*lines, display(f"    {drift.hint}")] if drift.hint else lines


def _quoted(text: str) -> str:
    short = text if len(text) <= _LONG else text[: _LONG - 1] + "…"
    return f'"{short}"' if text else "none"

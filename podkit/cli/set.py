"""`podkit set`: records edited with their comments kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import (
    dry_run_option,
    episodes_named,
    json_option,
    named,
    split_assignments,
    where_option,
)
from podkit.cli.session import Session
from podkit.errors import UsageError
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.edit import SetReport


@named(
    "set",
    examples=[
        "podkit set energy title='How it began' number=3",
        "podkit set latest published='2026-11-20 06:00'",
        """podkit set --where season=1 people='["host", "guest"]' -n""",
        "podkit set energy summary=",
    ],
)
@click.argument("words", nargs=-1, required=True, metavar="EPISODE... KEY=VALUE...")
@where_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session, /, words: tuple[str, ...], where: tuple[str, ...], dry_run: bool
) -> int:
    """Change values in the records of episodes; `KEY=` removes one.

    Everything that is not changed stays as it was written, comments too. With -n the values before
    and after are shown.
    """
    from podkit.steps.edit import set_values

    names, assignments = split_assignments(words)
    if not names and not where:
        raise UsageError("which episode?", hint="podkit set EPISODE KEY=VALUE")
    show = session.show()
    episodes = episodes_named(session, show, names, where)
    report = set_values(show, episodes, assignments, now=session.now(show), dry_run=dry_run)
    return session.emit(report, _text, dry_run=dry_run)


def _text(report: SetReport) -> list[str]:
    if not report.changed:
        return ["nothing to change"]
    return [display(f"{step.action} {step.subject}: {step.detail}") for step in report.plan]

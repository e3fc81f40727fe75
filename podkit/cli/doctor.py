"""`podkit doctor`: whether this machine and this show are fit for work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from podkit.cli.options import json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import styled
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.doctor import DoctorReport


@named("doctor", examples=["podkit doctor", "podkit doctor --json"])
@json_option
@click.pass_obj
def command(session: Session, /) -> int:
    """Look at tools, versions, encoders and configuration, and sweep leftovers of killed runs."""
    from podkit.steps.doctor import doctor

    report = doctor(session.show_or_none())
    code = 0 if all(check.ok for check in report.checks) else 1
    return session.emit(report, _text, asked=True, code=code)


def _text(report: DoctorReport) -> list[str]:
    found = []
    for check in report.checks:
        mark = (
            styled("ok  ", "good", sys.stdout) if check.ok else styled("FAIL", "error", sys.stdout)
        )
        found.append(f"{mark}  {display(check.name)}: {display(check.detail)}")
        if check.hint:
            found.append(styled(f"      {display(check.hint)}", "hint", sys.stdout))
    return found + [display(f"swept {path}") for path in report.swept]

"""`podkit status`: what there is to do."""

from __future__ import annotations

from typing import Any

import click

from podkit.cli.options import json_option, named
from podkit.cli.session import Session
from podkit.cli.show import outline


@named("status", examples=["podkit status", "podkit status --json"])
@json_option
@click.pass_obj
def command(session: Session, /) -> int:
    """Show what is stale, drifted from what was published, unpublished, scheduled, or failing lint."""
    from podkit.steps.status import status

    show = session.show()
    report = status(show, now=session.now(show))
    return session.emit(report, _text, asked=True)


def _text(report: Any) -> list[str]:
    return outline(report) or ["nothing to do"]

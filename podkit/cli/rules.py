"""`podkit rules`: the shelf of lint rules, and what one of them is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import json_option, named
from podkit.cli.session import Session
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.shelves import RulesReport


@named(
    "rules", examples=["podkit rules", "podkit rules PK208", "podkit rules explicit-missing --json"]
)
@click.argument("code", required=False)
@json_option
@click.pass_obj
def command(session: Session, /, code: str | None) -> int:
    """List the rules of `podkit lint`, or explain the one of CODE."""
    from podkit.steps.shelves import RulesReport, explain_rule, list_rules

    if code is None:
        return session.emit(list_rules(), _text, asked=True)
    report = RulesReport(rules=(explain_rule(code),))
    return session.emit(report, _explained, asked=True)


def _text(report: RulesReport) -> list[str]:
    from podkit.cli.tables import table

    rows = [(one.code, one.severity, one.rule, one.summary) for one in report.rules]
    return table(("code", "severity", "rule", "what it finds"), rows)


def _explained(report: RulesReport) -> list[str]:
    rule = report.rules[0]
    head = f"{rule.code} {rule.rule} ({rule.severity})"
    return [display(head), "", *(display(line) for line in rule.text.splitlines())]

"""What the rules found in one thing after the other, and how they are asked about a large one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podkit.model.finding import Finding, Severity
from podkit.model.plan import FailedFile
from podkit.rules.check import Checked, check, check_words
from podkit.steps.uncollected import uncollected

if TYPE_CHECKING:
    from podkit.model.show import LintSettings
    from podkit.rules.subject import Subject
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """Everything found; `skipped` are rules that could not be asked of these subjects."""

    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    failed: tuple[FailedFile, ...] = ()


def asked(
    subject: Subject, show: OpenShow | None, select: Sequence[str], ignore: Sequence[str]
) -> Checked:
    """What the rules find in a subject; what the show wants otherwise counts for its own feeds."""
    own = settings_of(show) if show is not None and subject.own else None
    with uncollected():
        return check(
            subject,
            select=select,
            ignore=(*ignore, *(own.ignore if own else ())),
            severity=own.severity if own else {},
        )


def settings_of(show: OpenShow) -> LintSettings:
    """What podkit.toml says of the rules.

    Raises:
        UsageError: it names a rule or a severity that there is not.
    """
    own = show.podcast.lint
    where = f"{show.layout.shown(show.layout.show_file)}, lint"
    check_words(own.ignore, own.severity, where=where)
    return own


def report_of(checked: Sequence[Checked], failed: Sequence[FailedFile]) -> LintReport:
    """What was found in all of them together."""
    findings = tuple(finding for one in checked for finding in one.findings)
    counted = Counter(str(finding.severity) for finding in findings)
    return LintReport(
        findings=findings,
        counts={str(severity): counted[str(severity)] for severity in Severity},
        skipped=tuple(sorted({code for one in checked for code in one.skipped})),
        failed=tuple(failed),
    )

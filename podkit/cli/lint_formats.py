"""Findings as text for people, as annotations for GitHub, and as SARIF 2.1.0."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

from podkit import __version__
from podkit.cli.terminal import counted, lines, styled
from podkit.model.finding import Severity
from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from podkit.model.finding import Finding
    from podkit.model.plan import FailedFile
    from podkit.steps.lint_findings import LintReport
    from podkit.steps.mend import Fixed, FixReport, Unfixed

_STYLE = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "dim"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def text(report: LintReport | FixReport) -> list[str]:
    """Findings by subject, each `subject:line:column  severity code rule: message`, and the count.

    Before them what was mended, behind them why the rest was not.
    """
    mended = [_fixed(one) for one in getattr(report, "fixed", ())]
    return [*mended, *_found(report), *_left(getattr(report, "unfixed", ()))]


def _fixed(one: Fixed) -> str:
    place = f"{one.path} {one.key}".strip()
    word = styled("fixed", "good", sys.stdout)
    return f"{word} {display(f'{one.code} {place}: {one.before!r} → {one.after!r}')}"


def _left(unfixed: Sequence[Unfixed]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for one in unfixed:
        reasons.setdefault(one.reason, []).append(one.code)
    said = [f"  {', '.join(codes)}: {reason}" for reason, codes in reasons.items()]
    first = next((one.code for one in unfixed), "")
    head = [f"left to you (podkit rules {first} explains one):"] if said else []
    return [display(line) for line in (*head, *said)]


def diff(report: FixReport) -> list[str]:
    """What --fix would change, as diff shows it."""
    return [display(line) for line in report.lines] or ["there is nothing that --fix can mend"]


def _found(report: LintReport | FixReport) -> list[str]:
    found: list[str] = []
    for subject, group in groupby(report.findings, key=lambda f: f.subject):
        if found:
            found.append("")
        for finding in group:
            found += _one(subject, finding)
    if found:
        found.append("")
    elif report.failed:
        return []  # nothing was looked at
    return [*found, _summary(report)]


def brief(findings: Iterable[Finding]) -> list[str]:
    """Findings of which it is clear what they are about: a line each, and what to do."""
    found: list[str] = []
    for one in findings:
        severity = styled(one.severity.value, _STYLE[one.severity], sys.stdout)
        about = f"{display(one.episode)}: " if one.episode else ""
        first, *more = lines(one.message)
        found += [f"{severity} {display(one.code)}: {about}{first}", *(f"    {m}" for m in more)]
        found += [styled(f"    {line}", "hint", sys.stdout) for line in lines(one.hint) if line]
    return found


def _one(subject: str, finding: Finding) -> list[str]:
    place = ":".join(
        str(part) for part in (subject, finding.line, finding.column) if part is not None
    )
    severity = styled(finding.severity.value, _STYLE[finding.severity], sys.stdout)
    code = display(f"{finding.code} {finding.rule}")
    first, *more = lines(finding.message)
    about = " ".join(filter(None, (finding.episode, finding.element)))
    found = [f"{display(place)}  {severity} {code}: {first}", *(f"    {line}" for line in more)]
    if about:
        found.append(styled(f"    in {display(about)}", "dim", sys.stdout))
    if finding.record:
        found.append(styled(f"    said in {display(finding.record)}", "dim", sys.stdout))
    if finding.hint:
        found += [styled(f"    {line}", "hint", sys.stdout) for line in lines(finding.hint)]
    return found


def _summary(report: LintReport | FixReport) -> str:
    counts = report.counts
    parts = [counted(counts[name], name) for name in ("error", "warning") if counts.get(name)] + (
        [f"{counts['info']} for your information"] if counts.get("info") else []
    )
    return ", ".join(parts) if parts else styled("nothing found", "good", sys.stdout)


def github(findings: Iterable[Finding], failed: Iterable[FailedFile] = ()) -> list[str]:
    """Workflow commands, one to a line, as GitHub's runner reads them; what failed is an error too."""
    found = []
    for finding in findings:
        places = {"file": finding.subject, "line": finding.line, "col": finding.column}
        title = f"{finding.code}::{finding.rule}" if finding.rule else finding.code
        fields = ",".join(
            f"{key}={_property(str(value))}"
            for key, value in (places | {"title": title}).items()
            if value is not None
        )
        said = finding.message + (f" ({finding.hint})" if finding.hint else "")
        found.append(f"::{_GITHUB[finding.severity]} {fields}::{_message(said)}")
    for one in failed:
        said = one.error + (f" ({one.hint})" if one.hint else "")
        found.append(f"::error file={_property(one.path)},title=podkit::{_message(said)}")
    return found


def _message(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return display(escaped)


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Sequence[Finding], failed: Sequence[FailedFile] = ()) -> dict[str, Any]:
    """One run in the Static Analysis Results Interchange Format (OASIS, version 2.1.0).

    What failed is a notification of the invocation (section 3.20.21), which then was no success.
    """
    rules = {f.code: {"id": f.code, "name": f.rule} for f in findings}
    driver = {"name": "podkit", "version": __version__, "rules": list(rules.values())}
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [_invocation(failed)],
                "results": [_result(f) for f in findings],
            }
        ],
    }


def _invocation(failed: Sequence[FailedFile]) -> dict[str, Any]:
    told = [
        {
            "level": "error",
            "message": {"text": one.error + (f"\n{one.hint}" if one.hint else "")},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(one.path)}}}],
        }
        for one in failed
    ]
    return {"executionSuccessful": not told, "toolExecutionNotifications": told}


def _result(finding: Finding) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.subject)}}
    if finding.line is not None:
        column = {} if finding.column is None else {"startColumn": finding.column}
        where["region"] = {"startLine": finding.line} | column
    location: dict[str, Any] = {"physicalLocation": where}
    if finding.element:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.element}]
    said = finding.message + (f"\n{finding.hint}" if finding.hint else "")
    return {
        "ruleId": finding.code,
        "level": _SARIF[finding.severity],
        "message": {"text": said},
        "locations": [location],
    }


def _uri(subject: str) -> str:
    from urllib.parse import quote

    if "://" in subject:
        return subject
    return quote(subject.encode(errors="surrogateescape"))

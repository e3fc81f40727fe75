"""What the tests of `podkit tag` ask of its reports."""

from __future__ import annotations

from pathlib import Path

from podkit.steps.tag import TagReport


def titles(report: TagReport) -> dict[str, str]:
    """Title by file name."""
    return {Path(one.path).name: one.tags.get("title", "") for one in report.files}


def lines(report: TagReport) -> list[str]:
    """The details of a plan."""
    return [change.detail for change in report.plan]

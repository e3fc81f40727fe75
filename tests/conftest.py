"""What all tests share: outside parts that are missing are loud on a developer's machine and errors in CI."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

# The tests start a thousand processes: without bytecode each of them would compile podkit, and what
# podkit needs, for itself. What the tests load is kept for all of them, whatever the surroundings say.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

IN_CI = bool(os.environ.get("CI"))
_skipped: list[str] = []


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `need("part")` runs only where that program is; in CI its absence is an error."""
    for mark in item.iter_markers("need"):
        for part in mark.args:
            if shutil.which(part) is None:
                message = f"needs {part}, which is not on PATH"
                if IN_CI:
                    pytest.fail(message + " (CI must install it)")
                pytest.skip(message)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped, also by a worker of pytest-xdist."""
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember whole modules that were skipped."""
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip is an error."""
    if IN_CI and _skipped and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that was skipped in CI."""
    if IN_CI and _skipped:
        terminalreporter.section("skipped in CI, where a skip is an error")
        for nodeid in sorted(set(_skipped)):
            terminalreporter.line(nodeid, red=True)

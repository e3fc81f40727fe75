"""What machines read of a lint: GitHub's workflow commands and SARIF, whatever a feed or a name holds."""

from __future__ import annotations

import json
import re

import pytest
from cli_runs import podkit, report

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>One</title><title>Two %0A::error::, x</title></channel></rss>
"""
COMMAND = re.compile(r"::(error|warning|notice) file=[^,:]+(,line=\d+,col=\d+)?,title=[^,:]+::.+")
NAMES = ["feed.xml", "a b ü,%:x.xml"]


@pytest.mark.parametrize("name", NAMES)
def test_each_finding_is_one_command(name, tmp_path):
    """No text of a feed and no name ends a command, or begins another; what failed is told as well."""
    (tmp_path / name).write_text(FEED, encoding="utf-8")
    found = report("lint", name, code=3, cwd=tmp_path)["findings"]
    lines = podkit("lint", name, "gone.xml", "--format", "github", cwd=tmp_path).stdout.splitlines()
    assert all(COMMAND.fullmatch(line) for line in lines), lines
    assert len(lines) == len(found) + 1
    assert lines[-1].startswith("::error file=gone.xml,title=podkit::")


@pytest.mark.parametrize("name", NAMES)
def test_sarif_says_where_and_how_bad(name, tmp_path):
    """Each finding is a result at its place, with a rule of the driver; addresses are encoded."""
    (tmp_path / name).write_text(FEED, encoding="utf-8")
    found = report("lint", name, code=3, cwd=tmp_path)["findings"]
    done = podkit("lint", name, "--format", "sarif", cwd=tmp_path)
    assert done.returncode == 3
    document = json.loads(done.stdout)
    (run,) = document["runs"]
    assert document["version"] == "2.1.0"
    assert [r["ruleId"] for r in run["results"]] == [f["code"] for f in found]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result, finding in zip(run["results"], found, strict=True):
        assert result["ruleId"] in known
        assert (
            result["level"]
            == {"error": "error", "warning": "warning", "info": "note"}[finding["severity"]]
        )
        assert result["message"]["text"].startswith(finding["message"])
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9%._-]+", place["artifactLocation"]["uri"])
        assert place["region"] == {"startLine": finding["line"], "startColumn": finding["column"]}
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_what_cannot_be_looked_at_is_no_success(tmp_path):
    """A file that is not there is told in every form, and not only by the exit code."""
    done = podkit("lint", "gone.xml", "--format", "sarif", cwd=tmp_path)
    assert done.returncode == 1
    (told,) = json.loads(done.stdout)["runs"][0]["invocations"]
    assert told["executionSuccessful"] is False
    (one,) = told["toolExecutionNotifications"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gone.xml"
    assert one["message"]["text"]

"""podkit's own files decide whether feeds are as they would be written; odd ones among them harm nobody."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from shows import add_episode, make_show

REPOSITORY = Path(__file__).resolve().parents[2]
SHOW = """\
[show]
title = "Own files"
language = "en"
description = "d"
[site]
url = "https://podcast.example/ui/"
[feeds.main]
path = "feed.xml"
"""
EPISODE = """\
guid = "talk"
title = "Talk"
published = 2026-02-01T06:00:00Z
enclosure = { url = "https://media.example/talk.mp3", length = 9, type = "audio/mpeg" }
"""


@pytest.fixture
def copied(tmp_path):
    """A copy of podkit that may be written to, and a show."""
    copy = tmp_path / "copy"
    shutil.copytree(REPOSITORY / "podkit", copy / "podkit")
    shutil.copytree(REPOSITORY / "templates", copy / "templates")
    layout = make_show(tmp_path / "show", SHOW)
    add_episode(layout, "talk", EPISODE)
    time.sleep(0.05)  # let the clock of the file system tick
    return copy, layout.root


def feed(copy: Path, root: Path) -> Any:
    """What that copy of podkit says of the feeds."""
    begin = f"import sys; sys.path.insert(0, {str(copy)!r})\n"
    run = "import podkit.__main__; assert podkit.__file__.startswith(sys.path[0])\n"
    end = "podkit.__main__.main()"
    done = subprocess.run(
        [sys.executable, "-c", begin + run + end, "-C", root, "feed", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def noted(root: Path) -> str:
    """What the note about the feeds says that they were made of."""
    note = (root / ".podkit/cache/feeds.json").read_text("utf-8").partition("\n")[2]
    return str(json.loads(note)["made_of"])


def test_a_link_that_leads_nowhere_among_podkits_own_files(copied):
    """Editors lock a file with one beside it: feeds are written, noted, and found as they are."""
    copy, root = copied
    os.symlink("somebody@somewhere.1234", copy / "podkit/steps/.#compose.py")
    os.symlink("itself.html", copy / "templates/itself.html")
    assert feed(copy, root)["feeds"][0]["changed"]
    made_of = noted(root)
    written = (root / ".podkit/cache/feeds.json").stat().st_mtime_ns
    assert not feed(copy, root)["feeds"][0]["changed"]
    assert (root / ".podkit/cache/feeds.json").stat().st_mtime_ns == written
    (copy / "podkit/steps/compose.py").touch()
    feed(copy, root)
    assert noted(root) != made_of

"""A long feed is the same byte for byte where the system lets nobody help to print it."""

from __future__ import annotations

import subprocess
import sys

from shows import add_episode, make_show

from podkit.share import LEAST

SHOW = """\
[show]
title = "Long"
description = "d"
[site]
url = "https://podcast.example/"
[feeds.main]
path = "feed.xml"
"""
EPISODE = """\
guid = "talk-{n}"
title = "Talk {n}"
published = 2026-02-01T06:00:00Z
enclosure = {{ url = "https://media.example/{n}.mp3", length = 9, type = "audio/mpeg" }}
"""

PRINT_TWICE = """
import os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from podkit.steps import ready, write_feed
from podkit.steps.open_show import open_show

os.sched_getaffinity = lambda _: range(3)  # a machine of one core would never fork
begun, fork = [], os.fork

def counted():
    begun.append(1)
    return fork()

os.fork = counted
show = open_show(Path(sys.argv[1]))
gathered = ready.gather(show)

def printed():
    begun.clear()
    _, feeds = write_feed.print_feeds(show, gathered, now=datetime(2027, 1, 1, tzinfo=UTC))
    return feeds["main"]["feed.xml"]

with_forks = printed()
print(len(begun) > 0, with_forks.count(b"<item>"))
free = os.dup(0)
os.close(free)
resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))  # not one more file
print(printed() == with_forks, len(begun))
"""


def test_no_file_is_left_for_what_a_fork_makes(tmp_path) -> None:
    """At a limit of open files no fork is begun, and this process prints all of it."""
    layout = make_show(tmp_path, SHOW)
    for n in range(LEAST + 20):
        folder = add_episode(layout, f"talk-{n}", EPISODE.format(n=n))
        (folder / "notes.md").write_text(f"What *{n}* said.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PRINT_TWICE, layout.root],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"True {LEAST + 20}\nTrue 0\n"

"""The page on podkit from Python does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from whole_runs import REPOSITORY

from podkit.feed.read import from_xml

PAGE = REPOSITORY / "docs/library.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FEED = """<rss version="2.0"><channel><title>T</title><link>https://show.example/</link>
<description>d</description>
<item><title>B</title><guid>b</guid><pubDate>last week</pubDate>
<enclosure url="https://m.example/b.mp3" length="2" type="audio/mpeg"/></item>
<item><title>A</title><guid>a</guid>
<enclosure url="https://m.example/a.mp3" length="1" type="audio/mpeg"/></item>
</channel></rss>"""


def test_every_example_runs(tmp_path: Path) -> None:
    """The page's examples are one program: a feed becomes a show, is built, compared and checked."""
    (tmp_path / "old.xml").write_text(FEED, encoding="utf-8")
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    (tmp_path / "program.py").write_text("\n".join(blocks), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = done.stdout
    assert "'last week' cannot be read" in said
    assert "PK209" in said
    assert "no podkit.toml" in said
    newest = from_xml((tmp_path / "newest.xml").read_bytes())
    assert [item.guid for item in newest.items] == ["b"]
    built = from_xml((tmp_path / "show/public/feed.xml").read_bytes())
    assert {item.guid for item in built.items} == {"a", "b"}

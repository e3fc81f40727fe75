"""Asks four readers that nobody here wrote what they see in podkit's fullest feed.

    python benchmarks/readers.py [FEED]

podcast-partytime and rss-parser come from the npm registry into a temporary folder; podcastparser and
feedparser are among the test dependencies. It ends with 1 where two of them differ from podkit, and
prints which tags of the podcast namespace partytime reports, and which it does not know.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
from lxml import etree

from podkit.feed.read import from_xml
from podkit.model.document import PODCAST

HERE = Path(__file__).resolve().parent
FULL = HERE.parent / "tests" / "golden" / "feed-full.xml"
PACKAGES = ("podcast-partytime", "rss-parser")


def main() -> int:
    """Print what each reader sees; 1 when one differs."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FULL
    content = path.read_bytes()
    wanted = [
        _row(
            i.title,
            i.guid,
            i.enclosure.url if i.enclosure else "",
            i.enclosure.type if i.enclosure else "",
        )
        for i in from_xml(content).items
    ]
    seen = _by_node(path)
    readers = {
        "partytime": [_of_node(one) for one in seen["partytime"]],
        "rss-parser": [_of_node(one) for one in seen["rss-parser"]],
        "feedparser": _by_feedparser(content),
        "podcastparser": _by_podcastparser(content),
    }
    worst = 0
    for name, rows in readers.items():
        same = sorted(rows) == sorted(wanted)
        worst |= not same
        print(f"{name}: {len(rows)} episodes, {'the same' if same else 'NOT the same'} as podkit's")
    used = {
        etree.QName(element).localname
        for element in etree.fromstring(content).iter("{*}*")
        if etree.QName(element).namespace == PODCAST
    }
    known = set(seen["support"])
    inner = {"source", "integrity", "valueRecipient", "valueTimeSplit"}
    print(f"podcast tags in the feed: {len(used)}; partytime reports {len(used & known)}")
    print(f"inside another tag: {', '.join(sorted(used & inner))}")
    print(f"not reported: {', '.join(sorted(used - known - inner)) or 'none'}")
    return worst


def _row(title: str, guid: str, url: str, kind: str) -> tuple[str, str, str, str]:
    return (title.strip(), guid, url, kind)


def _of_node(one: dict[str, Any]) -> tuple[str, str, str, str]:
    enclosure = one["enclosure"] or {}
    return _row(one["title"], one["guid"], enclosure.get("url", ""), enclosure.get("type", ""))


def _by_node(path: Path) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "package.json").write_text("{}", encoding="utf-8")
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", *PACKAGES]
        subprocess.run(install, cwd=folder, check=True)
        done = subprocess.run(
            ["node", HERE / "readers.mjs", path.resolve()],
            cwd=folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
    return json.loads(done.stdout)


def _by_feedparser(content: bytes) -> list[tuple[str, str, str, str]]:
    rows = []
    for entry in feedparser.parse(content).entries:
        enclosure = entry.enclosures[0] if entry.enclosures else {}
        rows.append(
            _row(entry.title, entry.id, enclosure.get("href", ""), enclosure.get("type", ""))
        )
    return rows


def _by_podcastparser(content: bytes) -> list[tuple[str, str, str, str]]:
    parsed = podcastparser.parse("https://radio.example/feed.xml", io.BytesIO(content))
    rows = []
    for one in parsed["episodes"]:
        enclosure = one["enclosures"][0] if one["enclosures"] else {}
        rows.append(
            _row(
                one["title"], one["guid"], enclosure.get("url", ""), enclosure.get("mime_type", "")
            )
        )
    return rows


if __name__ == "__main__":
    sys.exit(main())

"""Takes in every feed of the test sets of podcastparser and feedparser, and counts what is kept.

    pip download --no-binary :all: --no-deps -d CACHE podcastparser feedparser
    python benchmarks/feeds_corpus.py CACHE [--verbose]

Each feed is linted, imported without its media, and written again. Neither may crash: a feed is
taken, or refused with a reason. What was written again is then read by podcastparser, and held
field by field against what podcastparser's own tests expect of the original (where there are
such), else against its reading of the original.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import tempfile
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import podcastparser

from podkit.errors import PodkitError
from podkit.steps.import_feed import import_feed
from podkit.steps.import_report import ImportOrder
from podkit.steps.lint import LintOrder, lint
from podkit.steps.open_show import open_show
from podkit.steps.write_feed import feed_bytes

NOW = datetime(2036, 1, 1, tzinfo=UTC)
FIELDS = ("guid", "title", "url", "length", "type", "published", "duration")
UNKNOWN: dict[str, tuple[Any, ...]] = {
    "title": ("",),
    "length": (-1, 0),
    "published": (0,),
    "duration": (0,),
    "type": ("application/octet-stream",),
}


def main() -> int:
    """Run over both sets; 1 when something crashed or was lost."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("cache", type=Path)
    options.add_argument("--verbose", action="store_true")
    asked = options.parse_args()
    bad = 0
    for name in ("podcastparser", "feedparser"):
        with tempfile.TemporaryDirectory() as folder:
            archive = next(asked.cache.glob(f"{name}-*.tar.gz"))
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
            bad += over(name, Path(folder), verbose=asked.verbose)
    return 1 if bad else 0


def over(name: str, folder: Path, *, verbose: bool) -> int:
    """One set; how much of it went wrong."""
    feeds = [p for p in sorted(folder.rglob("*")) if p.suffix in {".rss", ".xml"} and p.is_file()]
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for path in feeds:
        outcome, again = take(path, seen)
        seen[outcome.partition(":")[0]] += 1
        said[outcome.partition(":")[2].strip()[:60]] += 1
        if again is None:
            if verbose:
                print(f"  {path.name}: {outcome}")
            continue
        for field, before, after in differences(path, again, kept):
            lost[field] += 1
            print(f"  {path.name}: {field}: {before!r} became {after!r}")
    print(f"{name}: {len(feeds)} files, " + ", ".join(f"{n} {w}" for w, n in seen.items()))
    for reason, count in said.most_common(8):
        if reason:
            print(f"  refused {count:5}  {reason}")
    print(f"  {'field':16}{'kept':>8}{'lost':>8}")
    for field in (*FIELDS, "episode", "a draft", "relative"):
        print(f"  {field:16}{kept[field]:8}{lost[field]:8}")
    return seen["crashed"] + seen["lint crashed"] + sum(lost.values())


def take(path: Path, seen: Counter[str]) -> tuple[str, bytes | None]:
    """What becomes of one feed, and its feed as podkit writes it."""
    try:
        lint(None, LintOrder(subjects=(str(path),)), now=NOW)
    except PodkitError:
        pass
    except Exception:  # noqa: BLE001 (that is what is looked for)
        traceback.print_exc()
        seen["lint crashed"] += 1
    with tempfile.TemporaryDirectory() as folder:
        show = Path(folder) / "show"
        try:
            import_feed(ImportOrder(feed=str(path), folder=show, media=False), None)
            return "taken", feed_bytes(open_show(show), "main", now=NOW)
        except PodkitError as error:
            return f"refused: {error.message.splitlines()[-1]}", None
        except Exception:  # noqa: BLE001 (that is what is looked for)
            traceback.print_exc()
            print(path)
            return "crashed", None


def differences(path: Path, again: bytes, kept: Counter[str]) -> list[tuple[str, object, object]]:
    """Which fields of which episodes are not what podcastparser expects; the others are counted."""
    expected = path.with_suffix(".json")
    try:
        before = (
            json.loads(expected.read_text(encoding="utf-8"))
            if expected.exists()
            else podcastparser.parse(f"file://{path}", io.BytesIO(path.read_bytes()))
        )
    except Exception:  # noqa: BLE001 (podcastparser cannot read it: there is nothing to compare)
        return []
    after = podcastparser.parse(f"file://{path}", io.BytesIO(again))
    out: list[tuple[str, object, object]] = []
    found = {one["guid"]: facts(one) for one in after["episodes"]}
    for episode in before["episodes"]:
        wanted = facts(episode)
        if wanted["url"] is None:
            kept["a draft"] += 1  # without an enclosure no feed may name it
            continue
        if any(str(wanted[key]).startswith("file:") for key in ("url", "guid")):
            kept["relative"] += 1  # in a file that has no address: on no web
            continue
        there = found.get(episode["guid"])
        if there is None:
            out.append(("episode", episode["guid"], sorted(found)))
            continue
        kept["episode"] += 1
        for field in FIELDS:
            unknown = UNKNOWN.get(field, ())
            if wanted[field] == there[field] or wanted[field] in unknown:
                kept[field] += 1
            else:
                out.append((field, wanted[field], there[field]))
    return out


def facts(episode: dict[str, Any]) -> dict[str, Any]:
    """What is compared of an episode."""
    enclosure = (episode.get("enclosures") or [{}])[0]
    return {
        "guid": episode["guid"],
        "title": " ".join(episode["title"].split()),
        "url": enclosure.get("url"),
        "length": enclosure.get("file_size"),
        "type": enclosure.get("mime_type"),
        "published": episode.get("published"),
        "duration": episode.get("total_time"),
    }


if __name__ == "__main__":
    sys.exit(main())

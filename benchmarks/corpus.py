"""Media files that podkit did not make: looked into, retitled, and held against other readers.

The files are the samples inside the source distributions of tag libraries, fetched from the
package index once and kept in a folder. Printed: how many files there are, how many podkit reads
and retitles, how often it crashed, and what else than the title changed (by mutagen's raw tags,
exiftool, and an MD5 of the decoded sound).

    python benchmarks/corpus.py --cache ~/.cache/podkit-corpus
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutagen

from podkit.errors import PodkitError
from podkit.media.tools import find_ffmpeg
from podkit.tags import files as tag_files

SOURCES = (
    "mutagen==1.48.1",
    "beets==2.14.1",
    "mediafile==0.12.0",
    "pytaglib==3.2.0",
    "hachoir==3.4.0",
    "pymediainfo==7.0.1",
    "puremagic==1.30",
    "filetype==1.2.0",
)
SUFFIXES = frozenset(
    [
        ".mp3",
        ".mp2",
        ".m4a",
        ".m4b",
        ".m4v",
        ".mp4",
        ".mov",
        ".3gp",
        ".ogg",
        ".oga",
        ".opus",
        ".spx",
        ".oggflac",
        ".flac",
        ".wav",
        ".aif",
        ".aiff",
        ".aifc",
        ".aac",
        ".mkv",
        ".webm",
        ".wma",
        ".ape",
        ".wv",
        ".mpc",
        ".tta",
        ".au",
        ".avi",
        ".id3",
    ]
)
TITLE = 'Нова назва "q" 🎙'
VOLATILE = frozenset(
    [
        "SourceFile",
        "FileName",
        "Directory",
        "FileSize",
        "FileModifyDate",
        "FileAccessDate",
        "FileInodeChangeDate",
        "FilePermissions",
        "ExifToolVersion",
        "MediaDataOffset",
        "MediaDataSize",
        "ID3Size",
        "Padding",
        "Title",
        "Warning",
        "AudioBitrate",
        "AvgBitrate",
        "BitDepth",
        "Duration",
        "FreeBytes",
        "Vendor",
        "HandlerType",
        "HandlerVendorID",
    ]
)
"""What exiftool says of every retitled file, whatever wrote it: sizes, dates, places."""
TITLES = frozenset(
    ["TIT2", "\xa9nam", "title", "Title", "TT2", "TYER", "TDAT", "TIME", "TDRC", "TSIZ"]
)

KNOWN = {
    "unparseable.mp3": "mutagen does not keep a TDRC frame that is no date",
    "106-short-picture-block-size.flac": "exiftool misread the damaged file before",
    "emptylist.mp3": "mutagen does not keep a genre without a name",
}
"""Files of which something changes that podkit does not mend, and why."""


@dataclass(slots=True)
class Figures:
    """What is counted."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def fetch(cache: Path) -> None:
    """Download the source distributions that are not there yet."""
    cache.mkdir(parents=True, exist_ok=True)
    pip = shutil.which("pip") or shutil.which("pip3")
    if pip is None:
        raise SystemExit("it needs pip to fetch the samples")
    for wanted in SOURCES:
        name, _, version = wanted.partition("==")
        if not list(cache.glob(f"{name}-{version}*.tar.gz")):
            words = [pip, "download", "--quiet", "--no-deps", "--no-binary", name]
            subprocess.run([*words, "--dest", str(cache), wanted], check=False)


def unpack(cache: Path, folder: Path) -> list[Path]:
    """Every media file of the distributions once, by its content."""
    seen: set[str] = set()
    found: list[Path] = []
    for archive in sorted(cache.glob("*.tar.gz")):
        with tarfile.open(archive) as opened:
            for member in opened:
                suffix = Path(member.name).suffix.lower()
                if not member.isfile() or suffix not in SUFFIXES:
                    continue
                stream = opened.extractfile(member)
                content = stream.read() if stream else b""
                digest = hashlib.sha256(content).hexdigest()
                if digest in seen or not content:
                    continue
                seen.add(digest)
                path = folder / f"{len(found):03d}-{Path(member.name).name}"
                path.write_bytes(content)
                found.append(path)
    return found


def look(paths: list[Path], figures: Figures) -> None:
    """Run the commands that only look; a crash is exit 70, a traceback, or no JSON."""
    for command in (["tag", "--json"], ["probe", "--json"]):
        words = [sys.executable, "-m", "podkit", *command, *map(str, paths)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode not in {0, 1, 4} or "Traceback" in done.stderr:
            figures.faults.append(f"{command[0]}: exit {done.returncode} {done.stderr[-300:]}")
        report = json.loads(done.stdout)
        figures.counts[f"{command[0]} reads"] = len(report["files"])
        figures.counts[f"{command[0]} refuses"] = len(report["failed"])
    for path in paths:
        words = [sys.executable, "-m", "podkit", "chapters", str(path)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode == 70 or "Traceback" in done.stderr:
            figures.faults.append(f"chapters {path.name}: {done.stderr[-300:]}")


def sound(path: Path) -> str:
    """An MD5 of the decoded sound; empty for a file that does not decode without complaints."""
    words = [find_ffmpeg().path, "-v", "error", "-nostdin", "-i", str(path), "-map", "0:a:0"]
    done = subprocess.run([*words, "-f", "md5", "-"], check=False, capture_output=True)
    return "" if done.stderr else done.stdout.decode()


def raw(path: Path) -> dict[str, str]:
    """Mutagen's own view of the tags, without the title and the dates that ID3 versions share."""
    opened: Any = mutagen.File(path)
    if opened is None or opened.tags is None:
        return {}
    pairs = opened.tags.items() if hasattr(opened.tags, "items") else opened.tags
    found: dict[str, str] = {}
    for key, value in pairs:
        if key.split(":")[0] not in TITLES and key.lower() != "title":
            found[key] = found.get(key, "") + repr(value)
    return found


def exif(paths: list[Path]) -> dict[str, set[str]]:
    """Exiftool's view of all files, from one call: each tag and value, whatever the version of ID3."""
    if not paths:
        return {}
    words = ["exiftool", "-j", "-G4", "-a", "-charset", "UTF8", *map(str, paths)]
    done = subprocess.run(words, check=False, capture_output=True)
    return {
        Path(one["SourceFile"]).name: {
            f"{name}: {value}"
            for key, value in one.items()
            if (name := key.split(":")[-1]) not in VOLATILE
        }
        for one in json.loads(done.stdout or b"[]")
    }


def retitle(paths: list[Path], figures: Figures) -> list[Path]:
    """Set the title of each file that podkit tags; gives those."""
    done = []
    for path in paths:
        try:
            before, heard = raw(path), sound(path)
        except Exception:  # noqa: BLE001 (whatever mutagen raises: then podkit has to refuse it)
            before, heard = {"?": "?"}, ""
        try:
            tag_files.update(path, set={"title": TITLE})
        except PodkitError as error:
            figures.counts["refused in words"] += 1
            figures.counts[f"  because {str(error)[:60]}"] += 1
            continue
        except Exception as error:  # noqa: BLE001 (this is what is looked for)
            figures.faults.append(f"{path.name}: {error!r}")
            continue
        done.append(path)
        figures.counts["sound compared"] += bool(heard)
        after = raw(path)
        keys = {k for k in before if before[k] != after.get(k)}
        if keys and path.name.partition("-")[2] not in KNOWN:
            figures.faults.append(f"{path.name}: changed too: {sorted(keys)}")
        if tag_files.read(path).fields["title"] != TITLE:
            figures.faults.append(f"{path.name}: the title is another")
        if heard and sound(path) != heard:
            figures.faults.append(f"{path.name}: sounds otherwise")
    return done


def compare(name: str, before: set[str], after: set[str], figures: Figures) -> None:
    """Count what exiftool saw before and misses now, unless it said nothing.

    Frames that are there twice become one, whose values exiftool joins with a slash.
    """
    joined = {part for tag in after for part in tag.partition(": ")[2].split("/")}
    lost = {t for t in before - after if t.partition(": ")[2].strip() not in {"", *joined}}
    lost = {t for t in lost if not t.startswith("Error: ") and not t.endswith(") ")}
    if lost and KNOWN.get(name.partition("-")[2]):
        figures.counts[f"known: {KNOWN[name.partition('-')[2]]}"] += 1
    elif lost:
        figures.faults.append(f"{name}: exiftool misses {sorted(lost)}, finds {after - before}")


def main() -> int:
    """Fetch, look, retitle, compare, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--cache", type=Path, default=Path.home() / ".cache/podkit-corpus")
    options.add_argument(
        "--only-tags", action="store_true", help="leave `probe` and `chapters` out"
    )
    given = options.parse_args()
    fetch(given.cache)
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        paths = unpack(given.cache, Path(name))
        figures.counts["files"] = len(paths)
        if not given.only_tags:
            look(paths, figures)
        before = exif(paths)
        done = retitle(paths, figures)
        figures.counts["retitled"] = len(done)
        after = exif(done)
        for path in done:
            compare(path.name, before[path.name], after[path.name], figures)
    for what, count in figures.counts.items():
        print(f"{count:5d} {what}")
    print(f"{len(figures.faults):5d} faults")
    print("\n".join(figures.faults))
    return int(bool(figures.faults) or len(paths) < 150)


if __name__ == "__main__":
    sys.exit(main())

"""Knows what must hold for a show after any fault, and says what does not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from harness import difference, digest, tree

OF_TARGET = re.compile(r"^(published/|trash/feeds/)[^/]+/")
TEMPORARY = re.compile(r"\.podkit-[0-9a-f]{8}")
NAMED_BY_HASH = re.compile(r"-([0-9a-f]{8})\.[a-z0-9]+$")
PUBLISHED = re.compile(r"^published = \S+$", re.MULTILINE)
GUID = re.compile(r'^guid = "[^"]*"', re.MULTILINE)


def originals(show: Path, before: Path) -> Iterator[str]:
    """What people wrote, and the masters, are what they were."""
    old = {name: found for name, found in written(before).items() if _is_original(name)}
    new = written(show)
    for name, found in old.items():
        if new.get(name) != found:
            yield f"{name} was changed or lost"


def _is_original(name: str) -> bool:
    return not name.endswith("renditions.toml")


def written(show: Path) -> dict[str, str]:
    """The left side of the show: podkit.toml, the cover, episodes/."""
    return {
        name: found
        for name, found in tree(show).items()
        if not name.startswith((".podkit/", "public/")) and not name.startswith(".podkit-")
    }


def records(show: Path) -> Iterator[str]:
    """Each episode's record parses, and its masters match it; there is no episode without one."""
    for folder in sorted((show / "episodes").glob("*")):
        if TEMPORARY.match(folder.name):
            continue
        yield from _record(folder)
        made = folder / "renditions.toml"
        if made.exists():
            try:
                tomllib.loads(made.read_text(encoding="utf-8"))
            except ValueError as error:
                yield f"{folder.name}/renditions.toml: {error}"


def _record(folder: Path) -> Iterator[str]:
    try:
        record = tomllib.loads((folder / "episode.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        yield f"{folder.name}: {error}"
        return
    if not record.get("guid"):
        yield f"{folder.name} has no GUID"
    masters = record.get("masters", {})
    if not masters:
        yield f"{folder.name} has no master"
    for master in masters.values():
        file = folder / master["file"]
        if not file.exists():
            yield f"{folder.name}: {master['file']} is not there"
        elif (file.stat().st_size, digest(file)) != (master["bytes"], master["sha256"]):
            yield f"{folder.name}: {master['file']} is not what the record says"


def renditions(show: Path) -> Iterator[str]:
    """Each encoded file under a final name is whole: its name holds its hash."""
    for folder in (show / ".podkit" / "media", show / "public" / "media"):
        for path in sorted(folder.glob("*")):
            if not path.is_file() or TEMPORARY.match(path.name):
                continue
            named = NAMED_BY_HASH.search(path.name)
            if named is None or not digest(path).startswith(named[1]):
                yield f"{path.parent.name}/{path.name} is not whole"


def feeds(public: Path) -> Iterator[str]:
    """Each feed parses, and each of its enclosures exists with the stated length."""
    for path in sorted(public.glob("*.xml")):
        if TEMPORARY.match(path.name):
            continue
        try:
            root = ET.fromstring(path.read_bytes())  # noqa: S314 (made by podkit)
        except ET.ParseError as error:
            yield f"{path.name}: {error}"
            continue
        for enclosure in root.iter("enclosure"):
            name = Path(urlsplit(enclosure.get("url", "")).path).name
            file = public / "media" / name
            if not file.exists():
                yield f"{path.name}: {name} is not there"
            elif str(file.stat().st_size) != enclosure.get("length"):
                yield f"{path.name}: {name} has another length"


def public_is_one_of(show: Path, *known: Path) -> Iterator[str]:
    """public/ is wholly one of the known ones."""
    now = tree(show / "public")
    found = [difference(now, tree(one / "public")) for one in known]
    if all(found):
        yield f"public/ is a mixture: {min(found, key=len)}"


def leftovers(show: Path) -> Iterator[str]:
    """No temporary file is left anywhere."""
    for path in sorted(show.rglob(".podkit-*")):
        if TEMPORARY.match(path.name):
            yield f"{path.relative_to(show)} is left"


def after_fault(show: Path, before: Path, after: Path) -> Iterator[str]:
    """What holds at once, whenever the fault came."""
    yield from originals(show, before)
    yield from records(show)
    yield from renditions(show)
    yield from feeds(show / "public")
    yield from public_is_one_of(show, before, after)


def at_the_end(show: Path, undisturbed: Path) -> Iterator[str]:
    """What holds after the next run: all is as if there had been no fault."""
    yield from records(show)
    yield from renditions(show)
    yield from feeds(show / "public")
    yield from leftovers(show)
    told = difference(_comparable(show), _comparable(undisturbed))
    if told:
        yield f"it did not end as an undisturbed run: {told}"


def _comparable(show: Path) -> dict[str, str]:
    """Everything but caches, less what is chance: new GUIDs, moments of publishing.

    Of `.podkit` the names count: media under another name, or a file that nobody removed; but the
    note of who holds a lock means nothing without the lock, and what is remembered of a target lies
    in a folder called by its address, which is another one for each disk.
    """
    found = written(show) | {f"public/{n}": h for n, h in tree(show / "public").items()}
    for path in show.glob("episodes/*/episode.toml"):
        name = path.relative_to(show).as_posix()
        found[name] = GUID.sub("", path.read_text(encoding="utf-8"))
    for path in show.glob("episodes/*/renditions.toml"):
        name = path.relative_to(show).as_posix()
        found[name] = PUBLISHED.sub("", path.read_text(encoding="utf-8"))
    names = {n for n in tree(show / ".podkit") if not n.startswith("cache/")}
    names = {OF_TARGET.sub(r"\1*/", n) for n in names if not n.endswith(".holder")}
    return found | {f".podkit/{n}": "" for n in names}

"""Whether this machine and this show are fit for work, and what killed runs left behind."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit import files, plugins, sandbox
from podkit.engines.engine import ENGINES
from podkit.errors import FileError, PodkitError
from podkit.formats import chapters, transcripts
from podkit.media import tools
from podkit.presets.builtin import PRESETS
from podkit.rules.rule import RULES
from podkit.staging import sweep
from podkit.targets.target import TARGETS
from podkit.transcribers.transcriber import TRANSCRIBERS

if TYPE_CHECKING:
    from podkit.media.tools import Tool
    from podkit.registry import Registry
    from podkit.steps.open_show import OpenShow

LIBRARIES = ("av", "click", "feedgen", "ffmpeg-python", "imageio-ffmpeg", "lxml", "mutagen")
SHELVES: tuple[Registry[Any], ...] = (
    PRESETS, RULES, TARGETS, chapters.FORMATS, transcripts.FORMATS, ENGINES, TRANSCRIBERS,
)  # fmt: skip
LITTLE_SPACE = 1 << 30
"""Bytes of free space below which a build may well fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorReport:
    """Everything that was looked at, and the leftovers that were removed."""

    checks: tuple[Check, ...] = ()
    swept: tuple[str, ...] = ()


def doctor(show: OpenShow | None) -> DoctorReport:
    """Look at Python, libraries, ffmpeg, its encoders, and the show when there is one."""
    checks = [
        Check(name="python", ok=sys.version_info >= (3, 11), detail=platform.python_version()),
        Check(name="libraries", ok=True, detail=", ".join(map(_version, LIBRARIES))),
        *_ffmpeg(),
        *_plugins(),
    ]
    swept: tuple[str, ...] = ()
    if show is not None:
        checks += [
            Check(name="show", ok=True, detail=f"{show.podcast.show.title}: {_count(show)}"),
            _space(show),
        ]
        swept, state = _sweep(show)
        checks.append(state)
    return DoctorReport(checks=tuple(checks), swept=swept)


def _sweep(show: OpenShow) -> tuple[tuple[str, ...], Check]:
    """What dead runs left is removed; a show that cannot be written is a finding, not the end."""
    try:
        with files.lock(show.layout.lock):
            swept = tuple(show.layout.shown(path) for path in sweep(show.layout.staging))
    except FileError as error:
        detail = f"{show.layout.shown(show.layout.lock)}: {error.message}"
        return (), Check(name="state", ok=False, detail=detail, hint=error.hint)
    return swept, Check(name="state", ok=True, detail=".podkit can be written")


def _version(name: str) -> str:
    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return f"{name} missing"


def _plugins() -> list[Check]:
    """What installed packages put on the shelves, and what fails to get there."""
    checks = []
    for group in plugins.GROUPS:
        shelves = (shelf for shelf in SHELVES if shelf.group == group)
        faults = {name: error for shelf in shelves for name, error in shelf.faults.items()}
        for point in plugins.points(group):
            fault = faults.get(point.name)
            checks.append(
                Check(
                    name=f"plug-in {point.name}",
                    ok=fault is None,
                    detail=f"{group}, {point.package}" if fault is None else fault.message,
                    hint="" if fault is None else fault.hint,
                )
            )
    return checks


def _ffmpeg() -> list[Check]:
    try:
        tool = tools.find_ffmpeg()
    except PodkitError as error:
        return [Check(name="ffmpeg", ok=False, detail=error.message, hint=error.hint)]
    found = Check(name="ffmpeg", ok=True, detail=f"{tool.version} ({tool.origin}: {tool.path})")
    return [found, _sandbox(tool), *_presets(tool)]


def _sandbox(tool: Tool) -> Check:
    """Whether what reads strangers' files is kept from all others: a try with a file of our own.

    Without it there are still the limits and the lists of allowed formats and decoders.
    """
    version = sandbox.version()
    if not version:
        return Check(name="sandbox", ok=True, detail="none: this system has no Landlock")
    with tempfile.NamedTemporaryFile() as secret:
        kept = tools.is_kept_in(tool, Path(secret.name))
    detail = f"Landlock {version}: ffmpeg opens no file but its own"
    if kept:
        return Check(name="sandbox", ok=True, detail=detail)
    return Check(
        name="sandbox",
        ok=True,
        detail=f"Landlock {version}, but this ffmpeg runs without it",
        hint="it does not start inside; the bundled one does",
    )


def _presets(tool: Tool) -> list[Check]:
    lacking: dict[str, PodkitError] = {}
    for name, preset in PRESETS.items():
        try:
            tools.check(tool, preset)
        except PodkitError as error:
            lacking[name] = error
    if not lacking:
        return [Check(name="encoders", ok=True, detail="every preset can be made")]
    return [
        Check(name=f"preset {name}", ok=False, detail=error.message, hint=error.hint)
        for name, error in lacking.items()
    ]


def _count(show: OpenShow) -> str:
    count = len(show.episodes)
    return f"{count} episode{'' if count == 1 else 's'}"


def _space(show: OpenShow) -> Check:
    free = shutil.disk_usage(show.layout.root).free
    return Check(
        name="space",
        ok=free >= LITTLE_SPACE,
        detail=f"{free / 1e9:.1f} GB free",
        hint="" if free >= LITTLE_SPACE else "free some space before the next build",
    )

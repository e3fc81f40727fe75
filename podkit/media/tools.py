"""Where ffmpeg is, how old it is and what it can do."""

from __future__ import annotations

import functools
import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import child
from podkit.errors import ToolError
from podkit.model.preset import Kind, Preset
from podkit.sandbox import Fence

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIABLE = "PODKIT_FFMPEG"
"""The environment variable that names the ffmpeg to use."""

MINIMUM = (5, 1)
"""The oldest ffmpeg that has every option podkit uses (`-fps_mode`, `alimiter=latency`)."""

ENCODERS = {
    "mp3": "libmp3lame",
    "aac": "aac",
    "opus": "libopus",
    "flac": "flac",
    "h264": "libx264",
    "av1": "libsvtav1",
}
"""The encoder that makes each codec a preset may name."""

_FILTERS = ("aformat", "alimiter", "aresample", "asetpts", "ebur128", "volume")
_PICTURE_FILTERS = ("format", "scale", "setparams", "setsar", "split")
_CLEANING_FILTERS = ("afftdn", "apad", "atrim", "dynaudnorm", "highpass")
_ASKING = child.Limits(deadline=20.0, idle=20.0)
_INSTALL = (
    "install imageio-ffmpeg or your system's ffmpeg package, "
    f"or name another one: {VARIABLE}=/path/to/ffmpeg"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One ffmpeg: `version` as it calls itself, `numbers` of it (empty for a development build)."""

    path: str
    version: str
    banner: str
    numbers: tuple[int, ...] = ()
    origin: str = ""
    """Where it was found: "environment", "configuration", "bundled", "path"."""
    fenced: bool = True
    """Whether it starts inside a fence; one whose parts lie in odd places may not."""


def find_ffmpeg(configured: str | None = None) -> Tool:
    """The ffmpeg to use: `PODKIT_FFMPEG`, then the configured one, the bundled one, PATH.

    What a person named is used or refused, never passed over.

    Raises:
        ToolError: there is none, or it does not start, or it is older than `MINIMUM`.
    """
    named = ((os.environ.get(VARIABLE), "environment"), (configured, "configuration"))
    for path, origin in named:
        if path:
            found = shutil.which(path)
            if found is None:
                raise ToolError("this ffmpeg is not there", where=path, hint=_INSTALL)
            return _checked(found, origin)
    for path, origin in ((_bundled(), "bundled"), (shutil.which("ffmpeg"), "path")):
        if path:
            return _checked(path, origin)
    raise ToolError("there is no ffmpeg", hint=_INSTALL)


def _bundled() -> str | None:
    """The binary in imageio-ffmpeg's wheel; its own look-up would start it once to try it."""
    try:
        import imageio_ffmpeg  # noqa: PLC0415 (may be left out where the system brings ffmpeg)
    except ImportError:
        return None
    folder = Path(imageio_ffmpeg.__file__).parent / "binaries"
    found = sorted(p for p in folder.glob("ffmpeg-*") if os.access(p, os.X_OK))
    return str(found[-1]) if found else None


def _checked(path: str, origin: str) -> Tool:
    answer, fenced = _first_answer(path)
    banner = answer.partition("\n")[0].strip()
    named = re.match(r"ffmpeg version (\S+)", banner)
    if named is None:
        raise ToolError("this is not ffmpeg: it does not tell its version", where=path)
    version = named[1]
    numbers = version_numbers(version)
    if numbers and numbers[:2] < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        raise ToolError(
            f"this ffmpeg is too old: {version}; podkit needs {wanted} or newer",
            where=path,
            hint=_INSTALL,
        )
    return Tool(
        path=path, version=version, banner=banner, numbers=numbers, origin=origin, fenced=fenced
    )


def _first_answer(path: str) -> tuple[str, bool]:
    """What it says of itself, and whether it does so inside a fence."""
    try:
        return _ask(path, "-version", *_identity(path), fenced=True), True
    except ToolError:
        return _ask(path, "-version", *_identity(path), fenced=False), False


def is_kept_in(tool: Tool, secret: Path) -> bool:
    """Whether a file that exists is hidden from this ffmpeg when it is not told to read it."""
    if not tool.fenced:
        return False
    argv = (tool.path, "-nostdin", "-f", "data", "-i", f"file:{secret}", "-f", "null", "-")
    said = child.run(argv, limits=replace(_ASKING, fence=Fence())).stderr
    return "Permission denied" in said


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of "7.0.2-static", "n7.1", "5.1.9-0+deb12u1"; none of "N-12345-gabc".

    A development build counts as new.
    """
    found = re.match(r"n?(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def encoders(tool: Tool) -> frozenset[str]:
    """The names of the encoders that it was built with."""
    return _listed(_ask(tool.path, "-encoders", *_identity(tool.path), fenced=tool.fenced))


def filters(tool: Tool) -> frozenset[str]:
    """The names of the filters that it was built with."""
    return _listed(_ask(tool.path, "-filters", *_identity(tool.path), fenced=tool.fenced))


def check(tool: Tool, preset: Preset, more: Iterable[str] = ()) -> None:
    """Refuse before any work when ffmpeg lacks what the preset needs.

    Args:
        tool: the ffmpeg to use.
        preset: what shall be made.
        more: filters that the source needs (`picture_graph.filters_wanted`).

    Raises:
        ToolError: an encoder or filter is missing, or the preset names a codec podkit cannot make.
    """
    if preset.kind not in {Kind.AUDIO, Kind.VIDEO, Kind.HLS}:
        return
    filmed = preset.kind is not Kind.AUDIO
    wanted = [preset.audio_codec, *([preset.video_codec] if filmed else [])]
    unknown = [codec for codec in wanted if codec not in ENCODERS]
    if unknown:
        raise ToolError(
            f"the preset {preset.name!r} wants the codec {unknown[0]!r}, which podkit cannot make",
            hint="known: " + ", ".join(sorted(ENCODERS)),
        )
    needed = {ENCODERS[codec] for codec in wanted} - encoders(tool)
    parts = {*_FILTERS, *(_PICTURE_FILTERS if filmed else ())}
    parts |= {*(_CLEANING_FILTERS if preset.clean else ()), *(more if filmed else ())}
    needed |= parts - filters(tool)
    if needed:
        raise ToolError(
            f"this ffmpeg ({tool.version}) was built without {', '.join(sorted(needed))}, "
            f"which the preset {preset.name!r} needs",
            where=tool.path,
            hint=_INSTALL,
        )


def _listed(text: str) -> frozenset[str]:
    """The second word of each line that begins with flags."""
    rows = (line.split() for line in text.splitlines())
    return frozenset(
        row[1] for row in rows if len(row) > 1 and re.fullmatch(r"[A-Z.|]{2,6}", row[0])
    )


def _identity(path: str) -> tuple[int, int]:
    """What changes when the binary is replaced: its time in ns and its size."""
    try:
        found = os.stat(path)
    except OSError as error:
        raise ToolError(f"this ffmpeg is gone: {error.strerror}", where=path) from error
    return found.st_mtime_ns, found.st_size


@functools.lru_cache(maxsize=32)
def _ask(
    path: str,
    question: str,
    modified: int,  # noqa: ARG001 (a key of the cache)
    size: int,  # noqa: ARG001 (likewise)
    *,
    fenced: bool,
) -> str:
    lines: list[str] = []

    def keep(line: str) -> bool:
        lines.append(line)
        return True

    limits = replace(_ASKING, fence=Fence()) if fenced else _ASKING
    outcome = child.run([path, "-hide_banner", question], limits=limits, on_line=keep)
    if outcome.stopped or outcome.returncode != 0:
        said = outcome.stderr.strip().splitlines()[-1:]
        reason = outcome.stopped or (said[0] if said else f"exit status {outcome.returncode}")
        raise ToolError(f"this ffmpeg does not answer {question}: {reason}", where=path)
    return "\n".join(lines)

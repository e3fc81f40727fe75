"""Running podkit as a person does, and the material that the whole tests use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import wave
from pathlib import Path
from typing import Any

import loaded
from schemas import hold

REPOSITORY = Path(__file__).resolve().parents[2]
SPEECH = REPOSITORY / "episodes/talks-that-followed/master.flac"
FILM = REPOSITORY / "episodes/nuclear-company-explained/master.mp4"

CHAPTERS = "00:00:00.000 Вступ — «лапки» & <b>\n00:00:02.345 Second, 2.345\n00:00:05.600 Third 🎙\n"


def podkit(*words: object, code: int | None = 0, cwd: Path | None = None, **more: str) -> str:
    """What a command printed on stdout; it has to end with `code`."""
    return _run(words, code, cwd, more).stdout


def complaint(*words: object, code: int = 1) -> str:
    """What a command that fails with `code` said on stderr."""
    return _run(words, code, None, {}).stderr


def everything_said(*words: object) -> str:
    """What a command printed on stdout and stderr together, however it ended."""
    done = _run(words, None, None, {})
    return done.stdout + done.stderr


def _run(
    words: tuple[object, ...], code: int | None, cwd: Path | None, more: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(REPOSITORY)} | more
    done = loaded.run(words, cwd=cwd, env=env, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    if code is None:  # whatever it found
        return done
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def answer(*words: object, code: int = 0, **more: Any) -> Any:
    """The JSON document of a command."""
    document = json.loads(podkit(*words, "--json", code=code, **more))
    hold(words, document)
    return document


def ffmpeg(*words: object) -> None:
    """Run the ffmpeg that podkit brings."""
    from podkit.media.tools import find_ffmpeg

    command = [find_ffmpeg().path, "-v", "error", "-nostdin", "-y", *map(str, words)]
    subprocess.run(command, check=True)


def talk(path: Path, seconds: float = 8.0) -> Path:
    """A piece of the sample's speech in the format of the path's suffix."""
    ffmpeg("-i", SPEECH, "-t", seconds, "-ac", 2, "-ar", 44100, path)
    return path


def film(path: Path, seconds: float = 5.0) -> Path:
    """A piece of the sample's video."""
    ffmpeg("-i", FILM, "-t", seconds, "-c:v", "libx264", "-preset", "ultrafast", path)
    return path


def tone(path: Path, seconds: float = 2.0) -> Path:
    """A WAV without any tool: a quiet square wave."""
    frames = int(seconds * 8000)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\x00\x10\x00\xf0" * (frames // 2))
    return path


def make_show(folder: Path, *words: object) -> Path:
    """A show made by `podkit init`."""
    podkit(
        *("init", folder, "--no-input", "--title", "Whole Show", "--author", "The testers"),
        *("--link", "https://podcast.example/show/", "--email", "show@podcast.example"),
        *("--feed-url", "https://podcast.example/show/feed.xml"),
        *("--media-url", "https://media.example/show/", "--language", "en", "--no-explicit"),
        *("--category", "News > Politics", "--timezone", "Europe/Kyiv"),
        *words,
    )
    return folder


def built_show(root: Path, *names: str) -> Path:
    """A show of so many built episodes, a day apart, none of them live; its target is beside it."""
    folder = make_show(root / "show", "--publish-url", "file:../out")
    for day, name in enumerate(names, 1):
        sound = tone(root / f"{name}.wav", 1 + day)
        date = f"2026-11-0{day}"
        answer("-C", folder, "add", sound, "--title", name.title(), "--published", date)
    answer("-C", folder, "build")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by name."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def sample(folder: Path) -> Path:
    """A copy of the repository's own show, without what was made of it."""
    shutil.copytree(REPOSITORY / "episodes", folder / "episodes")
    for name in ("podkit.toml", "cover.jpg"):
        shutil.copy2(REPOSITORY / name, folder / name)
    for made in folder.glob("episodes/*/renditions.toml"):
        made.unlink()
    return folder

"""Makes the sample show's masters, artwork, chapters and transcript, and records their facts.

    python docs/sample/make_sample.py [--again]

A master that is there stays as it is, unless --again is given: then its renditions are stale too.
Needs espeak-ng; everything else comes with podkit.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tempfile
from pathlib import Path

import av
import draw
import imageio_ffmpeg
import tomlkit
from script import SCRIPTS, VOICES
from speak import perform

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Ukraine Insights"
NOTE = "a sample show of podkit"
BUDGET = 4_000_000
"""Bytes that all of the sample's media may take together."""

_EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"]
_SOUND = {
    ".flac": ["-c:a", "flac", "-compression_level", "12"],
    ".opus": ["-c:a", "libopus", "-b:a", "56k", "-ac", "1", "-serial_offset", "2026"],
}
_PICTURES = ["-c:v", "libx264", "-preset", "slower", "-tune", "stillimage", "-crf", "30"]
_PICTURES += ["-pix_fmt", "yuv420p", "-g", "250", "-threads", "1"]
_VIDEO_SOUND = ["-c:a", "aac", "-b:a", "56k", "-movflags", "+faststart"]


def main() -> None:
    """Make what is missing and say what it weighs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="make everything anew")
    again = parser.parse_args().again
    made = [_write(ROOT / "cover.jpg", draw.cover(TITLE, NOTE))]
    for script in SCRIPTS:
        made += _episode(script, again=again)
    total = sum(path.stat().st_size for path in made)
    for path in made:
        print(f"{path.stat().st_size:>9,} {path.relative_to(ROOT)}")
    print(f"{total:>9,} together")
    if total > BUDGET:
        message = f"more than {BUDGET:,} bytes"
        raise SystemExit(message)


def _episode(script, *, again: bool) -> list[Path]:
    folder = ROOT / "episodes" / script.slug
    folder.mkdir(parents=True, exist_ok=True)
    names = {"main": script.sound or script.video}
    if script.sound and script.video:
        names["video"] = script.video
    with tempfile.TemporaryDirectory() as scratch:
        sound = Path(scratch) / "spoken.wav"
        cues = perform(script, sound)
        for name in names.values():
            if again or not (folder / name).exists():
                _encode(sound, cues, folder / name, Path(scratch))
    (folder / "chapters.txt").write_text(_chapters(cues), encoding="utf-8")
    if script.transcript:
        (folder / "transcript.vtt").write_text(_transcript(cues), encoding="utf-8")
    _record(folder / "episode.toml", {key: folder / name for key, name in names.items()})
    made = [folder / name for name in names.values()]
    if script.artwork:
        made.append(_write(folder / "cover.jpg", draw.artwork(script.title)))
    return made


def _encode(sound: Path, cues, output: Path, scratch: Path) -> None:
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"]
    if output.suffix in _SOUND:
        command = [*ffmpeg, "-i", str(sound), *_SOUND[output.suffix], *_EXACT, str(output)]
        subprocess.run(command, check=True)
        return
    length = _seconds(sound)
    starts = [0.0, *(cue.start for cue in cues[1:]), length]
    command = list(ffmpeg)
    for at, cue in enumerate(cues):
        picture = scratch / f"{at}.png"
        draw.slide(picture, cue, speaker=VOICES[cue.line.voice].name, part=starts[at + 1] / length)
        shown = round(starts[at + 1] * 25) - round(starts[at] * 25)
        command += ["-loop", "1", "-framerate", "25", "-t", str(shown / 25), "-i", str(picture)]
    inputs = "".join(f"[{at}:v]" for at in range(len(cues)))
    command += ["-i", str(sound), "-filter_complex", f"{inputs}concat=n={len(cues)}[v]"]
    command += ["-map", "[v]", "-map", f"{len(cues)}:a", *_PICTURES, *_VIDEO_SOUND, *_EXACT]
    subprocess.run([*command, str(output)], check=True)


def _chapters(cues) -> str:
    """`HH:MM:SS.mmm Title`, a chapter where the heading changes."""
    lines = []
    heading = None
    for cue in cues:
        if cue.line.chapter != heading:
            heading = cue.line.chapter
            lines.append(f"{_clock(cue.start if lines else 0.0)} {heading}")
    return "\n".join(lines) + "\n"


def _transcript(cues) -> str:
    """WebVTT with a voice span for each speaker."""
    blocks = [
        f"{_clock(cue.start)} --> {_clock(cue.end)}\n"
        f"<v {VOICES[cue.line.voice].name}>{cue.line.text}</v>\n"
        for cue in cues
    ]
    return "WEBVTT\n\n" + "\n".join(blocks)


def _clock(seconds: float) -> str:
    minutes, millis = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{millis // 1000:02d}.{millis % 1000:03d}"


def _record(path: Path, masters: dict[str, Path]) -> None:
    """Put the facts of the masters into the record, everything else left as it is written."""
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    for key, master in masters.items():
        table = document["masters"][key]
        table["file"] = master.name
        table["sha256"] = hashlib.sha256(master.read_bytes()).hexdigest()
        table["bytes"] = master.stat().st_size
        table["duration"] = round(_seconds(master), 6)
        table["video"] = master.suffix == ".mp4"
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _seconds(path: Path) -> float:
    """The length of the sound, decoded to its end."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        return samples / stream.rate


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    main()

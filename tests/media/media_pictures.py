"""Films for the tests, encoded by the graph alone, and what an independent ffprobe sees of them."""

from __future__ import annotations

import json
import subprocess

import media_sounds as sounds

from podkit.media import graph, run
from podkit.media.level import Level
from podkit.media.order import EncodeOrder, chain_of
from podkit.media.probe import probe
from podkit.model.preset import Preset
from podkit.presets.builtin import PRESETS
from podkit.presets.preset import apply

QUICK = {"encoder_preset": "ultrafast"}
H264 = ("-c:v", "libx264", "-preset", "ultrafast")


def preset(name: str = "video-720p", **settings: str) -> Preset:
    """A built-in that encodes quickly and otherwise as it is."""
    return apply(PRESETS.get(name), {**(QUICK if name != "av1" else {}), **settings})


def make(tool, source, output, *wanted: Preset):
    """Encode by the graph alone, and give what ffprobe sees of the first output's pictures."""
    media = probe(source)
    rungs = []
    for number, one in enumerate(wanted or (preset(),)):
        path = output.with_name(f"{number}-{output.name}") if number else output
        order = EncodeOrder(source=source, probe=media, preset=one, output=path)
        chain = chain_of(order, Level()) if media.audio else None
        rungs.append((one, chain, path))
    ran = run.ffmpeg(tool, graph.ladder(media, source, rungs), where=source)
    assert ran.returncode == 0, ran.stderr
    return seen(output)


def seen(path):
    """What ffprobe says of the pictures."""
    argv = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-select_streams", "v:0"]
    return json.loads(subprocess.run([*argv, str(path)], check=True, capture_output=True).stdout)[
        "streams"
    ][0]


def packets(path):
    """The moments at which pictures are shown, and those of keyframes, in seconds."""
    argv = ["ffprobe", "-v", "error", "-of", "json", "-select_streams", "v:0", "-show_packets"]
    found = subprocess.run([*argv, str(path)], check=True, capture_output=True).stdout
    listed = json.loads(found)["packets"]
    times = sorted(float(packet["pts_time"]) for packet in listed)
    return times, sorted(float(p["pts_time"]) for p in listed if "K" in p["flags"])


def pixels(path, *filters: str, at: float = 0.0):
    """One decoded frame in bytes of red, green and blue."""
    argv = [sounds.BUNDLED, "-v", "error", "-ss", str(at), "-i", str(path), "-frames:v", "1"]
    graph_of = ",".join([*filters, "format=rgb24"])
    argv += ["-vf", graph_of, "-f", "rawvideo", "-"]
    return subprocess.run(argv, check=True, capture_output=True).stdout


def film(path, *options: object, picture: str = "testsrc2=s=320x180:r=25:d=1"):
    sounds.make("-f", "lavfi", "-i", picture, *(options or (*H264, "-pix_fmt", "yuv420p")), path)
    return path

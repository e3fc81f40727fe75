"""Thirty sounds as different as what people send: layouts, rates, depths, levels, and what is in them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from material import FFMPEG, QUIET, STAND_IN, WORDS, run

if TYPE_CHECKING:
    from pathlib import Path

CHORDS = "+".join(
    f"0.06*sin(2*PI*{pitch}*t)*(0.5+0.5*cos(2*PI*{beat}*t))"
    for pitch, beat in [
        *((110, 0.3), (220, 0.5), (277.2, 0.7), (329.6, 1.1), (440, 0.9)),
        *((554.4, 1.3), (659.3, 1.7), (1318, 2.3), (2637, 3.1), (5274, 1.9)),
    ]
)
_MUSIC = f"aevalsrc='{CHORDS}|{CHORDS.replace('sin', 'cos')}':s={{rate}}"
_DRUMS = (
    "aevalsrc='0.7*sin(2*PI*(50*mod(t,0.5)-3*exp(-30*mod(t,0.5))))*exp(-9*mod(t,0.5))"
    "+0.5*(random(0)-0.5)*exp(-40*mod(t+0.25,0.5))':s={rate}"
)
_CHIRPS = "aevalsrc='0.7*sin(2*PI*(50+90*exp(-30*mod(t,0.5)))*t)*exp(-9*mod(t,0.5))':s=44100"
_SQUARE = "aevalsrc='{level}*sgn(sin(2*PI*{pitch}*t))':s={rate}"
_CLICKS = "if(lt(mod(t,1.7),0.0004),0.99,0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One source: a graph of filters with `[voice]` for speech, or without it; `depth` a codec.

    `hopeless` says why its loudness cannot be what is wanted, where that is so.
    """

    name: str
    graph: str
    rate: int = 48_000
    channels: int = 2
    depth: str = "pcm_s16le"
    seconds: float = 40.0
    hopeless: str = ""


def _music(rate: int) -> str:
    return _MUSIC.format(rate=rate)


THIRTY = (
    Sound(name="speech, mono 22.05 kHz, 16 bits", graph="[voice]", rate=22_050, channels=1),
    Sound(name="speech, mono 44.1 kHz, 8 bits", graph="[voice]", rate=44_100, channels=1, depth="pcm_u8"),
    Sound(name="speech, stereo 44.1 kHz, 16 bits", graph="[voice]", rate=44_100),
    Sound(name="speech, stereo 48 kHz, 24 bits", graph="[voice]", depth="pcm_s24le"),
    Sound(name="speech, mono 96 kHz, 24 bits", graph="[voice]", rate=96_000, channels=1, depth="pcm_s24le"),
    Sound(name="speech, stereo 48 kHz, 32 bits", graph="[voice]", depth="pcm_s32le"),
    Sound(name="speech, mono 48 kHz, float", graph="[voice]", channels=1, depth="pcm_f32le"),
    Sound(name="speech of -45 LUFS, 16 bits", graph="[voice]volume=-27dB"),
    Sound(name="speech of -45 LUFS, mono 24 bits", graph="[voice]volume=-25dB", channels=1, depth="pcm_s24le"),
    Sound(name="speech clipped at 0 dBFS", graph="[voice]volume=18dB"),
    Sound(name="speech 6 dB above full scale, float", graph="[voice]volume=12dB", depth="pcm_f32le"),
    Sound(name="speech between silences of 8 s", graph="[voice]volume=0:enable='gt(mod(t,12),4)'", seconds=60),
    Sound(
        name="speech between pauses with noise",
        graph="[voice]volume=0:enable='gt(mod(t,15),6)'[v];"
        "anoisesrc=c=pink:a=0.004:seed=3:r=48000,pan=stereo|c0=c0|c1=c0[n];[v][n]amix=2:normalize=0",
        seconds=60,
    ),
    Sound(name="two speakers, panned hard", graph="[voice]volume='if(lt(mod(t,8),4),1,0)':eval=frame,asplit[a][b];[b]adelay=4000|4000[c];[a]pan=mono|c0=c0[l];[c]pan=mono|c0=c0[r];[l][r]join=inputs=2:channel_layout=stereo"),
    Sound(name="speech in the left channel alone", graph="[voice]pan=stereo|c0=c0|c1=0*c0", rate=44_100),
    Sound(name="speech with clicks", graph=f"[voice][k];aevalsrc='{_CLICKS}':s=48000,pan=stereo|c0=c0|c1=c0[c];[k][c]amix=2:normalize=0"),
    Sound(name="speech over rumble of 30 Hz", graph="[voice][k];sine=f=30:r=48000,volume=14dB,pan=stereo|c0=c0|c1=c0[c];[k][c]amix=2:normalize=0"),
    Sound(name="speech of 6 s", graph="[voice]", seconds=6, channels=1, rate=44_100),
    Sound(name="speech of 5 min", graph="[voice]", seconds=300),
    Sound(name="speech, levelled hard", graph="[voice]acompressor=threshold=0.02:ratio=20:attack=1:release=30:makeup=12,alimiter=limit=0.5", rate=44_100),
    Sound(name="music, stereo 44.1 kHz", graph=_music(44_100), rate=44_100),
    Sound(name="music, stereo 96 kHz, 24 bits", graph=_music(96_000), rate=96_000, depth="pcm_s24le"),
    Sound(name="music, loud and clipped", graph=_music(48_000) + ",volume=18dB"),
    Sound(name="drums", graph=_DRUMS.format(rate=44_100), rate=44_100, channels=1),
    Sound(name="music of 4 min, 22.05 kHz", graph=_music(22_050), rate=22_050, seconds=240),
    Sound(name="square wave of 200 Hz, 0 dBFS", graph=_SQUARE.format(level=0.999, pitch=200, rate=44_100), rate=44_100, channels=1),
    Sound(name="square wave of 1 kHz, quiet", graph=_SQUARE.format(level=0.02, pitch=1000, rate=48_000), depth="pcm_s24le"),
    Sound(name="pink noise", graph="anoisesrc=c=pink:r=48000:seed=5:a=0.4", channels=1, depth="pcm_f32le"),
    Sound(name="white noise of -40 dBFS", graph="anoisesrc=c=white:r=44100:seed=6:a=0.01", rate=44_100),
    Sound(name="sweep from 40 Hz to 12 kHz", graph="aevalsrc='0.5*sin(2*PI*40*20*(pow(300,t/20)-1)/log(300))':s=48000", seconds=20),
)  # fmt: skip

ODD = (
    Sound(name="silence", graph="anullsrc=r=44100", rate=44_100, hopeless="there is nothing to lift"),
    Sound(name="noise of -65 LUFS", graph="anoisesrc=c=pink:r=48000:a=0.003", depth="pcm_s24le",
          hopeless="it counts as silence"),
    Sound(name="a click every 1.7 s", graph=f"aevalsrc='{_CLICKS}':s=48000",
          hopeless="its peaks lie 30 dB above its loudness"),
    Sound(name="opposite phases, to mono", graph="[voice]pan=stereo|c0=c0|c1=-1*c0",
          hopeless="its mono is silence"),
    Sound(name="a sine of 30 Hz", graph="sine=f=30:r=48000",
          hopeless="what is measured hardly hears it"),
    Sound(name="speech of 0.3 s", graph="[voice]", seconds=0.3,
          hopeless="it is shorter than a window of 400 ms"),
)  # fmt: skip
"""What has no loudness to speak of, or cannot have the wanted one below the wanted peak."""


def made(sound: Sound, folder: Path, voice: Path) -> Path:
    """The sound as a WAV file."""
    path = folder / ("".join(c if c.isalnum() else "-" for c in sound.name) + ".wav")
    layout = "mono" if sound.channels == 1 else "stereo"
    last = f"aresample={sound.rate},aformat=channel_layouts={layout}"
    graph, inputs = sound.graph, []
    if "[voice]" in graph:
        inputs = ["-stream_loop", "-1", "-i", voice]
        opening = "[0:a]aresample=48000,aformat=sample_fmts=flt,pan=stereo|c0=c0|c1=c0"
        rest = graph.removeprefix("[voice]")
        graph = opening + (rest if rest.startswith("[") or not rest else f",{rest}")
    options = ["-t", sound.seconds, "-c:a", sound.depth]
    run(FFMPEG, *QUIET, *inputs, "-filter_complex", f"{graph},{last}", *options, path)
    return path


def spoken(folder: Path) -> Path:
    """Speech of about -20 LUFS."""
    path = folder / "voice.wav"
    if shutil.which("espeak-ng"):
        run("espeak-ng", "-v", "en-us", "-s", "150", "-w", path, WORDS)
    else:
        run(FFMPEG, *QUIET, "-f", "lavfi", "-i", STAND_IN, "-t", "30", path)
    return path

"""What was made is heard to its last sample, whether it is decoded whole or in stretches at once."""

from __future__ import annotations

from random import Random

import media_sounds as sounds
import pytest

from podkit.engines.local import LocalEngine
from podkit.errors import DamagedMediaError, FileError
from podkit.media import listen, segments, survey, verify
from podkit.media.graph import Chain
from podkit.media.sniff import sniff
from podkit.media.tape import of_wav
from podkit.presets.builtin import PRESETS

SECONDS = 23.4567
NAMES = ("mp3", "mp3-mono", "m4a", "opus", "flac")


@pytest.fixture(scope="module")
def engine():
    """Two slots."""
    made = LocalEngine(2)
    yield made
    made.close()


@pytest.fixture(scope="module", params=[44_100, 48_000])
def tape(request, speech, tmp_path_factory):
    """Speech in stereo."""
    path = tmp_path_factory.mktemp("tape") / "x.wav"
    rate = request.param
    swell = "aformat=sample_fmts=flt,pan=stereo|c0=c0|c1=0.7*c0,volume='1+0.7*sin(t)':eval=frame"
    many = ["-stream_loop", "9", "-i", speech, "-af", swell, "-ar", rate, "-t", SECONDS]
    sounds.make(*many, path)
    found = of_wav(path)
    assert found is not None
    return found


def made(tool, engine, tape, name: str, folder) -> listen.Made:
    """A rendition by podkit's own encoder."""
    preset = PRESETS.get(name)
    channels = preset.channels or 2
    rate = 48_000 if name == "opus" else tape.rate
    chain = Chain(channels=channels, rate=None if rate == tape.rate else rate)
    output = folder / f"x.{preset.extension}"
    sound = segments.Sound(tape=tape, chain=chain, preset=preset)
    segments.encode(tool, sound, output, folder, engine=engine, file_bytes=1 << 28)
    samples = round(tape.samples * rate / tape.rate)
    return listen.Made(
        path=output, container=sniff(output), samples=samples, rate=rate, channels=channels
    )


@pytest.mark.parametrize("name", NAMES)
def test_in_stretches_as_whole(tool, engine, tape, tmp_path, monkeypatch, name):
    """Every sample is counted once, and loudness and true peak are those of the whole."""
    rendition = made(tool, engine, tape, name, tmp_path)
    whole = listen.listen(rendition, engine=engine)
    monkeypatch.setattr(survey, "STRETCH", 5.0)
    several = listen.listen(rendition, engine=engine)
    counted = sounds.samples(rendition.path)
    assert whole.samples == several.samples == counted
    if name != "opus":
        assert counted == tape.samples
    assert whole.errors == several.errors == ()
    assert several.loudness.integrated == pytest.approx(whole.loudness.integrated, abs=0.02)
    assert several.loudness.true_peak == pytest.approx(whole.loudness.true_peak, abs=0.11)
    lufs, peak = sounds.measured(rendition.path, sounds.BUNDLED)
    assert several.loudness.integrated == pytest.approx(lufs, abs=0.06)
    assert several.loudness.true_peak == pytest.approx(peak, abs=0.11)


@pytest.mark.long
@pytest.mark.need("ffmpeg")
@pytest.mark.parametrize("name", NAMES)
def test_by_each_ffmpeg(engine, each, tape, tmp_path, monkeypatch, name):
    """What an older ffmpeg has encoded is heard as it is, too; its m4a tells milliseconds only."""
    rendition = made(each, engine, tape, name, tmp_path)
    monkeypatch.setattr(survey, "STRETCH", 5.0)
    several = listen.listen(rendition, engine=engine)
    assert several.samples == pytest.approx(rendition.samples, abs=tape.rate / 1000)
    assert several.loudness.integrated == pytest.approx(
        sounds.measured(rendition.path, each.path)[0], abs=0.06
    )


@pytest.mark.parametrize("name", ["mp3", "m4a", "flac"])
@pytest.mark.parametrize("part", [0.3, 0.75])
def test_what_is_cut_off_is_missed(tool, engine, tape, tmp_path, monkeypatch, name, part):
    """A result that is shorter than planned is heard as short, in stretches too, or not at all."""
    rendition = made(tool, engine, tape, name, tmp_path)
    size = rendition.path.stat().st_size
    with rendition.path.open("r+b") as stream:
        stream.truncate(round(size * part))
    monkeypatch.setattr(survey, "STRETCH", 5.0)
    try:
        found = listen.listen(rendition, engine=engine)
    except DamagedMediaError:
        return
    assert found.errors or found.samples < tape.samples * 0.95


@pytest.mark.parametrize("name", NAMES)
def test_what_ffmpeg_finds_damaged_is_found_damaged(tool, engine, speech, tmp_path, name):
    """A result with other bytes in its middle is heard to be damaged wherever ffmpeg hears that."""
    sounds.make("-i", speech, "-ar", 48_000, "-ac", 2, tmp_path / "x.wav")
    found = of_wav(tmp_path / "x.wav")
    assert found is not None
    rendition = made(tool, engine, found, name, tmp_path)
    whole = rendition.path.read_bytes()
    random = Random(7)
    theirs = ours = 0
    for number in range(16):
        broken = bytearray(whole)
        for _ in range(1 + number % 4):
            at = random.randrange(len(broken) // 4, len(broken) - 64)
            broken[at : at + 32] = random.randbytes(32)
        rendition.path.write_bytes(broken)
        by_ffmpeg = is_damaged(rendition, lambda: verify.decode(tool, rendition.path))
        by_us = is_damaged(rendition, lambda: listen.listen(rendition, engine=engine))
        assert by_us or not by_ffmpeg
        theirs, ours = theirs + by_ffmpeg, ours + by_us
    assert ours >= theirs > 0


def is_damaged(rendition: listen.Made, decode) -> bool:
    """Whether decoding gives errors, another length, or nothing at all."""
    try:
        decoded = decode()
    except DamagedMediaError:
        return True
    return bool(decoded.errors) or decoded.samples != rendition.samples


def test_what_is_gone_is_no_damage(tool, engine, tape, tmp_path):
    """A file that cannot be opened is told as that."""
    rendition = made(tool, engine, tape, "flac", tmp_path)
    rendition.path.unlink()
    with pytest.raises(FileError):
        listen.listen(rendition, engine=engine)

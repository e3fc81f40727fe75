"""A rendition is as long and as loud as promised, measured on the encoded file by another ffmpeg."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace

import media_sounds as sounds
import pytest

from podkit.errors import DamagedMediaError, EncodeError, NotMediaError
from podkit.media import material as material_module
from podkit.media import tools
from podkit.media.encode import EncodeOrder, encode
from podkit.media.material import Material, scratch
from podkit.media.probe import probe
from podkit.media.survey import Survey
from podkit.media.tape import Tape
from podkit.model.loudness import LoudnessTarget
from podkit.model.work import HERE
from podkit.presets.builtin import PRESETS

SOUND = ("mp3", "mp3-mono", "m4a", "opus")
SOURCES = {
    "plain": "anull",
    "quiet": "volume=-30dB",
    "hot": "volume=20dB",
    "peaky": "volume=-20dB,aeval='val(0)+if(lt(mod(t,1),0.002),0.9,0)'",
    "panned": "asplit[a][b];[b]adelay=900[d];[a][d]join=2:stereo:0.0-FL|1.0-FR",
    "dynamic": "volume='if(lt(t,3),-35,0)':eval=frame:precision=float",
    "surround": "aresample=48000,pan=5.1|FL=c0|FR=0.5*c0|FC=c0|LFE=0.1*c0|BL=0.3*c0|BR=0.2*c0",
    "high rate": "aresample=96000",
}


@pytest.fixture(scope="session")
def sources(folder, speech):
    """Speech that is quiet, hot, full of clicks, hard-panned, uneven, in 5.1, at 96 kHz."""
    found = {}
    for name, graph in SOURCES.items():
        found[name] = folder / f"{name}.wav"
        filters = f"[0]aformat=sample_fmts=fltp,{graph}"
        sounds.make("-i", speech, "-filter_complex", filters, "-c:a", "pcm_f32le", found[name])
    return found


def order(source, output, name, **more: object) -> EncodeOrder:
    """An order for a built-in preset."""
    return EncodeOrder(
        source=source, probe=probe(source), preset=PRESETS.get(name), output=output, **more
    )


@pytest.mark.need("ffmpeg")
@pytest.mark.parametrize(
    "source",
    [n if n in {"hot", "panned"} else pytest.param(n, marks=pytest.mark.long) for n in SOURCES],
)
@pytest.mark.parametrize("name", SOUND)
def test_loudness_of_the_encoded_file(tool, sources, tmp_path, name, source):
    """-16 ± 0.5 LUFS and at most -1 dBTP by the system's ffmpeg, for every kind of source."""
    path = tmp_path / "x"
    made = encode(tool, order(sources[source], path, name))
    loudness, peak = sounds.measured(path)
    assert loudness == pytest.approx(-16.0, abs=0.5)
    assert peak <= -1.0
    assert made.loudness is not None
    assert made.loudness.integrated == pytest.approx(loudness, abs=0.21)
    assert made.decoded.duration == pytest.approx(made.source.duration, abs=0.05)
    assert made.decoded.errors == ()


@pytest.mark.need("ffmpeg")
@pytest.mark.parametrize("name", SOUND)
def test_the_systems_ffmpeg_encodes_as_well(sources, tmp_path, name, monkeypatch):
    """The same promises hold with the distribution's ffmpeg."""
    monkeypatch.setenv(tools.VARIABLE, "ffmpeg")
    path = tmp_path / "x"
    encode(tools.find_ffmpeg(), order(sources["hot"], path, name))
    loudness, peak = sounds.measured(path, sounds.BUNDLED)
    assert loudness == pytest.approx(-16.0, abs=0.5)
    assert peak <= -1.0


def test_another_target(tool, sources, tmp_path):
    """A show's target counts, and a preset's own before it."""
    path = tmp_path / "x"
    louder = LoudnessTarget(integrated=-19.0, true_peak=-2.0)
    made = encode(tool, order(sources["panned"], path, "m4a", target=louder))
    assert made.loudness is not None
    assert made.loudness.integrated == pytest.approx(-19.0, abs=0.5)
    mine = replace(
        order(sources["panned"], path, "m4a", target=louder),
        preset=replace(PRESETS.get("m4a"), loudness=LoudnessTarget(integrated=-23.0)),
    )
    made = encode(tool, mine)
    assert made.loudness is not None
    assert made.loudness.integrated == pytest.approx(-23.0, abs=0.5)


@pytest.mark.parametrize(
    ("name", "codec", "channels", "rate", "bit_rate"),
    [
        ("mp3", "mp3", 2, 44100, 128_000),
        ("mp3-mono", "mp3", 1, 44100, 64_000),
        ("m4a", "aac", 1, 44100, None),
        ("opus", "opus", 1, 48000, None),
        ("flac", "flac", 1, 22050, None),
    ],
)
def test_streams_are_as_the_preset_says(
    tool, speech, tmp_path, name, codec, channels, rate, bit_rate
):
    """Codec, channels, sample rate and bit rate are the preset's, and odd rates become its nearest."""
    made = encode(tool, order(speech, tmp_path / "x", name))
    (stream,) = made.probe.audio
    assert (stream.codec, stream.channels, stream.sample_rate) == (codec, channels, rate)
    if bit_rate:
        assert stream.bit_rate == bit_rate
    assert not made.probe.video
    assert made.probe.chapters == ()


def test_sample_rates_stay_when_the_preset_has_them(tool, containers, tmp_path):
    """48 kHz stays 48 kHz in an MP3, and two channels stay two in AAC."""
    made = encode(tool, order(containers["wav"], tmp_path / "x", "mp3"))
    assert made.probe.audio[0].sample_rate == 48000
    made = encode(tool, order(containers["wav"], tmp_path / "x", "m4a"))
    assert made.probe.audio[0].channels == 2


@pytest.mark.parametrize(("name", "rate"), [("mp3", 48_000), ("m4a", 48_000), ("flac", 96_000)])
def test_high_rates_stay_in_their_family(tool, sources, tmp_path, name, rate):
    """96 kHz becomes 48 kHz, its half, where the preset does not keep it."""
    made = encode(tool, order(sources["high rate"], tmp_path / "x", name))
    assert made.probe.audio[0].sample_rate == rate
    assert sounds.samples(tmp_path / "x") == sounds.samples(sources["high rate"]) * rate // 96_000


@pytest.mark.parametrize("name", ["mp3", "m4a", "opus", "flac"])
def test_length_to_the_sample(tool, containers, tmp_path, name):
    """Xing header and edit list are right: what is decoded has the source's very samples."""
    path = tmp_path / "x"
    source = containers["wav"]
    encode(tool, order(source, path, name))
    assert sounds.samples(path) == sounds.samples(source)


@pytest.mark.parametrize("name", ["mp3", "m4a", "opus", "flac"])
def test_the_same_input_gives_the_same_bytes(tool, speech, tmp_path, name):
    """Nothing of the time, the place or the program's version is in the file."""
    digests = set()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / f".podkit-{folder}.tmp"
        encode(tool, order(speech, path, name))
        content = path.read_bytes()
        digests.add(hashlib.sha256(content).hexdigest())
        assert str(tmp_path).encode() not in content
        assert b"Lavf63" not in content
    assert len(digests) == 1


@pytest.mark.parametrize("name", ["m4a", "flac", "copy"])
@pytest.mark.parametrize("extension", ["mp3", "m4a", "opus", "flac", "mka"])
def test_no_tag_of_the_source_comes_through(tool, containers, tmp_path, name, extension):
    """Canaries in tags, chapters, covers and attachments of the source are not in the result."""
    source, cover = tmp_path / f"x.{extension}", tmp_path / "cover.jpg"
    meta = tmp_path / "meta.txt"
    meta.write_text(
        ";FFMETADATA1\ntitle=CANARY1\ncomment=CANARY2\nencoder=CANARY3\nlocation=CANARY4\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=CANARY5\n"
    )
    sounds.make("-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", cover)
    picture = ["-i", cover, "-map", "2:v", "-disposition:v", "attached_pic"]
    attached = [
        "-attach",
        meta,
        "-metadata:s:t",
        "mimetype=text/plain",
        "-metadata:s:t",
        "filename=../CANARY6",
    ]
    extra = {"mp3": picture, "m4a": picture, "flac": picture, "mka": attached}.get(extension, [])
    inputs = ["-i", containers[extension], "-f", "ffmetadata", "-i", meta]
    if "-i" in extra:
        inputs, extra = [*inputs, *extra[:2]], extra[2:]
    sounds.make(
        *(*inputs, "-map", "0:a", *extra),
        *("-map_metadata", "1", "-map_chapters", "1", "-metadata:s:a", "title=CANARY7"),
        *("-c", "copy", source),
    )
    assert b"CANARY" in source.read_bytes()
    path = tmp_path / "out"
    made = encode(tool, order(source, path, name))
    assert b"CANARY" not in path.read_bytes()
    assert not made.probe.artwork
    assert not made.probe.chapters
    assert not list(tmp_path.parent.glob("CANARY*"))


def packets(path) -> str:
    """A hash over the encoded frames of the first sound track."""
    argv = [sounds.BUNDLED, "-v", "error", "-i", path, "-map", "0:a:0", "-c", "copy"]
    argv += ["-f", "streamhash", "-hash", "md5", "-"]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    "extension", ["mp3", "m4a", "ogg", "opus", "flac", "wav", "aiff", "aac", "mka"]
)
def test_copy_leaves_the_frames(tool, containers, tmp_path, extension):
    """The preset copy moves the very frames; original is the file, byte for byte."""
    source, path = containers[extension], tmp_path / f"x.{extension}"
    made = encode(tool, order(source, path, "copy"))
    assert packets(path) == packets(source)
    assert made.decoded.duration == pytest.approx(made.source.duration, abs=0.001)
    made = encode(tool, order(source, path, "original"))
    assert path.read_bytes() == source.read_bytes()
    assert made.commands == ()


def test_silence_stays_silence(tool, tmp_path):
    """Silence gets no gain and is no error."""
    source = tmp_path / "x.wav"
    sounds.make("-f", "lavfi", "-i", "anullsrc=d=2:r=48000", source)
    for name in SOUND:
        made = encode(tool, order(source, tmp_path / "out", name))
        assert made.loudness is not None
        assert made.loudness.integrated is None
        assert made.level.gain == 0.0


@pytest.mark.parametrize("seconds", ["0.03", "0.3", "0.5"])
def test_very_short_sounds(tool, speech, tmp_path, seconds):
    """A jingle of some hundredths of a second is encoded too."""
    source = tmp_path / "x.wav"
    sounds.make("-ss", "0.5", "-i", speech, "-t", seconds, "-c:a", "pcm_s16le", source)
    for name in SOUND:
        made = encode(tool, order(source, tmp_path / "out", name))
        assert made.decoded.duration == pytest.approx(float(seconds), abs=0.03)


def test_one_master_is_decoded_and_measured_once(containers, tmp_path, monkeypatch):
    """Several presets of a master share one tape and, on the same channels, one measurement."""
    surveys = []

    def survey(tape: Tape, channels: int, **more: object) -> Survey:
        surveys.append(channels)
        return whole_survey(tape, channels, **more)

    whole_survey = material_module.survey
    monkeypatch.setattr(material_module, "survey", survey)
    log = tmp_path / "log"
    wrapper = tmp_path / "ffmpeg"
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> "{log}"\nexec "{sounds.BUNDLED}" "$@"\n')
    wrapper.chmod(0o755)
    tool = tools.find_ffmpeg(str(wrapper))
    source = containers["m4a"]
    media = probe(source)
    with scratch(tmp_path / "x") as folder:
        material = Material(tool, source, media, folder=folder, engine=HERE)
        for name in ("mp3", "m4a", "opus", "mp3-mono"):
            one = order(source, tmp_path / name, name)
            encode(tool, one, material=material)
    runs = [line for line in log.read_text().splitlines() if " -i " in line]
    assert sum(f"-i file:{source}" in line for line in runs) == 1
    assert sorted(surveys) == [1, 2]  # as mono, and as the mp3's stereo
    assert not list(tmp_path.glob(".podkit-*"))


def test_progress_only_grows_and_reaches_the_end(tool, sources, tmp_path):
    """Progress over all passes is seconds of the source that never go back."""
    told: list[float] = []
    made = encode(tool, order(sources["hot"], tmp_path / "x", "opus"), on_progress=told.append)
    assert told == sorted(told)
    assert 0.9 * made.source.duration <= told[-1] <= made.source.duration + 0.01


@pytest.mark.parametrize("alias", ["same", "dotted", "symlink", "hardlink"])
def test_the_source_is_never_the_output(tool, speech, tmp_path, alias):
    """An output that is the source under another name is refused, and the source stays."""
    source = tmp_path / "x.wav"
    source.write_bytes(speech.read_bytes())
    output = {
        "same": source,
        "dotted": tmp_path / "." / "sub" / ".." / "x.wav",
        "symlink": tmp_path / "link.wav",
        "hardlink": tmp_path / "hard.wav",
    }[alias]
    (tmp_path / "sub").mkdir()
    if alias == "symlink":
        output.symlink_to(source)
    elif alias == "hardlink":
        os.link(source, output)
    for name in ("mp3", "copy", "original"):
        with pytest.raises(EncodeError, match="overwrite"):
            encode(tool, order(source, output, name))
    assert source.read_bytes() == speech.read_bytes()


def test_what_has_no_sound_or_pictures_is_refused(tool, speech, video, tmp_path):
    """A video preset wants pictures, a sound preset sound; nothing is run."""
    mute = tmp_path / "mute.mp4"
    sounds.make("-i", video, "-an", "-c", "copy", mute)
    with pytest.raises(NotMediaError, match="pictures"):
        encode(tool, order(speech, tmp_path / "x", "video-720p"))
    with pytest.raises(NotMediaError, match="no sound"):
        encode(tool, order(mute, tmp_path / "x", "mp3"))


@pytest.mark.parametrize("extension", ["mp3", "m4a", "flac", "wav", "aiff", "ogg", "opus", "mka"])
def test_a_truncated_source_is_refused(tool, containers, tmp_path, extension):
    """A source that ends before its header says is refused, or kept when that is wanted."""
    source, path = tmp_path / f"x.{extension}", tmp_path / "out"
    whole = tmp_path / f"whole.{extension}"
    fast = ["-movflags", "+faststart"] if extension == "m4a" else []
    sounds.make("-i", containers[extension], "-map", "0:a", "-c", "copy", *fast, whole)
    content = whole.read_bytes()
    source.write_bytes(content[: len(content) * 6 // 10])
    for name in ("mp3", "copy", "original"):
        with pytest.raises(DamagedMediaError, match=r"header says|without the page"):
            encode(tool, order(source, path, name))
        assert not path.exists()
    made = encode(tool, order(source, path, "mp3", allow_damaged=True))
    assert 1.0 < made.decoded.duration < 5.0

"""One set of sounds for all tests of the media room."""

from __future__ import annotations

import shutil

import media_sounds as sounds
import pytest

from podkit.media import tools


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Where the shared sounds lie; nobody changes them."""
    return tmp_path_factory.mktemp("sounds")


@pytest.fixture(scope="session")
def speech(folder):
    """Mono speech at 22.05 kHz."""
    return sounds.speech(folder / "speech.wav")


@pytest.fixture(scope="session")
def tool():
    """The bundled ffmpeg."""
    return tools.find_ffmpeg()


@pytest.fixture(scope="session")
def containers(folder, speech):
    """The same speech in every container that podkit takes in, by extension."""
    make = {
        "mp3": ["-c:a", "libmp3lame", "-ar", "44100"],
        "m4a": ["-c:a", "aac", "-ar", "44100"],
        "ogg": ["-c:a", "libvorbis", "-ar", "44100"],
        "opus": ["-c:a", "libopus"],
        "flac": ["-c:a", "flac"],
        "wav": ["-c:a", "pcm_s24le", "-ar", "48000", "-ac", "2"],
        "aiff": ["-c:a", "pcm_s16be"],
        "aac": ["-c:a", "aac", "-f", "adts"],
        "mka": ["-c:a", "libopus", "-f", "matroska"],
        "webm": ["-c:a", "libopus", "-f", "webm"],
    }
    found = {}
    for extension, options in make.items():
        found[extension] = folder / f"speech.{extension}"
        if extension != "wav":
            sounds.make("-i", speech, *options, found[extension])
    found["wav"] = folder / "speech-48.wav"
    sounds.make("-i", speech, *make["wav"], found["wav"])
    return found


@pytest.fixture(scope="session")
def video(folder, speech):
    """Two seconds of 640×480 pictures at 25 per second with speech."""
    path = folder / "video.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc=s=640x480:r=25:d=2"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    sounds.make(*picture, "-i", speech, *codecs, "-t", "2", path)
    return path


@pytest.fixture(params=["bundled", pytest.param("system", marks=pytest.mark.long)])
def each(request, tool):
    """The bundled ffmpeg and the system's older one."""
    if request.param == "bundled":
        return tool
    found = shutil.which("ffmpeg")
    assert found is not None
    return tools.find_ffmpeg(found)

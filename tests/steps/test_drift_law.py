"""Laws of drift: what podkit has just written never drifts, and what is changed then is told alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shows import SHOW, add_episode, make_show

from podkit import files
from podkit.media.tools import find_ffmpeg
from podkit.model.person import Person
from podkit.model.rendition import Rendition
from podkit.model.text import clean_line
from podkit.steps import choose
from podkit.steps.drift import ALTERED, RECORD_CHANGED, Comparer
from podkit.steps.imprint import put
from podkit.steps.judge import judge
from podkit.steps.open_show import open_show
from podkit.tags import files as tag_files

KINDS = {"mp3": "mp3", "m4a": "m4a", "opus": "opus", "flac": "flac"}
CODECS = {"mp3": "libmp3lame", "m4a": "aac", "opus": "libopus", "flac": "flac"}
TEXTS = st.one_of(
    st.sampled_from(
        [
            "Вступ — «лапки» & <b>",
            "🎙️ говоримо\nдалі",
            "a\r\nb\tc",
            "quo\"tes'",
            "é",
            "17",
            "e\u0301",
        ]
    ),
    st.text(max_size=60),
)
RECORDS = st.fixed_dictionaries(
    {
        "title": TEXTS.filter(clean_line),
        "summary": TEXTS,
        "author": TEXTS,
        "language": st.sampled_from(["", "en", "uk", "zh-Hans", "en-GB"]),
        "link": st.sampled_from(["", "https://example.com/вступ?a=1&b=2", "https://example.com/"]),
        "number": st.sampled_from([None, 1.0, 12.0, 7.5, 70000.0]),
        "season": st.sampled_from([None, 1, 12]),
        "people": st.lists(
            st.builds(Person, name=TEXTS.filter(str.strip), role=st.sampled_from(["", "guest"])),
            max_size=3,
        ).map(tuple),
    }
)
CHAPTERS = st.lists(
    st.tuples(st.integers(0, 1900), TEXTS, st.sampled_from(["", "https://example.com/x"])),
    max_size=4,
    unique_by=lambda chapter: chapter[0],
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A show of one episode, and two seconds of a tone in each container."""
    folder = tmp_path_factory.mktemp("law")
    tone = ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=2"]
    for suffix, codec in CODECS.items():
        command = [find_ffmpeg().path, "-v", "error", *tone, "-c:a", codec]
        subprocess.run([*command, folder / f"tone.{suffix}"], check=True)
    layout = make_show(folder / "show", SHOW.replace("[site]", 'copyright = "© Всі"\n[site]'))
    add_episode(layout, "one")
    return folder, open_show(layout.root)


def made(folder: Path, show, preset: str, values, chapters):
    """The show with an episode of these values, whose rendition was just written; and its parts."""
    episode = replace(show.episode("one"), **values)
    master = episode.masters["main"]
    if chapters:
        master = replace(master, chapters="chapters.json")
        told = [
            {"startTime": s / 1000, "title": t} | ({"url": u} if u else {}) for s, t, u in chapters
        ]
        text = json.dumps({"version": "1.2.0", "chapters": told})
        (show.layout.episode("one") / "chapters.json").write_text(text, encoding="utf-8")
    episode = replace(episode, masters={"main": replace(master, duration=2.0)}, presets=(preset,))
    (wanted,) = (w for w in choose.wanted(show.podcast, episode, (preset,)))
    comparer = Comparer(show)
    judged = judge(show, episode, wanted, comparer.imprinter)
    show.layout.media.mkdir(parents=True, exist_ok=True)
    path = show.layout.media / f"one.{preset}"
    path.unlink(missing_ok=True)
    shutil.copy(folder / f"tone.{preset}", path)
    put(path, comparer.imprinter.tags(judged.intent))
    rendition = Rendition(
        preset=preset,
        master="main",
        file=path.name,
        bytes=path.stat().st_size,
        sha256=files.sha256(path),
        mime="audio/mpeg",
        duration=2.0,
        fingerprint=judged.whole,
        sound=judged.sound,
    )
    renditions = {"one": {wanted.key: rendition}}
    return replace(show, episodes=(episode,), renditions=renditions), episode, wanted, path


@pytest.mark.parametrize("preset", KINDS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=RECORDS, chapters=CHAPTERS)
def test_what_was_just_written_never_drifts(built, preset, values, chapters):
    """Whatever the record says, in whatever letters, with whatever chapters."""
    folder, show = built
    show, episode, wanted, _ = made(folder, show, preset, values, chapters)
    drift = Comparer(show).drift(episode, wanted)
    assert drift is not None
    assert (drift.why, drift.differs) == ("", ())


@pytest.mark.parametrize("preset", KINDS)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=RECORDS, title=TEXTS)
def test_another_title_is_told_and_nothing_else(built, preset, values, title):
    """A record that changed, and a file that somebody changed, differ in just what was changed."""
    folder, show = built
    if not clean_line(title) or clean_line(title) == clean_line(values["title"]):
        return
    show, episode, wanted, path = made(folder, show, preset, values, [])
    edited = replace(episode, title=title, published=episode.published or datetime.now(UTC))
    drift = Comparer(replace(show, episodes=(edited,))).drift(edited, wanted)
    assert drift is not None
    assert drift.why == RECORD_CHANGED
    (told,) = drift.differs
    assert told.field == "title"
    assert told.wanted == clean_line(title)
    tag_files.update(path, set={"title": clean_line(title)})
    drift = Comparer(show).drift(episode, wanted)
    assert drift is not None
    assert (drift.why, [one.field for one in drift.differs]) == (ALTERED, ["title"])

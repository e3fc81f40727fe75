"""Presets: found, made from tables, changed by words, printed and read again."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import RecordError, UsageError
from podkit.model.loudness import LoudnessTarget
from podkit.model.media import MIME_OF_EXTENSION
from podkit.model.preset import Kind
from podkit.presets.builtin import PRESETS
from podkit.presets.preset import apply, resolve, to_toml


@pytest.mark.parametrize("name", list(PRESETS))
def test_what_is_printed_makes_the_same_preset(name):
    """`podkit presets NAME` prints a table that means what the built-in means."""
    tables = tomllib.loads(to_toml(PRESETS.get(name)))["presets"]
    (new,) = tables
    assert replace(resolve(new, tables), name=name) == PRESETS.get(name)


@given(
    bit_rate=st.integers(8_000, 512_000),
    channels=st.sampled_from([0, 1, 2]),
    integrated=st.floats(-30, -8).map(lambda n: round(n, 1)),
    about=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
)
def test_a_table_survives_printing(bit_rate, channels, integrated, about):
    """A preset of one's own, printed as TOML and read again, is itself."""
    table = {
        "from": "mp3-mono",
        "about": about,
        "bit_rate": bit_rate,
        "channels": channels,
        "loudness": {"integrated": integrated},
    }
    made = resolve("ours", {"ours": table})
    assert made.channels == (channels or None)
    tables = tomllib.loads(to_toml(made))["presets"]
    assert resolve("ours", tables) == made


@pytest.mark.parametrize("name", list(PRESETS))
def test_mime_types_are_apples(name):
    """A built-in has the MIME type that Apple lists for its extension, and sound that fits it."""
    preset = PRESETS.get(name)
    if preset.kind in {Kind.AUDIO, Kind.VIDEO}:
        assert preset.mime == MIME_OF_EXTENSION[preset.extension]
        assert apply(preset, {"about": "x"}).about == "x"


def test_all_faults_at_once():
    """A table with several faults is refused once, with a line and a near word for each."""
    table = {"from": "mp3", "bit_rat": 96000, "channels": 5, "crf": 20, "normalize": "yes"}
    with pytest.raises(RecordError) as caught:
        resolve("ours", {"ours": table})
    lines = caught.value.message.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "presets.ours.bit_rat",
        "presets.ours.channels",
        "presets.ours.crf",
        "presets.ours.normalize",
    ]
    assert "'bit_rate'" in lines[0]


@pytest.mark.parametrize(
    ("tables", "word"),
    [
        ({"a": {"from": "b"}, "b": {"from": "a"}}, "itself"),
        ({"a": {}}, "from"),
        ({"a": {"from": "mp4"}}, "unknown preset 'mp4'"),
        ({"a": {"from": "mp3", "audio_codec": "opus"}}, "does not go into"),
        ({"a": {"from": "opus", "sample_rates": [44100]}}, "48000"),
        ({"a": {"from": "copy", "bit_rate": 1}}, "means nothing to copy"),
        ({"a": {"from": "video-720p", "extension": "m4a"}}, "mp4, m4v, mov, mkv or webm"),
        ({"a": {"from": "mp3", "loudness": {"integrated": 3}}}, "LUFS"),
        ({"a": {"from": "mp3", "loudness": {"peak": 3}}}, "'peak'"),
    ],
)
def test_what_cannot_be_is_refused(tables, word):
    """A table that makes no sense is refused with its reason."""
    with pytest.raises(RecordError, match=word):
        resolve("a", tables)


def test_a_table_may_bear_a_built_ins_name():
    """`[presets.mp3] from = "mp3"` changes what mp3 means in this show."""
    tables = {"mp3": {"from": "mp3", "bit_rate": 96_000}}
    assert resolve("mp3", tables).bit_rate == 96_000
    assert resolve("mp3", {}).bit_rate == 128_000


def test_tables_build_on_tables():
    """A table may begin from another table."""
    tables = {"a": {"from": "b", "channels": 1}, "b": {"from": "m4a", "bit_rate": 64_000}}
    made = resolve("a", tables)
    assert (made.bit_rate, made.channels, made.audio_codec) == (64_000, 1, "aac")


def test_unknown_names_get_the_nearest():
    """A wrong name is a usage error that names the nearest preset, a show's own included."""
    with pytest.raises(UsageError) as caught:
        resolve("our-vois", {"our-voice": {"from": "mp3"}})
    assert "'our-voice'" in caught.value.hint


def test_words_of_set():
    """`--set` takes k for thousands, words for flags, and LUFS with dBTP."""
    made = apply(
        PRESETS.get("m4a"),
        {
            "bit_rate": "96k",
            "normalize": "no",
            "loudness": "-14,-2",
            "sample_rates": "48000",
            "channels": "1",
        },
    )
    assert (made.bit_rate, made.normalize, made.channels) == (96_000, False, 1)
    assert made.loudness == LoudnessTarget(integrated=-14.0, true_peak=-2.0)
    assert made.sample_rates == (48_000,)


@pytest.mark.parametrize("word", ["x", "1.5", "", "-1", "999999999"])
def test_wrong_words_of_set(word):
    """A word that is no bit rate is a usage error."""
    with pytest.raises(UsageError, match="--set bit_rate"):
        apply(PRESETS.get("mp3"), {"bit_rate": word})


def test_the_extension_brings_its_mime_type():
    """A changed extension changes the MIME type, unless that is given too."""
    made = resolve("a", {"a": {"from": "opus", "extension": "ogg"}})
    assert made.mime == "audio/ogg"
    made = resolve("a", {"a": {"from": "video-480p", "extension": "m4v"}})
    assert made.mime == "video/x-m4v"

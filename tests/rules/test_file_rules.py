"""Every rule about files behind the feed: pictures and sound, by facts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_feed import COVER, ENERGY, EPISODE_COVER, SQUARE, edited, sound, subject_of
from test_text_rules import LIST, TALK

from podkit.model.comparison import Comparison
from podkit.model.drift import Difference, Drift
from podkit.model.finding import Severity
from podkit.model.loudness import Loudness
from podkit.model.media import AudioStream, Container, Decoded
from podkit.rules.check import check
from podkit.rules.release import Release
from podkit.rules.subject import MediaFacts, Subject

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
PNG = replace(SQUARE, mime="image/png")


def stream(**changes: object) -> tuple[AudioStream, ...]:
    return (
        replace(
            AudioStream(codec="mp3", channels=2, sample_rate=48_000, bit_rate=128_000), **changes
        ),
    )


def measured(integrated, true_peak):
    return Decoded(duration=62.0, loudness=Loudness(integrated=integrated, true_peak=true_peak))


DRIFT = Drift(
    preset="mp3",
    file=".podkit/media/energy.mp3",
    why="the record changed since it was made",
    differs=(Difference(field="chapter_titles", found="chapter 1: Old", wanted="chapter 1: New"),),
    hint="podkit build",
)
SOUNDS = [
    ("PK405", E, sound(bytes=999_999)),
    ("PK601", E, sound(audio=stream(codec="opus"), container=Container.OGG)),
    ("PK601", E, sound(audio=())),
    ("PK601", W, sound(audio=stream(codec="aac"), container=Container.AAC)),
    ("PK601", E, MediaFacts(fault="it is a playlist")),
    ("PK602", W, sound(audio=stream(bit_rate=320_000))),
    ("PK602", W, sound(audio=stream(bit_rate=96_000))),
    ("PK602", W, sound(audio=stream(channels=1, bit_rate=192_000))),
    ("PK603", W, sound(audio=stream(channels=1, bit_rate=64_000))),
    ("PK604", W, sound(decoded=measured(-23.0, -3.0))),
    ("PK604", W, sound(decoded=measured(-14.0, -3.0))),
    ("PK605", W, sound(decoded=measured(-16.0, 0.7))),
    ("PK606", W, sound(audio=stream(sample_rate=96_000))),
    ("PK606", W, sound(audio=stream(channels=6))),
    ("PK606", W, sound(audio=stream() * 2)),
    ("PK607", W, sound(duration=75.0)),
    ("PK608", W, sound(decoded=Decoded(duration=62.0, errors=("invalid frame", "again")))),
    ("PK608", E, replace(sound(), damage="the file ends after 12.4 s, its header says 62.0 s")),
    ("PK609", INFO, sound(tags={"title": "Mix_final_3"})),
    ("PK609", INFO, sound(artwork=())),
    ("PK609", INFO, sound(drift=DRIFT)),
    ("PK610", W, sound(bytes=288_000_000)),
]
RIGHT_SOUNDS = [
    ("PK405", MediaFacts()),
    ("PK602", sound(audio=stream(channels=1, bit_rate=96_000))),
    ("PK602", sound(audio=stream(sample_rate=22_050, bit_rate=64_000))),
    ("PK602", sound(audio=stream(bit_rate=127_300))),
    ("PK604", sound(decoded=measured(-16.9, -3.0))),
    ("PK604", sound(decoded=measured(None, None))),
    ("PK605", sound(decoded=measured(-16.0, -1.0))),
    ("PK607", sound(duration=62.3)),
    ("PK609", sound(tags={"title": "In another form"}, drift=replace(DRIFT, why="", differs=()))),
]
PICTURES = [
    ("PK501", E, replace(SQUARE, width=1200, height=1200)),
    ("PK501", E, replace(SQUARE, width=3000, height=2000)),
    ("PK501", E, replace(SQUARE, width=4000, height=4000)),
    ("PK502", E, replace(SQUARE, mime="image/webp")),
    ("PK502", E, PNG),
    ("PK502", E, "it is not a picture"),
    ("PK503", E, replace(SQUARE, mode="CMYK")),
    ("PK503", W, replace(SQUARE, mode="L")),
    ("PK502", E, replace(SQUARE, animated=True)),
    ("PK503", W, replace(SQUARE, profile="Display P3")),
    ("PK503", W, replace(SQUARE, bits=16)),
    ("PK503", W, replace(SQUARE, turned=True)),
    ("PK503", W, replace(SQUARE, place=True, private=True)),
    ("PK503", INFO, replace(SQUARE, private=True)),
    ("PK503", INFO, replace(SQUARE, behind=9, private=True)),
    ("PK503", INFO, replace(SQUARE, progressive=True)),
    ("PK504", E, replace(SQUARE, alpha=True, mode="RGBA")),
    ("PK505", W, replace(SQUARE, dpi=300)),
    ("PK507", W, replace(SQUARE, bytes=600_000)),
]
EPISODE_PICTURES = [
    replace(PNG, width=1200, height=1200),
    replace(PNG, mime="image/webp"),
    replace(PNG, mode="CMYK"),
    replace(PNG, bits=16),
    replace(PNG, alpha=True, mode="RGBA"),
    "it is not a picture",
]


@pytest.mark.parametrize(
    ("code", "severity", "facts"), SOUNDS, ids=[f"{s[0]}-{n}" for n, s in enumerate(SOUNDS)]
)
def test_a_fault_of_a_sound_file_is_found_at_its_enclosure(code, severity, facts):
    """The finding points to the enclosure that names the file."""
    subject = subject_of(media={ENERGY: facts}, own=True)
    findings = check(subject, select=[code]).findings
    assert [(f.severity, f.element) for f in findings] == [(severity, "channel/item[1]/enclosure")]


@pytest.mark.parametrize(
    ("code", "facts"), RIGHT_SOUNDS, ids=[f"{s[0]}-{n}" for n, s in enumerate(RIGHT_SOUNDS)]
)
def test_a_right_sound_file_is_not_found(code, facts):
    """At the bounds, and where nothing is known, nothing is said."""
    assert check(subject_of(media={ENERGY: facts}), select=[code]).findings == ()


@pytest.mark.parametrize(
    ("code", "severity", "artwork"), PICTURES, ids=[f"{p[0]}-{n}" for n, p in enumerate(PICTURES)]
)
def test_a_fault_of_the_artwork_is_found(code, severity, artwork):
    """The finding points to the show's itunes:image."""
    findings = check(subject_of(artwork={COVER: artwork}), select=[code]).findings
    assert [(f.severity, f.element) for f in findings] == [(severity, "channel/itunes:image")]


@pytest.mark.parametrize("artwork", EPISODE_PICTURES)
def test_episode_artwork_is_held_against_the_same_rules(artwork):
    """An episode's picture is a warning, at the episode, where the show's would be an error."""
    subject = subject_of(artwork={COVER: SQUARE, EPISODE_COVER: artwork})
    findings = check(subject, select=["PK5"]).findings
    assert {(f.code, f.severity, f.element) for f in findings} == {
        ("PK509", W, "channel/item[1]/itunes:image")
    }


def test_good_files_have_no_finding():
    """Good sound, good pictures, a feed as it is live: nothing, and nothing is skipped."""
    same = Comparison(same=True)
    subject = subject_of(
        media={ENERGY: sound()},
        artwork={COVER: SQUARE, EPISODE_COVER: PNG},
        chapters=(LIST,),
        transcripts=(TALK,),
        own=True,
        feed_url="https://example.com/feed.xml",
        release=Release(live="file:out", comparison=same, answers={}, lacks=(), faults=()),
    )
    checked = check(subject)
    assert (checked.findings, checked.skipped) == ((), ())


def test_the_stated_duration_is_compared_with_the_decoded_one():
    """More than 2 seconds beside the file: PK309."""
    text = edited((">62<", ">65<"))
    findings = check(subject_of(text, media={ENERGY: sound()}), select=["PK309"]).findings
    assert [f.element for f in findings] == ["channel/item[1]/itunes:duration"]
    near = edited((">62<", ">63<"))
    assert check(subject_of(near, media={ENERGY: sound()}), select=["PK309"]).findings == ()


def test_a_sound_file_alone():
    """Without a feed only the rules for sound are asked, and none is said to be skipped."""
    subject = Subject(name="a.ogg", media={"a.ogg": sound(audio=stream(codec="vorbis"))})
    checked = check(subject)
    assert [(f.code, f.subject, f.element) for f in checked.findings] == [("PK601", "a.ogg", "")]
    assert set(checked.skipped) <= {"PK609"}


def test_a_picture_alone():
    """Without a feed every picture is taken for a show's artwork."""
    subject = Subject(name="c.png", artwork={"c.png": replace(PNG, width=100, height=100)})
    assert [f.code for f in check(subject).findings] == ["PK501"]


def test_drift_is_told_once_for_each_file_the_feed_names():
    """An enclosure and an alternate: a finding each, with the field, what is there, what to type."""
    video = "https://media.example.com/energy-00ff00ff.mp4"
    alternate = f'<podcast:alternateEnclosure type="video/mp4"><podcast:source uri="{video}"/></podcast:alternateEnclosure>'
    text = edited(("<itunes:duration>62", f"{alternate}{alternate}<itunes:duration>62"))
    media = {ENERGY: sound(drift=DRIFT), video: MediaFacts(drift=replace(DRIFT, file="film.mp4"))}
    found = check(subject_of(text, media=media, own=True), select=["PK609"]).findings
    assert [one.element.rpartition("/")[2].partition("[")[0] for one in found] == [
        "enclosure",
        "podcast:alternateEnclosure",
    ]
    assert found[1].message == (
        'the tags of film.mp4 differ from the record: chapter titles (chapter titles says "chapter 1: Old")'
    )
    assert found[1].hint == "podkit build"
    assert check(subject_of(text, media=media), select=["PK609"]).findings == ()

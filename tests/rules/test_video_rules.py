"""The rules on films: files by their facts, and what the feed says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_feed import ENERGY, GOOD, SOUND, TALKS, edited, sound, subject_of

from podkit.model.finding import Severity
from podkit.model.media import AudioStream, Container, VideoStream
from podkit.rules.check import check

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
EPISODE = "<itunes:episodeType>full</itunes:episodeType>"
FILM = VideoStream(codec="h264", width=1920, height=1080, frame_rate=25.0, pixel_format="yuv420p")
AAC = (AudioStream(codec="aac", channels=2, sample_rate=48_000, bit_rate=128_000),)
VIDEO = [('type="audio/mpeg"', 'type="video/mp4"'), ('type="audio/x-m4a"', 'type="video/x-m4v"')]


def film(*, index_first=True, container=Container.MP4, audio=AAC, **changes: object):
    """The facts of a good film with some changed."""
    facts = sound(video=(replace(FILM, **changes),), audio=audio, container=container)
    return replace(facts, index_first=index_first)


def alternate(attributes, inside='<podcast:source uri="https://e.org/a.mp4"/>'):
    """The good feed with an alternate enclosure in its first item."""
    xml = f"<podcast:alternateEnclosure {attributes}>{inside}</podcast:alternateEnclosure>"
    return edited((EPISODE, EPISODE + xml))


FILES = [
    ("PK641", E, film(container=Container.MATROSKA)),
    ("PK642", W, film(width=7680, height=4320)),
    ("PK644", W, film(codec="hevc")),
    ("PK644", W, film(pixel_format="yuv420p10le")),
    ("PK644", W, film(audio=(replace(AAC[0], codec="opus"),))),
    ("PK644", W, film(index_first=False)),
]


@pytest.mark.parametrize(("code", "severity", "facts"), FILES)
def test_a_fault_of_a_film_is_found_at_its_enclosure(code, severity, facts):
    """The finding points to the enclosure that names the file."""
    findings = check(subject_of(media={ENERGY: facts}), select=[code]).findings
    assert [(f.severity, f.element) for f in findings] == [(severity, "channel/item[1]/enclosure")]


@pytest.mark.parametrize(
    "facts", [film(), film(index_first=None), film(height=3840, width=2160), SOUND]
)
def test_a_good_film_is_not_found(facts):
    """H.264 in MP4 up to 4K, upright or not, and plain sound pass."""
    assert check(subject_of(media={ENERGY: facts}), select=["PK64"]).findings == ()


FEEDS = [
    ("PK643", INFO, "channel/item[1]/enclosure", edited(VIDEO[0])),
    ("PK645", W, "channel/item[1]/podcast:alternateEnclosure", alternate('title="v"')),
    ("PK645", W, "channel/item[1]/podcast:alternateEnclosure", alternate('type="video/mp4"', "")),
    ("PK646", W, "channel/item[1]/podcast:alternateEnclosure/podcast:source",
     alternate('type="video/mp4"', '<podcast:source uri="https://e.org/a.m3u8"/>')),
    ("PK646", W, "channel/item[1]/podcast:alternateEnclosure/podcast:source",
     alternate('type="application/x-mpegURL"', '<podcast:source uri="http://e.org/a.m3u8?x=1"/>')),
    ("PK647", W, "channel/item[1]/podcast:alternateEnclosure", alternate('type="video/mp4" default="true"')),
    ("PK649", INFO, "channel", edited(*VIDEO)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "element", "feed"), FEEDS)
def test_what_the_feed_says_of_films(code, severity, element, feed):
    """Each rule finds one thing, at its place."""
    findings = check(subject_of(feed), select=[code]).findings
    assert [(f.severity, f.element) for f in findings] == [(severity, element)]


def test_an_alternate_without_an_enclosure_is_found():
    """An episode that only has alternates is none for most apps."""
    enclosure = f'<enclosure url="{ENERGY}" length="1000000" type="audio/mpeg"/>'
    feed = alternate('type="video/mp4"').replace(enclosure, "")
    (found,) = check(subject_of(feed), select=["PK645"]).findings
    assert "plain enclosure" in found.message


@pytest.mark.parametrize(
    "feed",
    [
        GOOD,
        alternate('type="video/mp4"'),
        alternate('type="audio/mp4" default="true"'),
        alternate('type="application/x-mpegURL"', '<podcast:source uri="https://e.org/a.m3u8"/>'),
        alternate(
            'type="video/mp4"',
            '<podcast:source uri="https://e.org/a.m3u8" contentType="application/vnd.apple.mpegurl"/>',
        ),
        edited(
            *VIDEO, ("<podcast:locked>", "<podcast:medium>video</podcast:medium><podcast:locked>")
        ),
    ],
)
def test_what_is_right_is_not_found(feed):
    """A video feed that says so, and alternates of every kind, pass."""
    assert TALKS in feed
    assert check(subject_of(feed), select=["PK64"]).findings == ()

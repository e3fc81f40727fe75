"""The smaller words of the model: credits, addresses, chapters, statuses, fingerprints, loudness."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import UsageError
from podkit.model.address import (
    companion_url,
    enclosure_url,
    feed_url,
    join,
    media_base,
    media_name,
    page_url,
)
from podkit.model.chapter import Chapter, in_order, shifted, with_ends
from podkit.model.episode import Episode, Master, RemoteEnclosure, Status
from podkit.model.loudness import Loudness, LoudnessTarget, gain_for, needs_limiter
from podkit.model.person import Person, parse_credit, resolve
from podkit.model.rendition import fingerprint
from podkit.model.show import Category, Feed, MediaSettings, Podcast, Show, Site

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TALK = Episode(slug="talk", guid="g", title="T", published=NOW)
PODCAST = Podcast(show=Show(title="S"), site=Site(url="https://a.example/s"))


def test_statuses():
    """A draft, or undated, is a draft; a date to come is scheduled; the moment itself is published."""
    assert TALK.status(NOW) is Status.PUBLISHED
    assert TALK.status(NOW - timedelta(seconds=1)) is Status.SCHEDULED
    assert replace(TALK, draft=True).status(NOW) is Status.DRAFT
    assert replace(TALK, published=None).status(NOW) is Status.DRAFT


def test_an_episodes_length():
    """Of the main master, else of any, else of the imported enclosure."""
    main = Master(file="a", sha256="", bytes=1, duration=10.0)
    video = replace(main, duration=20.0)
    remote = RemoteEnclosure(url="u", length=1, type="t", duration=30.0)
    assert replace(TALK, masters={"video": video, "main": main}).duration == 10
    assert replace(TALK, masters={"video": video}).duration == 20
    assert replace(TALK, enclosure=remote).duration == 30
    assert TALK.duration == 0


def test_credits():
    """`Name;role;group;href`, the last with its own semicolons."""
    assert parse_credit("Ann") == Person(name="Ann")
    assert parse_credit("Ann; Guest ;Cast;https://a.example/?a;b") == Person(
        name="Ann", role="guest", group="cast", href="https://a.example/?a;b"
    )
    with pytest.raises(UsageError):
        parse_credit(" ;host")


def test_the_register_fills_a_credit():
    """By id; what the credit itself says wins."""
    register = {"host": Person(name="Ann", role="host", href="https://a.example")}
    assert resolve(Person(name="host", role="guest"), register) == Person(
        name="Ann", role="guest", href="https://a.example", id="host"
    )
    assert resolve(Person(name="Bob"), register) == Person(name="Bob")


@pytest.mark.parametrize(
    "text", ["News", "News > Politics", "Health & Fitness > Alternative Health"]
)
def test_categories_are_text(text):
    """What is parsed is written the same."""
    assert str(Category.parse(text)) == text
    assert Category.parse(text.replace(" > ", ">")) == Category.parse(text)


def test_addresses():
    """One slash between, encoded once, whatever the base ends in."""
    assert feed_url(PODCAST, Feed()) == "https://a.example/s/feed.xml"
    assert feed_url(PODCAST, Feed(url="https://f.example/x")) == "https://f.example/x"
    assert media_base(PODCAST) == "https://a.example/s/media/"
    assert page_url(PODCAST, "talk") == "https://a.example/s/talk/"
    assert companion_url(PODCAST, "talk", "a b.vtt") == "https://a.example/s/talk/a%20b.vtt"
    assert join("", "feed.xml") == "feed.xml"
    assert media_name("talk", "0a1b2c3d4e", "mp3") == "talk-0a1b2c3d.mp3"


def test_prefixes_stand_before_the_url_without_its_scheme():
    """In their order, as measurement services want it."""
    media = MediaSettings(
        base_url="https://m.example/x", prefixes=("https://one.example/e", "https://two.example/")
    )
    url = enclosure_url(replace(PODCAST, media=media), "a.mp3", Feed())
    assert url == "https://one.example/e/two.example/m.example/x/a.mp3"


CHAPTERS = st.lists(
    st.builds(Chapter, start=st.floats(0, 100), end=st.one_of(st.none(), st.floats(0, 120))),
    max_size=6,
).map(tuple)


@given(CHAPTERS, st.floats(0.5, 90))
def test_every_chapter_gets_an_end(chapters, duration):
    """In order, inside the duration, none ending before it starts."""
    ended = with_ends(chapters, duration)
    assert [c.start for c in ended] == sorted(c.start for c in chapters if c.start < duration)
    assert all(c.end is not None and c.start <= c.end <= duration for c in ended)


@given(CHAPTERS, st.floats(-150, 150))
def test_shifted_chapters_stay_in_time(chapters, by):
    """None starts before zero; shifting by nothing changes nothing."""
    moved = shifted(chapters, by)
    assert all(c.start >= 0 and (c.end is None or c.end > 0) for c in moved)
    kept = tuple(c for c in chapters if c.end is None or c.end > 0)
    assert shifted(chapters, 0) == kept
    assert in_order(in_order(chapters)) == in_order(chapters)


def test_fingerprints_do_not_depend_on_order():
    """The same parts give the same hash, others another."""
    assert fingerprint({"a": 1, "b": [1, "є"]}) == fingerprint({"b": [1, "є"], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2}) != fingerprint({"b": 2})


def test_gain():
    """What brings a measurement to the target; silence gets none."""
    target = LoudnessTarget()
    assert gain_for(Loudness(integrated=-20.0), target) == 4.0
    assert gain_for(Loudness(integrated=None), target) == 0.0
    assert gain_for(Loudness(integrated=-70.0), target) == 0.0
    assert needs_limiter(Loudness(integrated=-20.0, true_peak=-3.0), 4.0, target, 0.5)
    assert not needs_limiter(Loudness(integrated=-20.0, true_peak=-9.0), 4.0, target, 0.5)
    assert not needs_limiter(Loudness(), 4.0, target, 0.5)

"""Two feeds compared: what listeners would notice, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from podkit.model.comparison import compare
from podkit.model.feedspec import Enclosure, FeedSpec, Item


def item(guid: str, *, length: int = 100) -> Item:
    """An episode."""
    return Item(
        guid=guid,
        title=f"Title of {guid}",
        published=datetime(2026, 11, 20, 6, tzinfo=UTC),
        enclosure=Enclosure(url=f"https://m.example/{guid}", length=length, type="audio/mpeg"),
    )


def feed(*items: Item) -> FeedSpec:
    """A feed of these."""
    return FeedSpec(title="Show", items=items)


def test_new_gone_and_changed() -> None:
    """Each difference is told once, in its own list; only what is gone harms."""
    a, b, c = item("a", length=1000), item("b", length=2000), item("c", length=3000)
    found = compare(feed(a, b), feed(replace(a, title="Other"), c))
    assert [one.guid for one in found.removed] == ["b"]
    assert [one.guid for one in found.added] == ["c"]
    assert [(one.field, one.live, one.built) for one in found.changed] == [
        ("title", "Title of a", "Other")
    ]
    assert found.harms
    assert not compare(feed(a), feed(a, b)).harms


def test_same_audio_under_another_guid() -> None:
    """One episode under two GUIDs is neither new nor gone: it would be downloaded again."""
    a = item("a")
    by_sound = compare(feed(a), feed(replace(a, guid="x", title="Other")))
    assert [(one.live, one.built, one.reason) for one in by_sound.guid_changes] == [
        ("a", "x", "the same audio")
    ]
    by_title = compare(feed(a), feed(replace(item("x", length=7), title="TITLE of a")))
    assert [one.reason for one in by_title.guid_changes] == ["the same title"]
    for found in (by_sound, by_title):
        assert not found.added
        assert not found.removed
        assert found.harms


def test_talks_of_one_length() -> None:
    """Two talks that were cut to the same length are one only when they have the same date too."""
    a, b = item("a", length=5000), replace(item("b", length=5000), title="Other")
    assert [one.reason for one in compare(feed(a), feed(b)).guid_changes] == ["the same audio"]
    assert a.published is not None
    later = replace(b, published=a.published + timedelta(days=1))
    found = compare(feed(a), feed(later))
    assert (len(found.removed), len(found.added), found.guid_changes) == (1, 1, ())


def test_what_was_written_anew() -> None:
    """Other notes are no change that listeners hear, but they are known; so is a feed that is the same."""
    a, b = item("a", length=1000), item("b", length=2000)
    found = compare(feed(a, b), feed(a, replace(b, content="<p>More.</p>")))
    assert (found.rewritten, found.changed, found.same) == (("b",), (), False)
    other = replace(feed(a, b), description="Other.")
    assert compare(feed(a, b), other).rewritten == ("",)
    assert compare(feed(a, b), replace(feed(a, b), built=datetime.now(UTC))).same


def test_zone_is_no_change() -> None:
    """The same moment in another zone is the same date."""
    a = item("a")
    assert a.published is not None
    there = replace(a, published=a.published.astimezone(timezone(timedelta(hours=2))))
    assert not compare(feed(a), feed(there)).changed


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
)
def test_every_episode_is_accounted_for(live: list[str], built: list[str]) -> None:
    """Whatever the feeds, each GUID that only one has is told exactly once."""
    lengths = {guid: 1000 + ord(guid) for guid in "abcdef"}
    found = compare(
        feed(*(item(g, length=lengths[g]) for g in live)),
        feed(*(item(g, length=lengths[g]) for g in built)),
    )
    assert sorted(one.guid for one in found.removed) == sorted(set(live) - set(built))
    assert sorted(one.guid for one in found.added) == sorted(set(built) - set(live))
    assert not found.changed
    assert not found.guid_changes

"""The guards of a live feed: each is broken by one change, and a feed that only grows breaks none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_feed import ENERGY, GOOD, TALKS, edited, subject_of

from podkit.feed.read import from_xml
from podkit.model.comparison import compare
from podkit.model.episode import Episode, Master
from podkit.model.finding import Severity
from podkit.model.show import Podcast, Show
from podkit.rules.check import check
from podkit.rules.guards import __doc__ as said_of_guards
from podkit.rules.release import Lack, Release
from podkit.rules.rule import RULES

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 (as in the table of rules)
CODES = ["PK304", "PK901", "PK902", "PK903", "PK905", "PK906", "PK908", "PK910"]
TALKS_GUID = "9d3f0c52-52c2-4a29-8f54-4f33a1a7a0b4"
TALKS_ITEM = GOOD[GOOD.rindex("    <item>") : GOOD.index("  </channel>")]
DATE = ("Fri, 13 Nov 2026 06:00:00 +0200", "Sat, 14 Nov 2026 06:00:00 +0200")


def record(slug: str, guid: str) -> Episode:
    """A record beside the feed."""
    master = Master(file="m.wav", sha256=slug, bytes=1)
    return Episode(slug=slug, guid=guid, title=slug.title(), masters={"main": master})


def found(built: str = GOOD, live: str = GOOD, episodes=None, **facts: object):
    """What the guards find in `built`, which shall take the place of `live`."""
    comparison = compare(from_xml(live.encode()), from_xml(built.encode()))
    release = Release(live="file:out", comparison=comparison)
    known = (record("energy", "2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1"), record("talks", TALKS_GUID))
    subject = subject_of(
        built,
        name="public/feed.xml",
        podcast=Podcast(show=Show(title="A show")),
        episodes=known if episodes is None else episodes,
        own=True,
        release=replace(release, **facts),
    )
    return check(subject, select=CODES).findings


RELEASES = [
    ("PK304", E, "is live under the GUID 9d3f0c52", "channel/item[2]/guid", edited((TALKS_GUID, "new")), {}),
    ("PK901", E, "Talks (9d3f0c52-52c2-4a29-8f54-4f33a1a7a0b4) is live and would vanish: talks is held back (draft)", "channel", edited((TALKS_ITEM, "")), {"held": {TALKS_GUID: "draft"}}),
    ("PK901", I, "vanishes from the feed, as was allowed", "channel", edited((TALKS_ITEM, "")), {"removal": True}),
    ("PK901", W, "file:out cannot be read", "channel", GOOD, {"comparison": None, "unreadable": "not well-formed"}),
    ("PK902", E, "and the target has a half of it", "channel/item[2]/enclosure", GOOD, {"faults": (), "lacks": (Lack(url=TALKS, why="the target has a half of it"),)}),
    ("PK903", E, "feed.xml cannot be read again", "", GOOD, {"faults": ("feed.xml cannot be read again: it ends early",)}),
    ("PK905", W, "it is live with the date 2026-11-13T04:00:00+00:00", "channel/item[2]/pubDate", edited(DATE), {}),
    ("PK906", W, f"its audio was at {TALKS}, where nothing answers", "channel/item[2]/enclosure", edited((TALKS, "https://media.example.com/other.m4a")), {"answers": {TALKS: False}}),
    ("PK908", I, "other audio of Energy: YouTube keeps the audio", "channel", edited((ENERGY, "https://media.example.com/other.mp3")), {}),
    ("PK908", I, "another title or other notes of Talks", "channel", edited(("<title>Talks", "<title>The talks")), {}),
    ("PK908", I, "another title or other notes of Talks", "channel", edited(("Nine agreements.", "Ten agreements.")), {}),
    ("PK908", I, "another title and description of the show", "channel", edited(("<title>Ukraine", "<title>Our"), ("every week", "each week")), {}),
    ("PK910", W, "it says what file:out says, in other bytes", "channel", GOOD, {"other_bytes": True}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "said", "element", "built", "facts"), RELEASES)
def test_each_guard_is_broken_by_one_change(code, severity, said, element, built, facts):
    """The guard names what would happen, where, and how bad it is."""
    told = [f for f in found(built, **facts) if f.code == code]
    assert [(f.severity, f.element) for f in told] == [(severity, element)]
    assert said in told[0].message


def test_a_feed_that_only_grows_breaks_none():
    """New episodes, the same feed, and audio whose old address answers are as they should be."""
    quiet = {"faults": (), "lacks": (), "answers": {}}
    assert found(live=edited((TALKS_ITEM, "")), **quiet) == ()
    assert found(**quiet) == ()
    moved = edited((TALKS, "https://media.example.com/other.m4a"))
    codes = {f.code for f in found(moved, **(quiet | {"answers": {TALKS: True}}))}
    assert codes == {"PK908"}


def test_an_episode_that_only_grew_old_has_not_vanished():
    """A feed with a limit lets the oldest go."""
    assert found(edited((TALKS_ITEM, "")), aged=frozenset([TALKS_GUID])) == ()


def test_a_vanished_episode_without_a_record_is_said_to_have_none():
    """What to do depends on whether the record is still there."""
    (one,) = found(edited((TALKS_ITEM, "")), episodes=())
    assert "no record has its GUID" in one.message
    assert "--allow-removal" in one.hint


def test_what_nobody_looked_at_is_said_to_be_skipped():
    """Without a live feed, a target or an answer the guards are skipped, and lint says so."""
    subject = subject_of(GOOD, own=True)
    assert set(check(subject, select=CODES).skipped) == set(CODES)
    known = replace(subject, release=Release(live="file:out"))
    assert set(check(known, select=CODES).skipped) == {"PK902", "PK903", "PK906"}
    foreign = subject_of(GOOD)
    assert set(check(foreign, select=CODES).skipped) == set(CODES)


def test_many_episodes_are_counted():
    """A change of every title is one line, not hundreds."""
    items = "".join(TALKS_ITEM.replace(TALKS_GUID, f"guid-{n}") for n in range(5))
    old = edited((TALKS_ITEM, items))
    (one,) = [
        f for f in found(old.replace("<title>Talks", "<title>The talks"), old) if f.code == "PK908"
    ]
    assert "of 5 episodes" in one.message


def test_the_modules_docstring_names_its_rules():
    """Rules 304, 901 to 903, 905, 906, 908, 910."""
    own = sorted(r.code for r in RULES.values() if r.check.__module__ == "podkit.rules.guards")
    assert own == CODES
    assert all(code[2:] in said_of_guards or code == "PK902" for code in own)

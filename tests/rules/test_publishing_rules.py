"""The rules of publishing that a show's own records can break."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_feed import GOOD, edited, subject_of

from podkit.model.episode import Episode, Master
from podkit.model.finding import Severity
from podkit.model.show import Feed, Podcast, Show
from podkit.rules.check import check

W = Severity.WARNING
ENERGY, TALKS = "2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1", "9d3f0c52-52c2-4a29-8f54-4f33a1a7a0b4"
SECRET = "members/7f3kq9x2m4t8w1zc.xml"  # noqa: S105 (a path, and an example)
HIDDEN = (
    ("<itunes:email>podcast@example.com</itunes:email>", ""),
    (
        "<podcast:locked>",
        "<itunes:block>Yes</itunes:block><podcast:block>yes</podcast:block><podcast:locked>",
    ),
)


def episode(slug, guid, sha256, **more: object):
    master = Master(file="m.wav", sha256=sha256, bytes=1)
    known = {"published": None, "draft": False, **more}
    return Episode(slug=slug, guid=guid, title=slug, masters={"main": master}, **known)


def own(text=GOOD, *, feed=None, **known: object):
    feeds = {"main": Feed(), "members": feed} if feed else {"main": Feed()}
    podcast = Podcast(show=Show(title="A show"), feeds=feeds)
    name = f"public/{feed.path}" if feed else "public/feed.xml"
    return subject_of(text, name=name, podcast=podcast, own=True, now=None, **known)


def test_two_episodes_with_the_same_sound_are_told():
    """PK904 names both, at the later one; its own number tells which is later."""
    episodes = (
        episode("talks", TALKS, "aa", number=2),
        episode("energy", ENERGY, "aa", number=1),
        episode("other", "g", "bb", number=3),
    )
    (found,) = check(own(episodes=episodes), select=["PK904"]).findings
    assert (found.severity, found.element, found.episode) == (W, "channel/item[2]", "talks")
    assert "same sound as energy" in found.message
    different = (episodes[0], replace(episodes[1], masters={}), episodes[2])
    assert check(own(episodes=different), select=["PK904"]).findings == ()


BROKEN = [
    ("PK907", "itunes:block", edited(HIDDEN[0], (HIDDEN[1][0], HIDDEN[1][1].replace("Yes", "No"))), SECRET),
    ("PK907", "podcast:block", edited(HIDDEN[0], (HIDDEN[1][0], HIDDEN[1][1].replace(">yes", ' id="amazon">yes'))), SECRET),
    ("PK907", "address", edited(HIDDEN[1]), SECRET),
    ("PK907", "podcast:locked", edited(*HIDDEN, ("<podcast:locked>", '<podcast:locked owner="a@example.com">')), SECRET),
    ("PK907", "guessed", edited(*HIDDEN), "members.xml"),
    ("PK907", "guessed", edited(*HIDDEN), "7f3kq9x2m4t8w1zc/feed.xml"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "said", "feed", "path"), BROKEN)
def test_a_feed_for_members_that_others_find(code, said, feed, path):
    """PK907 tells what gives a private feed away."""
    (found,) = check(own(feed, feed=Feed(path=path, private=True)), select=[code]).findings
    assert found.severity is W
    assert said in found.message


@pytest.mark.parametrize(
    ("feed", "table"),
    [
        (edited(*HIDDEN), Feed(path=SECRET, private=True)),
        (edited(*HIDDEN), Feed(path="members/{token}.xml", private=True)),
        (GOOD, Feed(path="other.xml")),
    ],
)
def test_hidden_and_public_feeds_are_right(feed, table):
    """A hidden feed at a secret path, and a public one, have no finding."""
    assert check(own(feed, feed=table), select=["PK907"]).findings == ()


def test_a_hidden_feed_needs_no_address():
    """PK213 asks for an owner's address only where somebody may claim the feed."""
    blocked, bare = edited(*HIDDEN), edited(HIDDEN[0])
    assert check(subject_of(blocked), select=["PK213"]).findings == ()
    assert len(check(subject_of(bare), select=["PK213"]).findings) == 1

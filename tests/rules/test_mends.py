"""What --fix writes otherwise, value by value: only what can mean one thing."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_feed import edited, subject_of

from podkit.rules.check import check
from podkit.rules.mends import MENDS, mendings
from podkit.rules.rule import RULES

ALL = frozenset(RULES)
SHOW = [
    ("PK203", 'language = "EN_us"', "show.language", "en-US"),
    ("PK203", 'language = "zh_hans_cn"', "show.language", "zh-Hans-CN"),
    ("PK108", 'title = "  A show "', "show.title", "A show"),
    ("PK108", 'owner = { name = " Desk", email = "a@b.example" }', "show.owner.name", "Desk"),
    ("PK107", 'categories = ["News", "society & culture > documentary"]', "show.categories.1", "Society & Culture > Documentary"),
    ("PK204", 'categories = ["Health and Fitness > mental health"]', "show.categories.0", "Health & Fitness > Mental Health"),
    ("PK226", 'spotify_country_of_origin = "ua, US"', "show.spotify_country_of_origin", "ua us"),
    ("PK805", 'location = { name = "Kyiv", geo = "50.45, 30.52" }', "show.location.geo", "geo:50.45,30.52"),
    ("PK805", 'location = [{ name = "Kyiv", osm = "r421866" }]', "show.location.0.osm", "R421866"),
    ("PK805", 'location = [{ name = "Kyiv", rel = "Subject" }]', "show.location.0.rel", "subject"),
    ("PK807", 'block = [{ id = "Podcast Index" }]', "show.block.0.id", "podcastindex"),
    ("PK816", 'medium = "Video"', "show.medium", "video"),
    ("PK819", 'chat = { server = "e.org", protocol = " Matrix" }', "show.chat.protocol", "matrix"),
    ("PK819", 'social_interact = [{ protocol = "ActivityPub" }]', "show.social_interact.0.protocol", "activitypub"),
    ("PK819", 'podroll = [{ feed_guid = "x", medium = "Music" }]', "show.podroll.0.medium", "music"),
]  # fmt: skip


def made(text: str, *, of_show: bool = True, codes: frozenset[str] = ALL):
    """What is mended in a record."""
    return list(mendings(tomllib.loads(text), of_show=of_show, codes=codes))


@pytest.mark.parametrize(("code", "line", "key", "after"), SHOW)
def test_what_can_mean_one_thing_is_mended(code, line, key, after):
    """The value is found where it stands, and written as the rule wants it."""
    (one,) = made(f"[show]\n{line}\n")
    assert (one.code, ".".join(map(str, one.key)), one.after) == (code, key, after)
    assert made(f"[show]\n{line}\n", codes=ALL - {code}) == []


@pytest.mark.parametrize(
    "line",
    [
        'language = "english"',
        'language = "ua"',
        'language = "en-gb"',
        'title = """A title\nwith lines """',
        'categories = ["News > Politics", "Current Affairs", "News > Documentary"]',
        'categories = ["Health"]',
        'spotify_country_of_origin = "England, Wales"',
        'spotify_country_of_origin = "UA"',
        'location = { name = "Kyiv", geo = "150.45,30.52" }',
        'block = [{ id = "Amazon Music" }, { id = "rss.com" }, { block = true }]',
        'medium = "radio"',
        'chat = { server = "E.org", protocol = "WhatsApp" }',
        'medium = "musicL"',
        'guid = " 917393e3-1b1e-5cef-ace4-edaa54e1f810 "',
        'image = " cover.jpg"',
        'copyright = "Copyright 2026 Example"',
    ],
)
def test_what_is_right_or_not_sure_stays(line):
    """A value that is right, that may mean two things, or that names something is not touched."""
    assert made(f"[show]\n{line}\n") == []


def test_an_episodes_record():
    """The same in episode.toml, where the keys stand at the top; the GUID is never touched."""
    text = (
        'guid = " one "\ntitle = " One "\npeople = ["host", { name = " Olha", role = "guest" }]\n'
    )
    found = made(text, of_show=False)
    assert [(m.key, m.after) for m in found] == [
        (("title",), "One"),
        (("people", 1, "name"), "Olha"),
    ]


def test_several_mends_of_one_value():
    """One after the other: each says what it made of the value before it."""
    first, second = made('[show]\nlanguage = " en_us "\n')
    assert (first.code, first.before, first.after) == ("PK108", " en_us ", "en_us")
    assert (second.code, second.before, second.after) == ("PK203", "en_us", "en-US")


@given(st.text(), st.sampled_from(MENDS))
def test_a_mend_is_made_once(text, mend):
    """What was mended is right: mending it again changes nothing."""
    once = mend.better(text)
    assert mend.better(once) == once


@given(
    st.sampled_from(["en", "uk", "de", "zh", "english", "xx", ""]),
    st.sampled_from(["", "_us", "-GB", "_Hans_CN", "_", " ", "-x"]),
)
def test_a_mended_language_is_one(language, region):
    """PK203 finds nothing in what was mended, and what was not mended it judges as before."""
    mend = next(m for m in MENDS if m.code == "PK203")
    before = language + region
    after = mend.better(before)
    if after != before:
        feed = edited(("<language>en-gb</language>", f"<language>{after}</language>"))
        assert check(subject_of(feed), select=["PK203"]).findings == ()


def test_rules_that_are_mended_say_so():
    """A rule is marked as mended if and only if there is a mend for it, here or of a whole file."""
    marked = {rule.code for rule in RULES.values() if rule.fixable}
    assert marked == {mend.code for mend in MENDS} | {"PK220", "PK744"}
    assert {code for code, *_ in SHOW} == {mend.code for mend in MENDS}

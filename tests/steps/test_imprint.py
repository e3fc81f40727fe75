"""What a rendition says of its people, from the record and the register."""

from __future__ import annotations

import pytest
from shows import SHOW, add_episode, make_show

from podkit.steps.imprint import fields_of
from podkit.steps.open_show import open_show

REGISTER = (
    SHOW
    + """
[people.host]
name = "Олена Коваль"
role = "host"
"""
)


@pytest.fixture
def layout(tmp_path):
    """A show that knows one person."""
    return make_show(tmp_path, REGISTER.replace("[site]", 'people = ["host"]\n[site]'))


def credits_of(layout, slug):
    """The credits that the renditions of an episode get."""
    show = open_show(layout.root)
    return fields_of(show, show.episode(slug)).get("credits")


def test_people_of_the_record_are_credits(layout):
    """Those of the episode, with what the register knows of them."""
    add_episode(layout, "one")
    assert credits_of(layout, "one") == "host: Олена Коваль; guest: Guest"


def test_an_episode_without_own_people_has_the_shows(layout):
    """As its page has."""
    text = 'guid = "g"\ntitle = "T"\npublished = 2026-11-20\n[masters.main]\nfile = "m.wav"\nsha256 = "aa"\nbytes = 1\n'
    add_episode(layout, "two", text)
    assert credits_of(layout, "two") == "host: Олена Коваль"

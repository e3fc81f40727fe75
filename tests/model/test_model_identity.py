"""Slugs, GUIDs and the transliteration table."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import UsageError
from podkit.model.identity import (
    PODCAST_NAMESPACE,
    SLUG_LENGTH,
    check_slug,
    is_slug,
    podcast_guid,
    transliterate_ukrainian,
)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Алушта", "Alushta"),
        ("Борщагівка", "Borshchahivka"),
        ("Гадяч", "Hadiach"),
        ("Ґалаґан", "Galagan"),
        ("Донецьк", "Donetsk"),
        ("Єнакієве", "Yenakiieve"),
        ("Гаєвич", "Haievych"),
        ("Житомир", "Zhytomyr"),
        ("Закарпаття", "Zakarpattia"),
        ("Медвин", "Medvyn"),
        ("Їжакевич", "Yizhakevych"),
        ("Кадиївка", "Kadyivka"),
        ("Йосипівка", "Yosypivka"),
        ("Стрий", "Stryi"),
        ("Харків", "Kharkiv"),
        ("Біла Церква", "Bila Tserkva"),
        ("Шостка", "Shostka"),
        ("Гоща", "Hoshcha"),
        ("Русь", "Rus"),
        ("Юрій", "Yurii"),
        ("Крюківка", "Kriukivka"),
        ("Яготин", "Yahotyn"),
        ("Костянтин", "Kostiantyn"),
        ("Знам'янка", "Znamianka"),
        ("Згорани", "Zghorany"),
        ("Розгон", "Rozghon"),
        ("Київ", "Kyiv"),
    ],
)
def test_the_table_of_2010(name, latin):
    """The examples that go with each letter of Resolution 55."""
    assert transliterate_ukrainian(name) == latin


@pytest.mark.parametrize("text", ["ёлка", "Ўладзімір", "Љубав", "plain", "日本", ""])
def test_other_alphabets_stay(text):
    """Letters that Ukrainian does not have mean that it is not Ukrainian."""
    assert transliterate_ukrainian(text) == text


@pytest.mark.parametrize(
    ("url", "guid"),
    [
        # The two examples in the podcast namespace's page on `guid`.
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_the_shows_guid(url, guid):
    """UUIDv5 of the URL without its scheme and trailing slashes."""
    assert podcast_guid(url) == guid
    bare = url.removeprefix("https://")
    assert podcast_guid(f"http://{bare}") == podcast_guid(f"HTTPS://{bare}//") == guid


@given(st.text(max_size=40))
def test_every_guid_is_a_uuid_of_version_5(url):
    """Whatever the URL."""
    assert uuid.UUID(podcast_guid(url)).version == 5
    assert PODCAST_NAMESPACE.version == 5


@pytest.mark.parametrize("slug", ["a", "talk-2", "0", "x" * SLUG_LENGTH])
def test_slugs(slug):
    """Lower case, digits, single hyphens."""
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "A", "a--b", "-a", "a-", "a b", "a.b", "a/b", "..", "a\n", "x" * 81, "con", "media", "é"],
)
def test_what_is_no_slug(slug):
    """Reserved names, other characters, too long; also a line end after a good one."""
    assert not is_slug(slug)
    with pytest.raises(UsageError):
        check_slug(slug)

"""Titles become slugs that are safe as a folder and in a URL; none is given twice."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shows import make_show

from podkit.errors import FileError, UsageError
from podkit.model.identity import SLUG_LENGTH, is_slug
from podkit.workspace.layout import is_path_inside, is_plain_name
from podkit.workspace.slugs import free_slug, slug_for


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Київ", "kyiv"),
        ("Згурський", "zghurskyi"),
        ("Єнакієве", "yenakiieve"),
        ("Їжак і Йосип", "yizhak-i-yosyp"),
        ("Щастя, Юрій та Знам'янка", "shchastia-yurii-ta-znamianka"),
        ("Розгін", "rozghin"),
        ("Energy: how it works, №1", "energy-how-it-works-no1"),
        ("C'est déjà l'été", "c-est-deja-l-ete"),
        ("Straße & Größe", "strasse-grosse"),
        ("Москва и ёлка", "moskva-i-elka"),
        ("日本", "ri-ben"),
        ("🎙️", "episode"),
        ("", "episode"),
        ("CON", "con-episode"),
        ("media", "media-episode"),
        ("lpt1", "lpt1-episode"),
        ("../../etc/passwd", "etc-passwd"),
        (".htaccess", "htaccess"),
    ],
)
def test_titles(title, slug):
    """Ukrainian goes by the table of 2010, the rest as python-slugify writes it."""
    assert slug_for(title) == slug


def test_composed_letters_do_not_matter():
    """A title typed with combining marks gives the same slug (N06)."""
    assert slug_for(unicodedata.normalize("NFD", "Київ й їжак")) == slug_for("Київ й їжак")


@given(st.text(max_size=200))
def test_every_title_has_a_slug(title):
    """Whatever the title, the slug is one, of at most 80 characters (N05)."""
    assert is_slug(slug_for(title))


def test_long_titles_are_cut_between_words():
    """No half word at the end, unless there is only one."""
    slug = slug_for("word " * 40)
    assert len(slug) <= SLUG_LENGTH
    assert set(slug.split("-")) == {"word"}
    assert slug_for("x" * 200) == "x" * SLUG_LENGTH


def test_taken_slugs_get_a_number():
    """-2, -3, … always the first that is free, whatever case or form the folder's name has (N06)."""
    assert free_slug("talk", []) == "talk"
    assert free_slug("talk", ["TALK", "talk-2"]) == "talk-3"
    assert free_slug("x" * 80, ["x" * 80]) == "x" * 78 + "-2"
    assert free_slug("a-" * 39 + "b", ["a-" * 39 + "b"]) == "a-" * 38 + "a-2"


@given(st.lists(st.sampled_from(["talk", "talk-2", "Talk", "te", "x" * 80]), max_size=12))
def test_no_slug_is_given_twice(titles):
    """Many episodes of few titles: every folder is another, and a slug (N06)."""
    taken: list[str] = []
    for title in titles:
        taken.append(free_slug(slug_for(title), taken))
        assert is_slug(taken[-1])
    assert len({name.casefold() for name in taken}) == len(titles)


def traversals() -> list[str]:
    """Two hundred names that would leave a folder, or hide in it."""
    rng = random.Random(5)
    parts = ["..", "/", "\\", "\0", "~", "C:", ".", "%2e%2e", "\n", "etc", "\u2215", "\uff0e"]
    fixed = [
        "../x",
        "/etc/passwd",
        "..",
        ".",
        "",
        "a/../../b",
        "CON",
        "nul.txt",
        ".htaccess",
        "a\0b",
    ]
    made = {"".join(rng.choices(parts, k=rng.randint(1, 5))) for _ in range(400)}
    return [*fixed, *sorted(made - {"etc", "etcetc", "etcetcetc"})][:200]


def test_no_name_leads_out(tmp_path):
    """Of 200 traversal strings none is a slug, none becomes a path outside the show (N05)."""
    layout = make_show(tmp_path / "show")
    names = traversals()
    assert len(names) == 200
    for name in names:
        with pytest.raises(UsageError):
            layout.episode(name)
        try:
            path = layout.file("talk", name)
        except (FileError, ValueError):
            pass
        else:
            assert path.resolve().parent == (layout.episodes / "talk").resolve()
        if is_path_inside(name):
            assert (tmp_path / name).resolve().is_relative_to(tmp_path.resolve())
        assert (
            slug_for(name) == "episode" or layout.episode(slug_for(name)).parent == layout.episodes
        )


@given(st.text(max_size=30))
def test_plain_names_stay_in_their_folder(name):
    """What counts as a plain name is one component of a path."""
    if is_plain_name(name):
        assert "/" not in name
        assert name not in {".", ".."}

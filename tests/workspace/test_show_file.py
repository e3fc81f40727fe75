"""podkit.toml: what is written is read again, and what can never be meant is refused."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import NAMES, TEXTS, records
from shows import GUID, SHOW, make_show

from podkit.errors import RecordError, UsageError
from podkit.model.person import Person
from podkit.model.podcasting import Image
from podkit.model.show import Feed, MediaSettings, Podcast, Publishing, Show
from podkit.workspace import show_file
from podkit.workspace.layout import Layout

PATHS = st.sampled_from(["", "cover.jpg", "art/обкладинка.png", "https://a.example/c.jpg"])
GUIDS = st.sampled_from(["", GUID])
SHOWS = records(
    Show,
    title=TEXTS.filter(str.strip),
    description_file=st.just(""),
    timezone=st.sampled_from(["UTC", "Europe/Kyiv", "America/St_Johns"]),
    image=PATHS,
    guid=GUIDS,
    images=st.lists(records(Image, href=PATHS), max_size=2).map(tuple),
)
PREFIXES = st.sampled_from(
    [(), ("https://one.example/e/",), ("https://a.example", "http://b.example/")]
)
FEEDS = records(
    Feed,
    guid=GUIDS,
    image=PATHS,
    only=st.sampled_from(["", "audio", "video"]),
    early=st.just(""),
    delay=st.sampled_from(["", "48h", "2 days"]),
    prefixes=st.none() | PREFIXES,
)
FEED_SETS = st.lists(st.tuples(NAMES, FEEDS), max_size=3, unique_by=lambda f: f[0]).map(
    lambda named: (
        {
            name: dataclasses.replace(feed, path=f"{i}/feed.xml")
            for i, (name, feed) in enumerate(named)
        }
        or {"main": Feed()}
    )
)
PODCASTS = records(
    Podcast,
    show=SHOWS,
    people=st.dictionaries(TEXTS.filter(str.strip), records(Person), max_size=2),
    media=records(MediaSettings, prefixes=PREFIXES),
    feeds=FEED_SETS,
    publish=st.dictionaries(NAMES, records(Publishing), max_size=2),
    presets=st.dictionaries(NAMES, st.dictionaries(NAMES, TEXTS, max_size=2), max_size=2),
)


@pytest.fixture(scope="module")
def layout(tmp_path_factory) -> Layout:
    return make_show(tmp_path_factory.mktemp("show"))


@settings(max_examples=200, deadline=None)
@given(PODCASTS)
def test_what_is_written_is_read_again(layout, podcast):
    """parse(render_new(podcast)) == podcast, whatever is in it."""
    text = show_file.render_new(podcast)
    assert show_file.parse(text, layout) == podcast


def faults(layout: Layout, text: str) -> list[str]:
    with pytest.raises(RecordError) as caught:
        show_file.parse(text, layout)
    return caught.value.message.splitlines()[1:]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[show]\ntitle = " "', "line 2, show.title: it is empty"),
        ('[show]\ntitle = "t"\nguid = "x"', "line 3, show.guid: must be a UUID"),
        ('[show]\ntitle = "t"\ntimezone = "Europe/Kiyv"', "did you mean 'Europe/Kyiv'?"),
        ('[show]\ntitle = "t"\ntimezone = "../../etc/passwd"', "show.timezone: unknown time zone"),
        ('[show]\ntitle = "t"\ntimezone = "Europe"', "show.timezone: unknown time zone"),
        ('[show]\ntitle = "t"\nrelease_time = "6 am"', "must be a time of day"),
        ('[show]\ntitle = "t"\nimage = "/etc/passwd"', "must be a file inside"),
        ('[show]\ntitle = "t"\nimage = "a/../../b.jpg"', "must be a file inside"),
        ('[show]\ntitle = "t"\ncategories = ["> X"]', "show.categories[0]: must be as in"),
        ('[show]\ntitle = "t"\ntype = "serail"', "did you mean 'serial'?"),
        ('[show]\ntitle = "t"\n[feeds.main]\npath = "../feed.xml"', "line 4, feeds.main.path"),
        ('[show]\ntitle = "t"\n[feeds.main]\npath = "/feed.xml"', "feeds.main.path"),
        ('[show]\ntitle = "t"\n[feeds.main]\npath = ".well-known/f"', "feeds.main.path"),
        ('[show]\ntitle = "t"\n[feeds.main]\npath = ""', "feeds.main.path"),
        ('[show]\ntitle = "t"\n[feeds.main]\npath = "C:/feed.xml"', "feeds.main.path"),
        ('[show]\ntitle = "t"\n[feeds.a]\n[feeds.b]\npath = "Feed.xml"', "the same file"),
        ('[show]\ntitle = "t"\n[feeds."a b"]', "line 3, feeds.a b: a name has letters"),
        ('[show]\ntitle = "t"\n[publish."../x"]\nurl = "file:x"', "a name has letters"),
        ('[show]\ntitle = "t"\n[feeds.main]\nguid = "x"', "feeds.main.guid: must be a UUID"),
        ('[show]\ntitle = "t"\n[publish.x]', "publish.x.url: it is missing"),
        ('[shaw]\ntitle = "t"', "line 1, shaw: unknown key; did you mean 'show'?"),
        ("", "it is empty"),
        ("[site]", "show: it is missing"),
    ],
)
def test_what_can_never_be_meant_is_refused(layout, text, fault):
    """Each such value is a fault that names its key."""
    assert any(fault in line for line in faults(layout, text))


def test_a_target_may_be_a_bare_url(layout):
    """`default = "file:out"` under [publish] is enough."""
    podcast = show_file.parse(SHOW + '\n[publish]\ndefault = "file:out"\n', layout)
    assert podcast.publish == {"default": Publishing(url="file:out")}


def test_the_description_may_lie_in_a_file(tmp_path):
    """description_file is read beside podkit.toml."""
    layout = make_show(tmp_path, SHOW.replace("[site]", 'description_file = "about.md"\n[site]'))
    (tmp_path / "about.md").write_text("Про Україну.\n", encoding="utf-8")
    assert show_file.load(layout).show.description == "Про Україну."


def test_the_description_does_not_come_from_outside(tmp_path):
    """Neither by its path nor by a link (N07)."""
    (tmp_path / "secret").write_text("s3cret")
    for name in ("../secret", "link", "folder/link"):
        root = tmp_path / f"show-{name.replace('/', '-')}"
        layout = make_show(root, f'[show]\ntitle = "t"\ndescription_file = "{name}"\n')
        (root / "folder").mkdir()
        (root / "link").symlink_to(tmp_path / "secret")
        (root / "folder" / "link").symlink_to(tmp_path / "secret")
        with pytest.raises(RecordError, match="outside the show's folder") as caught:
            show_file.load(layout)
        assert "s3cret" not in caught.value.message


def test_a_missing_description_is_a_fault(tmp_path):
    """The key that names it is told."""
    layout = make_show(tmp_path, '[show]\ntitle = "t"\ndescription_file = "none.md"\n')
    with pytest.raises(RecordError, match=r"line 3, show\.description_file: cannot read"):
        show_file.load(layout)


def test_a_new_file_explains_itself(layout):
    """Keys that a person will want are there, as comments where nothing was said."""
    text = show_file.render_new(Podcast(show=Show(title="t", explicit=False)))
    for line in ('title = "t"', "explicit = false", "# author", "# [people.host]", "# base_url"):
        assert line in text


def test_the_show_is_found_upwards(tmp_path):
    """From any folder inside it; outside there is a hint."""
    layout = make_show(tmp_path / "show")
    inner = layout.episodes / "talk"
    inner.mkdir()
    assert Layout.find(inner) == layout
    with pytest.raises(UsageError) as caught:
        Layout.find(tmp_path)
    assert "podkit init" in caught.value.hint

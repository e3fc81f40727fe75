"""Whatever a person writes into sound records: the feed made of them has no error of lint (F11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import TEXTS

from podkit.feed.positions import read_document
from podkit.feed.write import to_xml
from podkit.model.episode import Episode, EpisodeType, RemoteEnclosure
from podkit.model.finding import Severity
from podkit.model.podcasting import Funding, Location, Locked, Soundbite, Txt
from podkit.model.show import Category, Feed, Owner, Podcast, Show, ShowType, Site
from podkit.model.text import clean_line
from podkit.pages import prose
from podkit.rules.categories import CATEGORIES
from podkit.rules.check import check
from podkit.rules.subject import Subject
from podkit.steps.compose import Ready, compose
from podkit.steps.paginate import paginate

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
NAMES = TEXTS.map(clean_line).filter(bool)
PAIRS = [Category(name=group) for group in CATEGORIES]
PAIRS += [Category(name=group, sub=sub) for group, subs in CATEGORIES.items() for sub in subs]


def episode(number: int, title: str, notes: str, kind: EpisodeType, audio: str) -> Episode:
    """An episode whose media lies elsewhere."""
    extension, mime = audio.split()
    return Episode(
        slug=f"episode-{number}",
        guid=f"episode-{number}",
        title=title,
        published=NOW - timedelta(days=number),
        number=number if kind is EpisodeType.FULL else None,
        season=1,
        type=kind,
        summary=notes,
        notes=notes,
        soundbites=(Soundbite(start=1, duration=30, title=title),),
        enclosure=RemoteEnclosure(
            url=f"https://media.example/{number}.{extension}", length=1000, type=mime, duration=60
        ),
    )


EPISODES = st.lists(
    st.tuples(
        NAMES,
        TEXTS,
        st.sampled_from(EpisodeType),
        st.sampled_from(["mp3 audio/mpeg", "m4a audio/x-m4a", "mp4 video/mp4"]),
    ),
    min_size=1,
    max_size=4,
)
SHOWS = st.builds(
    Show,
    title=NAMES,
    description=TEXTS.filter(str.strip),
    language=st.sampled_from(["en", "uk", "de-AT", "zh-Hans"]),
    author=NAMES,
    owner=st.just(Owner(name="Desk", email="desk@podcast.example")),
    categories=st.lists(st.sampled_from(PAIRS), min_size=1, max_size=3).map(tuple),
    explicit=st.booleans(),
    type=st.sampled_from(ShowType),
    image=st.just("cover.jpg"),
    copyright=TEXTS,
    guid=st.just("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"),
    locked=st.none() | st.builds(Locked, locked=st.booleans()),
    funding=st.lists(
        st.builds(Funding, url=st.just("https://podcast.example/join"), text=TEXTS), max_size=2
    ).map(tuple),
    location=st.lists(st.builds(Location, name=NAMES), max_size=1).map(tuple),
    txt=st.lists(st.builds(Txt, text=NAMES), max_size=1).map(tuple),
)
FEEDS = st.builds(
    Feed,
    limit=st.integers(0, 3),
    page_size=st.integers(0, 2),
    light_after=st.integers(0, 2),
    simple_chapters=st.booleans(),
    private=st.booleans(),
)


@settings(
    max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(SHOWS, FEEDS, EPISODES)
def test_sound_records_make_feeds_without_error(show: Show, feed: Feed, rows: list) -> None:
    """200 shows with odd texts in every place where a person may write: 0 errors in their feeds."""
    if show.type is ShowType.SERIAL:  # each episode of a series has its number
        rows = [(title, notes, EpisodeType.FULL, audio) for title, notes, _, audio in rows]
    podcast = Podcast(show=show, site=Site(url="https://podcast.example/"), feeds={"main": feed})
    ready = []
    for number, row in enumerate(rows, 1):
        made = episode(number, *row)
        html = prose.to_html(made.notes)
        ready.append(Ready(episode=made, renditions={}, notes=html, description=html))
    spec = compose(podcast, feed, ready, now=NOW, image="show-2b580f53.jpg", generator="podkit")
    for number, sheet in enumerate(paginate(podcast, feed, spec), 1):
        subject = Subject(
            name=sheet.path,
            document=read_document(to_xml(sheet.spec)),
            podcast=podcast,
            episodes=tuple(one.episode for one in ready),
            own=True,
            now=NOW,
            feed_url=f"https://podcast.example/feed{f'-{number}' if number > 1 else ''}.xml",
        )
        found = check(subject).findings
        assert [f for f in found if f.severity is Severity.ERROR] == []
        assert subject.view is not None, "it is no feed at all"

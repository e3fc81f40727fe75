"""The waist of the hourglass: every decision about a feed is made here, purely, and only here.

Order, which rendition is the enclosure, addresses, inherited values, what is due.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from podkit.model import address
from podkit.model.episode import Episode, RemoteEnclosure
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.person import Person, resolve
from podkit.model.podcasting import (
    AlternateEnclosure,
    ChaptersLink,
    EpisodeNumber,
    FeedLink,
    Integrity,
    Locked,
    SeasonNumber,
    SimpleChapters,
    Soundbite,
    Source,
    TranscriptLink,
)
from podkit.model.rendition import Rendition, title_of
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.model.transcript import Cue
from podkit.steps import choose, release
from podkit.steps.seclude import seclude

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from podkit.model.chapter import Chapter
    from podkit.model.live import LiveItem
    from podkit.model.media import Asset
    from podkit.model.show import Feed, Podcast, Show

T = TypeVar("T")

CHAPTERS_NAME = "chapters.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTranscript:
    """A transcript as it will lie beside the episode's page."""

    name: str
    mime: str
    language: str
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An episode with all that was made for it.

    `renditions` by their key in the record; `notes` and `description` are clean HTML; `image` is
    a name in public/assets/, or empty for the show's; `poster` is a film's picture in 16:9.
    """

    episode: Episode
    renditions: Mapping[str, Rendition]
    notes: str = ""
    description: str = ""
    chapters: tuple[Chapter, ...] = ()
    transcripts: tuple[ReadyTranscript, ...] = ()
    image: str = ""
    poster: Asset | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An episode that stays out, and why; `broken` where it is for a fault, which no report tells."""

    slug: str
    published: datetime | None
    reason: str
    broken: bool = field(default=False, repr=False)


def held_back(podcast: Podcast, ready: Sequence[Ready], *, now: datetime) -> tuple[Held, ...]:
    """The episodes that no feed may name at the moment `now`, each with the reason."""
    out = []
    for one in ready:
        reason = _reason(podcast, one, now)
        if reason:
            held = Held(slug=one.episode.slug, published=one.episode.published, reason=reason)
            out.append(held)
    return tuple(out)


def _reason(podcast: Podcast, one: Ready, now: datetime) -> str:
    if (waiting := release.waits(podcast, one.episode, now)) is not None:
        return str(waiting)
    if isinstance(one.episode.enclosure, RemoteEnclosure):
        return ""
    for feed in podcast.feeds.values():
        if choose.belongs(podcast, one.episode, feed) and _rendition(podcast, one, feed) is None:
            return f"no {choose.enclosure_preset(one.episode, feed)} was made of it"
    return ""


def compose(
    podcast: Podcast,
    feed: Feed,
    ready: Sequence[Ready],
    *,
    now: datetime,
    image: str,
    generator: str,
) -> FeedSpec:
    """One feed of the show as it is at the moment `now`.

    Args:
        podcast: the show.
        feed: which of its feeds.
        ready: every episode, whatever its state.
        now: what is due is decided against this moment; nothing else depends on it.
        image: the name of the show's artwork in public/assets/, or empty.
        generator: what the feed says it was made by.
    """
    show = podcast.show
    held = {one.slug for one in held_back(podcast, ready, now=now)}
    due = [
        one
        for one in ready
        if one.episode.slug not in held and release.takes(podcast, feed, one.episode, now)
    ]
    due.sort(key=lambda one: (one.episode.published, one.episode.slug), reverse=True)
    named = due[: feed.limit] if feed.limit else due
    items = tuple(
        release.as_of(podcast, feed, one.episode, _item(podcast, feed, one), now) for one in named
    )
    if feed.light_after:
        items = tuple(_light(i) if n >= feed.light_after else i for n, i in enumerate(items))
    spec = FeedSpec(
        title=_own(feed.title, show.title),
        link=address.site_url(podcast),
        base=show.base,
        self_url=address.feed_url(podcast, feed),
        description=_own(feed.description, show.description) or _own(feed.title, show.title),
        language=_own(feed.language, show.language),
        copyright=_own(feed.copyright, show.copyright),
        author=_own(feed.author, show.author),
        owner=show.owner,
        categories=_own(feed.categories, show.categories),
        explicit=_own(feed.explicit, show.explicit) or False,
        type=str(_own(feed.type, show.type)),
        image=address.asset_url(podcast, image) if image else "",
        guid=feed.guid or show.guid,
        built=max((i.published for i in items if i.published), default=None),
        generator=generator,
        complete=show.complete,
        new_feed_url=show.new_feed_url,
        locked=show.locked or Locked(locked=True, owner=show.owner.email),
        medium=_own(feed.medium, show.medium) or ("video" if feed.only == "video" else "podcast"),
        people=_credits(show.people, podcast),
        funding=show.funding,
        location=show.location,
        license=show.license,
        trailers=show.trailers,
        update_frequency=show.update_frequency,
        txt=show.txt,
        block=show.block,
        images=show.images,
        value=show.value,
        chat=show.chat,
        podping=show.podping,
        publisher=show.publisher,
        podroll=show.podroll,
        social_interact=show.social_interact,
        remote_items=show.remote_items,
        live_items=_live(podcast),
        links=(FeedLink(rel="hub", href=show.hub),) if show.hub else (),
        spotify_limit=show.spotify_limit,
        spotify_country_of_origin=show.spotify_country_of_origin,
        items=items,
        extra=show.extra,
    )
    return seclude(spec) if feed.private else spec


def _live(podcast: Podcast) -> tuple[LiveItem, ...]:
    """The streams, with their people as the register knows them."""
    lives = podcast.show.live_items
    return tuple(replace(live, people=_credits(live.people, podcast)) for live in lives)


def _light(item: Item) -> Item:
    """An old episode without what makes a feed long; its page has it all."""
    return replace(item, content="", simple_chapters=None)


def _own(own: T | None, inherited: T) -> T:
    return inherited if own is None else own


def _credits(people: Sequence[Person], podcast: Podcast) -> tuple[Person, ...]:
    return tuple(resolve(person, podcast.people) for person in people)


def credits_of(podcast: Podcast, episode: Episode) -> tuple[Person, ...]:
    """An episode's people as the register knows them; without own ones, the show's."""
    show: Show = podcast.show
    return _credits(show.people if episode.people is None else episode.people, podcast)


def explicit_of(podcast: Podcast, episode: Episode) -> bool:
    """Whether the episode is explicit: its own word, else the show's, else no."""
    return bool(podcast.show.explicit if episode.explicit is None else episode.explicit)


def _item(podcast: Podcast, feed: Feed, one: Ready) -> Item:
    episode = one.episode
    rendition = _rendition(podcast, one, feed)
    return Item(
        title=episode.title,
        guid=episode.guid,
        guid_permalink=episode.guid_permalink,
        link=episode.link or address.page_url(podcast, episode.slug),
        published=episode.published,
        description=one.description,
        content=one.notes,
        summary=episode.summary,
        author=episode.author or podcast.show.author,
        enclosure=_enclosure(podcast, one, feed, rendition),
        duration=rendition.duration if rendition else episode.duration or None,
        explicit=explicit_of(podcast, episode),
        episode=None
        if episode.number is None
        else EpisodeNumber(number=episode.number, display=episode.display),
        season=None
        if episode.season is None
        else SeasonNumber(number=episode.season, name=episode.season_name),
        episode_type=str(episode.type),
        image=address.asset_url(podcast, one.image) if one.image else "",
        block=episode.block,
        people=() if episode.people is None else credits_of(podcast, episode),
        chapters=_chapters(podcast, one),
        simple_chapters=_simple_chapters(one) if feed.simple_chapters else None,
        transcripts=_transcripts(podcast, one),
        soundbites=_soundbites(episode, rendition),
        alternates=_alternates(podcast, one, feed, rendition),
        funding=episode.funding,
        location=episode.location,
        license=episode.license,
        txt=episode.txt,
        images=choose.images(podcast, episode, one.poster),
        value=episode.value,
        chat=episode.chat,
        social_interact=episode.social_interact,
        content_links=episode.content_links,
        thumbnails=choose.thumbnails(podcast, episode, one.poster),
        extra=episode.extra,
    )


def _rendition(podcast: Podcast, one: Ready, feed: Feed) -> Rendition | None:
    return choose.recorded(podcast, one.episode, one.renditions, feed)


def _soundbites(episode: Episode, rendition: Rendition | None) -> tuple[Soundbite, ...]:
    """The highlights in the time of the file that the feed names."""
    if rendition is None or not rendition.trimmed:
        return episode.soundbites
    moved = (bite.trimmed(rendition.trimmed, rendition.duration) for bite in episode.soundbites)
    return tuple(bite for bite in moved if bite is not None)


def _enclosure(
    podcast: Podcast, one: Ready, feed: Feed, rendition: Rendition | None
) -> Enclosure | None:
    remote = one.episode.enclosure
    if isinstance(remote, RemoteEnclosure):
        return Enclosure(url=remote.url, length=remote.length, type=remote.type)
    if rendition is None:
        return None
    url = address.enclosure_url(podcast, rendition.file, feed)
    return Enclosure(url=url, length=rendition.bytes, type=rendition.mime)


def _chapters(podcast: Podcast, one: Ready) -> ChaptersLink | None:
    if not one.chapters:
        return None
    return ChaptersLink(url=address.companion_url(podcast, one.episode.slug, CHAPTERS_NAME))


def _simple_chapters(one: Ready) -> SimpleChapters | None:
    """The same chapters inside the feed, for players that read no JSON; pictures must be addresses."""
    shown = tuple(
        replace(c, end=None, image=c.image if is_safe_url(c.image, MEDIA_SCHEMES) else "")
        for c in one.chapters
        if not c.hidden
    )
    return SimpleChapters(chapters=shown) if shown else None


def _transcripts(podcast: Podcast, one: Ready) -> tuple[TranscriptLink, ...]:
    return tuple(
        TranscriptLink(
            url=address.companion_url(podcast, one.episode.slug, transcript.name),
            type=transcript.mime,
            language=transcript.language,
            rel="captions" if transcript.cues else "",
        )
        for transcript in one.transcripts
    )


def _alternates(
    podcast: Podcast, one: Ready, feed: Feed, main: Rendition | None
) -> tuple[AlternateEnclosure, ...]:
    if main is None or isinstance(one.episode.enclosure, RemoteEnclosure):
        return ()
    names = choose.alternate_presets(one.episode, feed)
    keys = [choose.rendition_key(podcast, one.episode, name, feed) for name in names]
    others = [one.renditions[k] for k in dict.fromkeys(keys) if k and k in one.renditions]
    if not others:
        return ()
    everything = [main, *(other for other in others if other is not main)]
    return tuple(_alternate(podcast, one.episode, feed, r, default=r is main) for r in everything)


def _alternate(
    podcast: Podcast, episode: Episode, feed: Feed, rendition: Rendition, *, default: bool
) -> AlternateEnclosure:
    master = episode.masters.get(rendition.master)
    return AlternateEnclosure(
        type=rendition.mime,
        length=None if rendition.parts else rendition.bytes,  # a playlist's own says nothing
        bit_rate=rendition.bit_rate,
        height=rendition.height,
        language=(master.language if master else "") or episode.language,
        title=title_of(rendition),
        default=default,
        sources=(Source(uri=address.enclosure_url(podcast, rendition.file, feed)),),
        integrity=Integrity(value=choose.sri(rendition.sha256)),
    )

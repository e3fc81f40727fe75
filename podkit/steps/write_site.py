"""The pages of a show, with every address decided; the pages room prints them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from podkit.model import address
from podkit.model.episode import RemoteEnclosure
from podkit.model.rendition import title_of
from podkit.model.sitespec import EpisodePage, PlayerSource, SiteSpec, SizedPicture
from podkit.steps import choose
from podkit.steps.compose import Ready, credits_of, explicit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.show import Podcast
    from podkit.steps.illustrate import Artworks


def site_spec(
    podcast: Podcast, ready: Sequence[Ready], artworks: Artworks, *, held: set[str]
) -> SiteSpec:
    """All pages of the episodes that are not held back, newest first."""
    show = podcast.show
    due = [one for one in ready if one.episode.slug not in held]
    due.sort(key=lambda one: (one.episode.published, one.episode.slug), reverse=True)
    feeds = tuple(
        (feed.title or show.title, address.feed_url(podcast, feed))
        for feed in podcast.feeds.values()
        if not feed.private
    )
    cover = artworks.feed_name("")
    sizes = _sizes(artworks, "")
    return SiteSpec(
        title=show.title,
        description=show.description,
        language=show.language,
        author=show.author,
        copyright=show.copyright,
        url=address.site_url(podcast),
        image=sizes[-1].url if sizes else "",
        sizes=sizes,
        icon=sizes[0].url if sizes else "",
        image_url=address.asset_url(podcast, cover) if cover else "",
        timezone=show.timezone,
        feeds=feeds,
        funding=show.funding,
        people=tuple(p for p in podcast.people.values() if p.bio),
        episodes=tuple(page_of(podcast, one, artworks) for one in due),
    )


def page_of(podcast: Podcast, one: Ready, artworks: Artworks) -> EpisodePage:
    """One episode's page; its notes are the prose alone, the page shows the rest around them."""
    episode = one.episode
    sizes = _sizes(artworks, episode.slug)
    captions = next((t for t in one.transcripts if t.cues), None)
    return EpisodePage(
        slug=episode.slug,
        title=episode.title,
        published=episode.published,
        duration=next((r.duration for r in one.renditions.values()), episode.duration) or None,
        number="" if episode.number is None else episode.display or f"{episode.number:g}",
        season=episode.season,
        type=str(episode.type),
        language=episode.language or podcast.show.language,
        explicit=explicit_of(podcast, episode),
        summary=episode.summary,
        notes=one.notes,
        url=_absolute(address.page_url(podcast, episode.slug)),
        image=f"../{sizes[-1].url}" if sizes else "",
        thumbnail=sizes[0].url if sizes else "",
        sizes=sizes,
        poster=f"../{address.ASSETS_FOLDER}/{one.poster.name}" if one.poster else "",
        image_alt=episode.image_alt,
        image_credit=episode.image_credit,
        sources=_sources(podcast, one),
        captions=captions.name if captions else "",
        captions_language=captions.language if captions else "",
        people=credits_of(podcast, episode),
        chapters=one.chapters,
        transcript=captions.cues if captions else (),
        related=episode.related,
        funding=episode.funding or podcast.show.funding,
    )


def _sizes(artworks: Artworks, slug: str) -> tuple[SizedPicture, ...]:
    return tuple(
        SizedPicture(url=f"{address.ASSETS_FOLDER}/{asset.name}", width=asset.width)
        for asset in artworks.shown(slug)
    )


def _absolute(url: str) -> str:
    return url if "://" in url else ""


def _sources(podcast: Podcast, one: Ready) -> tuple[PlayerSource, ...]:
    """The files for the player: those that public feeds name, the usual enclosure first."""
    remote = one.episode.enclosure
    if isinstance(remote, RemoteEnclosure):
        video = remote.type.startswith("video/")
        label = "Video" if video else "Audio"
        source = PlayerSource(
            url=remote.url, type=remote.type, label=label, bytes=remote.length, video=video
        )
        return (source,)
    keys: list[str] = []
    for feed in podcast.feeds.values():
        if feed.private or not choose.belongs(podcast, one.episode, feed):
            continue
        names = (
            choose.enclosure_preset(one.episode, feed),
            *choose.alternate_presets(one.episode, feed),
        )
        found = [choose.rendition_key(podcast, one.episode, name, feed) for name in names]
        keys += [key for key in found if key and key in one.renditions]
    return tuple(
        PlayerSource(
            url=_media_address(podcast, rendition.file),
            type=rendition.mime,
            label=title_of(rendition),
            bytes=rendition.bytes,
            video=rendition.mime.startswith("video/"),
        )
        for rendition in (one.renditions[key] for key in dict.fromkeys(keys))
        if not rendition.parts  # but for one, browsers play no HLS without a script
    )


def _media_address(podcast: Podcast, name: str) -> str:
    """Relative to the page where the media lies below the site, else absolute."""
    site = urlsplit(address.site_url(podcast))
    base = urlsplit(address.media_base(podcast))
    if base.netloc and (site.scheme, site.netloc) != (base.scheme, base.netloc):
        return address.media_url(podcast, name)
    if base.netloc and not base.path.startswith(site.path):
        return address.media_url(podcast, name)
    inside = base.path[len(site.path) :] if base.netloc else f"{address.MEDIA_FOLDER}/"
    return posixpath.join("..", inside, quote(name))

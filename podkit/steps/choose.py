"""Which renditions an episode shall have, from which of its masters, and with which pictures: pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit.errors import UsageError
from podkit.model import address
from podkit.model.episode import Episode, RemoteEnclosure
from podkit.model.podcasting import Image, Thumbnail
from podkit.model.preset import Kind, Preset
from podkit.presets.preset import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from podkit.model.media import Asset
    from podkit.model.rendition import Rendition
    from podkit.model.show import Feed, Podcast

MAIN = "main"
POSTER_SHAPE = "16/9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One rendition that shall be there: `key` is its name in renditions.toml."""

    key: str
    preset: Preset
    master: str


def video_master(episode: Episode) -> str | None:
    """The first master with pictures, or None."""
    return next((name for name, master in episode.masters.items() if master.video), None)


def master_for(episode: Episode, preset: Preset, named: str = "") -> str | None:
    """The master that a preset reads: the one named, the main one, or the first with pictures.

    None when the episode has nothing that the preset could be made from.
    """
    if named and named in episode.masters:
        return named
    if preset.kind in {Kind.VIDEO, Kind.HLS} or preset.from_video:
        return video_master(episode)
    if MAIN in episode.masters:
        return MAIN
    return next(iter(episode.masters), None)


def key_for(episode: Episode, preset: Preset, master: str) -> str:
    """The rendition's name in the record: the preset, and the master when it is not the usual one."""
    return preset.name if master == master_for(episode, preset) else f"{preset.name}@{master}"


def enclosure_preset(episode: Episode, feed: Feed) -> str:
    """The preset of the file that listeners get: the episode's own choice, else the feed's."""
    own = episode.enclosure
    return own if isinstance(own, str) and own else feed.enclosure


def alternate_presets(episode: Episode, feed: Feed) -> tuple[str, ...]:
    """The presets of the other files that the feed offers."""
    return feed.alternates if episode.alternates is None else episode.alternates


def belongs(podcast: Podcast, episode: Episode, feed: Feed) -> bool:
    """Whether the feed takes the episode at all (`only = "video"` wants pictures)."""
    if feed.only_language and not (
        _speaks(podcast, episode, feed) or _dubbed(episode, feed.only_language)
    ):
        return False
    if feed.only == "video":
        return video_master(episode) is not None
    if feed.only == "audio":
        return not all(master.video for master in episode.masters.values()) or not episode.masters
    return True


def named_master(podcast: Podcast, episode: Episode, feed: Feed) -> str:
    """The master that a feed asks for by name or by its language; empty: the usual one."""
    if feed.master or not feed.only_language or _speaks(podcast, episode, feed):
        return feed.master
    return _dubbed(episode, feed.only_language)


def _speaks(podcast: Podcast, episode: Episode, feed: Feed) -> bool:
    main = episode.masters.get(MAIN)
    own = (main.language if main else "") or episode.language or podcast.show.language
    return _same_language(own, feed.only_language)


def _dubbed(episode: Episode, language: str) -> str:
    """The first master in that language; empty when there is none."""
    masters = episode.masters.items()
    return next((name for name, one in masters if _same_language(one.language, language)), "")


def _same_language(spoken: str, wanted: str) -> bool:
    """Whether a language is the wanted one, or a region's kind of it (RFC 4647, basic filtering)."""
    said, asked = spoken.lower(), wanted.lower()
    return said == asked or said.startswith(asked + "-")


def rendition_key(podcast: Podcast, episode: Episode, name: str, feed: Feed) -> str | None:
    """Which recorded rendition a feed means by a preset's name; None when there can be none."""
    preset = _preset(podcast, episode, name)
    master = master_for(episode, preset, named_master(podcast, episode, feed))
    return None if master is None else key_for(episode, preset, master)


def recorded(
    podcast: Podcast, episode: Episode, renditions: Mapping[str, Rendition], feed: Feed
) -> Rendition | None:
    """The file that listeners of a feed get, if it was made; `renditions` by their key."""
    key = rendition_key(podcast, episode, enclosure_preset(episode, feed), feed)
    return renditions.get(key) if key else None


def wanted(podcast: Podcast, episode: Episode, only: tuple[str, ...] = ()) -> tuple[Wanted, ...]:
    """Every rendition that the show and its feeds ask of an episode, each once.

    Args:
        podcast: whose presets and feeds count.
        episode: one that was imported without its media wants none.
        only: names of presets to take in place of the show's and the episode's own.

    Raises:
        UsageError: a preset is unknown.
    """
    if isinstance(episode.enclosure, RemoteEnclosure) or not episode.masters:
        return ()
    found: dict[str, Wanted] = {}
    for name, named_master in _names(podcast, episode, only):
        preset = _preset(podcast, episode, name)
        master = master_for(episode, preset, named_master)
        if master is not None:
            key = key_for(episode, preset, master)
            found.setdefault(key, Wanted(key=key, preset=preset, master=master))
    return tuple(found.values())


def _preset(podcast: Podcast, episode: Episode, name: str) -> Preset:
    """The preset of that name; where there is none, the error says who names it."""
    try:
        return resolve(name, podcast.presets)
    except UsageError as error:
        error.where = error.where or _who_names(podcast, episode, name)
        raise


def _who_names(podcast: Podcast, episode: Episode, name: str) -> str | None:
    """The file and key that name a preset; None when only the command line does."""
    own = {
        "presets": episode.presets or (),
        "enclosure": (episode.enclosure,),
        "alternates": episode.alternates or (),
    }
    for key, named in own.items():
        if name in named:
            return f"episodes/{episode.slug}/episode.toml, {key}"
    if name in podcast.media.presets:
        return "podkit.toml, media.presets"
    for feed_name, feed in podcast.feeds.items():
        for key, of_feed in (("enclosure", (feed.enclosure,)), ("alternates", feed.alternates)):
            if name in of_feed:
                return f"podkit.toml, feeds.{feed_name}.{key}"
    return None


def _names(podcast: Podcast, episode: Episode, only: tuple[str, ...]) -> list[tuple[str, str]]:
    if only:
        return [(name, "") for name in only]
    own = podcast.media.presets if episode.presets is None else episode.presets
    names = [(name, "") for name in own]
    for feed in podcast.feeds.values():
        if belongs(podcast, episode, feed):
            master = named_master(podcast, episode, feed)
            names.append((enclosure_preset(episode, feed), master))
            names += [(name, master) for name in alternate_presets(episode, feed)]
    return names


def images(podcast: Podcast, episode: Episode, poster: Asset | None) -> tuple[Image, ...]:
    """The record's own pictures, and a film's poster unless one of them has that shape."""
    own = episode.images
    if poster is None or any(image.aspect_ratio == POSTER_SHAPE for image in own):
        return own
    wide = Image(
        href=address.asset_url(podcast, poster.name),
        alt=(episode.image and episode.image_alt) or episode.title,
        aspect_ratio=POSTER_SHAPE,
        width=poster.width,
        height=poster.height,
        type="image/jpeg",
    )
    return (*own, wide)


def thumbnails(podcast: Podcast, episode: Episode, poster: Asset | None) -> tuple[Thumbnail, ...]:
    """The picture of a film's shape again, for platforms that read Media RSS."""
    wide = (i for i in images(podcast, episode, poster) if i.aspect_ratio == POSTER_SHAPE)
    return tuple(Thumbnail(url=i.href, width=i.width, height=i.height) for i in wide)


def sri(sha256: str) -> str:
    """A SHA-256 in hexadecimal as a Subresource Integrity value (W3C SRI, section 3.5)."""
    return "sha256-" + base64.b64encode(bytes.fromhex(sha256)).decode("ascii")

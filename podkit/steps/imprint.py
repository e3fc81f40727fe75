"""What a rendition says about itself: tags, chapters and cover, all from the episode's record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from podkit.model import address
from podkit.model.chapter import Chapter, trimmed, with_ends
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.model.text import clean_line
from podkit.steps import companions, derive, illustrate
from podkit.steps.compose import credits_of
from podkit.tags import files as tag_files
from podkit.tags.fields import join_credits

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.model.episode import Episode, Master
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a rendition shall say.

    `picture` is the original artwork and `picture_sha256` its hash, `chapter_pictures` are the
    originals that chapters name; `warnings` say what was left out.
    """

    fields: Mapping[str, str]
    chapters: tuple[Chapter, ...] = ()
    picture: bytes | None = field(default=None, repr=False)
    picture_sha256: str = ""
    chapter_pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()

    def parts(self) -> dict[str, object]:
        """What of it goes into a fingerprint: nothing that another library version would change."""
        chapters = [[round(c.start, 3), c.title, c.url, c.image, c.hidden] for c in self.chapters]
        parts: dict[str, object] = {
            "fields": dict(self.fields),
            "chapters": chapters,
            "artwork": self.picture_sha256,
        }
        if self.chapter_pictures:  # so that they make nothing stale where there are none
            parts["chapter_artwork"] = {
                name: hashlib.sha256(content).hexdigest()
                for name, content in self.chapter_pictures.items()
            }
        return parts


class Imprinter:
    """Knows what every rendition of a show shall say; reads the show's picture once."""

    def __init__(self, show: OpenShow) -> None:
        self._show = show
        self._show_picture: tuple[bytes | None, str] | None = None

    def intent(self, episode: Episode, master: Master) -> Intent:
        """What the renditions of that master shall say.

        Raises:
            FileError: a picture or chapters file that the record names is not there.
        """
        picture, digest = self._picture(episode)
        chapters = companions.chapters_of(self._show.layout, episode, master)
        late = sum(c.start >= master.duration for c in chapters)
        return Intent(
            fields=fields_of(self._show, episode),
            chapters=with_ends(chapters, master.duration) if chapters else (),
            picture=picture,
            picture_sha256=digest,
            warnings=(_late(late),) if late else (),
            chapter_pictures=companions.chapter_pictures(self._show.layout, episode, chapters),
        )

    def tags(self, intent: Intent) -> Tags:
        """The intent as tags, with small pictures."""
        layout = self._show.layout
        cover: tuple[Picture, ...] = ()
        if intent.picture is not None:
            small = derive.thumbnail(layout, intent.picture)
            cover = (Picture(mime="image/jpeg", content=small),)
        pictures = {
            name: Picture(mime="image/jpeg", content=derive.chapter_picture(layout, content))
            for name, content in intent.chapter_pictures.items()
        }
        return Tags(
            fields=intent.fields,
            chapters=intent.chapters,
            artwork=cover,
            chapter_pictures=pictures,
        )

    def _picture(self, episode: Episode) -> tuple[bytes | None, str]:
        if not episode.image and self._show_picture is not None:
            return self._show_picture
        show_image = self._show.podcast.show.image
        content = illustrate.picture_of(self._show.layout, episode, show_image)
        digest = hashlib.sha256(content).hexdigest() if content is not None else ""
        if not episode.image:
            self._show_picture = (content, digest)
        return content, digest


def _late(count: int) -> str:
    what = "1 chapter starts" if count == 1 else f"{count} chapters start"
    return f"{what} after the end: left out"


def fields_of(show: OpenShow, episode: Episode) -> dict[str, str]:
    """The text fields; only what a listener may know, and nothing empty."""
    podcast = show.podcast
    main_feed = next(iter(podcast.feeds.values()))
    author = episode.author or podcast.show.author
    published = episode.published
    every = {
        "title": episode.title,
        "artist": author,
        "album": podcast.show.title,
        "album_artist": podcast.show.author,
        "date": published.date().isoformat() if published else "",
        "track": _track(episode.number),
        "genre": "Podcast",
        "comment": episode.summary,
        "description": episode.summary,
        "language": episode.language or podcast.show.language,
        "copyright": podcast.show.copyright,
        "url": episode.link or _absolute(address.page_url(podcast, episode.slug)),
        "podcast": "1",
        "podcast_url": _absolute(address.feed_url(podcast, main_feed)),
        "podcast_id": episode.guid,
        "season": "" if episode.season is None else str(episode.season),
        "episode": "" if episode.number is None else f"{episode.number:g}",
        "episode_type": str(episode.type),
        "credits": join_credits((p.role or "host", p.name) for p in credits_of(podcast, episode)),
    }
    return {key: clean_line(value) for key, value in every.items() if value.strip()}


def _track(number: float | None) -> str:
    """A whole number that MP4's two bytes for it can hold."""
    return f"{number:g}" if number and number % 1 == 0 and number < 1 << 16 else ""


def _absolute(url: str) -> str:
    return url if "://" in url else ""


def retimed(tags: Tags, head: float, duration: float) -> Tags:
    """The tags of a sound without its first `head` seconds, which then lasts `duration`."""
    return replace(tags, chapters=trimmed(tags.chapters, head, duration))


def put(path: Path, tags: Tags) -> tuple[str, ...]:
    """Write the tags into a staged file, and nothing else; they are read back and compared.

    Returns:
        What the container cannot hold, in words.

    Raises:
        MediaError: what is read back is not what was meant.
    """
    return tag_files.write(path, tags, clear=True)

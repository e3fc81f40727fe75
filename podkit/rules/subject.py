"""What a rule may see: the feed, the records and the facts of files, all of it only the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podkit.model.document import ITUNES, Document, Element
from podkit.rules.view import FeedView, Item, view_of

if TYPE_CHECKING:  # the records of a show take longer to load than a feed of hundreds to check
    from datetime import datetime

    from podkit.model.chapter import Chapter
    from podkit.model.drift import Drift
    from podkit.model.episode import Episode
    from podkit.model.loudness import Loudness
    from podkit.model.media import Artwork, Decoded, MediaInfo
    from podkit.model.served import Look, Served
    from podkit.model.show import Podcast
    from podkit.model.transcript import Transcript
    from podkit.rules.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What is known of a media file.

    `bytes` of the file itself; `fault` why it could not be probed; `damage` what shows that it is
    not whole; what nobody has looked at is None, and the rules that need it say nothing.
    `index_first` is whether an MP4 file tells what is in it before its sound and pictures come
    ("faststart"). `drift` is how a rendition of one's own show compares with its record.
    """

    bytes: int | None = None
    media: MediaInfo | None = None
    decoded: Decoded | None = None
    fault: str = ""
    damage: str = ""
    index_first: bool | None = None
    drift: Drift | None = None

    @property
    def duration(self) -> float | None:
        """Seconds as decoded, else as the file's header says."""
        if self.decoded is not None:
            return self.decoded.duration
        return None if self.media is None else self.media.duration

    @property
    def loudness(self) -> Loudness | None:
        """As measured while decoding, else as probed."""
        if self.decoded is not None and self.decoded.loudness is not None:
            return self.decoded.loudness
        return None if self.media is None else self.media.loudness


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterList:
    """Chapters of one episode as one place has them: a file, the tags of a media file, the notes.

    `format` and `version` as a file says them; `embedded` where they lie in a media file, whose
    table of contents has `table_fault`; `fault` why a file could not be read; `duration` of the
    episode in seconds; `at` where the feed names it.
    """

    name: str
    format: str = ""
    chapters: tuple[Chapter, ...] = ()
    version: str = ""
    duration: float | None = None
    episode: str = ""
    embedded: bool = False
    table_fault: str = ""
    fault: str = ""
    at: Element | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptText:
    """A transcript as a file has it; `other_names` where JSON segments have not the namespace's keys.

    `odd` are lines of times that cannot be meant so, by number.
    """

    name: str
    format: str = ""
    transcript: Transcript | None = None
    version: str = ""
    other_names: bool = False
    language: str = ""
    duration: float | None = None
    episode: str = ""
    fault: str = ""
    odd: tuple[tuple[int, str], ...] = ()
    at: Element | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a server said, and what it should have: `length` in bytes and `type` as the feed says.

    `before` is how a picture was when it was last seen at this address.
    """

    served: Served
    length: int = 0
    type: str = ""
    sha256: str = ""
    before: Look | None = None
    at: Element | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in use: its URL or path, what is known of it, and where the feed names it."""

    url: str
    artwork: Artwork | str
    at: Element | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A media file in use: its URL or path, what is known of it, and where the feed names it."""

    url: str
    facts: MediaFacts
    at: Element | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that is linted.

    Args:
        name: as it is shown: a path or a URL.
        document: the feed; None when a media file or a picture alone is looked at.
        podcast: the show's record, when the feed is one's own.
        episodes: the show's records, when the feed is one's own.
        media: facts of media files by enclosure URL, or by path without a document.
        artwork: facts of pictures by URL, or by path without a document; a text says why one
            could not be read.
        chapters: lists of chapters, those of one episode behind each other.
        transcripts: transcripts that were read.
        served: what servers answered, when they were asked.
        own: whether it is the show of the workspace.
        now: what counts as now; None leaves out what needs a clock.
        feed_url: where the feed is fetched from; empty when that is not known.
        release: what its publishing would change, when it is one's own and was published before.
    """

    name: str
    document: Document | None = None
    podcast: Podcast | None = None
    episodes: tuple[Episode, ...] = ()
    media: Mapping[str, MediaFacts] = field(default_factory=dict)
    artwork: Mapping[str, Artwork | str] = field(default_factory=dict)
    chapters: tuple[ChapterList, ...] = ()
    transcripts: tuple[TranscriptText, ...] = ()
    served: tuple[Asked, ...] = ()
    own: bool = False
    now: datetime | None = None
    feed_url: str = ""
    release: Release | None = None
    view: FeedView | None = field(init=False, repr=False, compare=False)
    by_guid: Mapping[str, Episode] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "view", view_of(self.document))
        object.__setattr__(self, "by_guid", {e.guid: e for e in self.episodes} if self.own else {})

    @property
    def feed(self) -> FeedView:
        """The feed; for rules that are only asked when there is a readable one.

        Raises:
            LookupError: there is none.
        """
        if self.view is None:
            raise LookupError(f"{self.name} holds no feed that can be read")
        return self.view

    def episode_name(self, element: Element | None) -> str:
        """The slug of the episode an element belongs to, or its GUID on a foreign feed."""
        if element is None or self.view is None:
            return ""
        item = self.view.item_of(element)
        if item is None:
            return ""
        record = self.by_guid.get(item.guid)
        return item.guid if record is None else record.slug

    def sounds(self) -> Iterator[Sound]:
        """Every media file with known facts, once, where the feed first names it."""
        if self.document is None:
            for url, facts in self.media.items():
                yield Sound(url=url, facts=facts)
            return
        seen: set[str] = set()
        for item in self.view.items if self.view is not None else ():
            if item.url in self.media and item.url not in seen:
                seen.add(item.url)
                yield Sound(url=item.url, facts=self.media[item.url], at=item.enclosure, item=item)

    def show_pictures(self) -> Iterator[Picture]:
        """The show's artwork with known facts; without a document every picture."""
        if self.document is None:
            for url, artwork in self.artwork.items():
                yield Picture(url=url, artwork=artwork)
        elif self.view is not None:
            yield from self._named(self.view.channel.all("image", ITUNES))

    def episode_pictures(self) -> Iterator[Picture]:
        """The episodes' own artwork with known facts; each picture once."""
        if self.view is not None:
            images = [e for item in self.view.items for e in item.all("image", ITUNES)]
            show = {p.url for p in self.show_pictures()}
            yield from (p for p in self._named(images) if p.url not in show)

    def _named(self, images: list[Element]) -> Iterator[Picture]:
        seen: set[str] = set()
        for element in images:
            url = element.attributes.get("href", "").strip()
            if url in self.artwork and url not in seen:
                seen.add(url)
                yield Picture(url=url, artwork=self.artwork[url], at=element)

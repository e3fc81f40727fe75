"""Rules 641 to 649: films in the feed, as files and as what the feed says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import PODCAST, Element
from podkit.model.finding import Severity
from podkit.model.media import Container, MediaInfo, VideoStream
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Sound, Subject
from podkit.rules.urls import is_web
from podkit.rules.view import Item, Node

_FULL_HD, _ULTRA_HD = 1080, 2160  # lines
_HLS = frozenset(["application/x-mpegurl", "application/vnd.apple.mpegurl"])
_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]+)?")


def _films(subject: Subject) -> Iterator[tuple[Sound, MediaInfo, VideoStream]]:
    """The files that have a moving picture."""
    for sound in subject.sounds():
        media = sound.facts.media
        if media is not None and media.video:
            yield sound, media, media.video[0]


def _kind(element: Element | None) -> str:
    """`audio` or `video`, as the element's MIME type says; an HLS playlist is video."""
    if element is None:
        return ""
    mime = element.attributes.get("type", "").strip().lower()
    return "video" if mime in _HLS else mime.partition("/")[0]


@rule("PK641", "video-container", Severity.ERROR, who="A", source="A3684", needs=Material.MEDIA)
def video_container(subject: Subject) -> Iterator[Found]:
    """A film is an MP4, M4V or MOV file.

    Apple plays no other; in Matroska, WebM or AVI the episode is there and does not start.

    Bad:
        talk.mkv
    Good:
        talk.mp4: podkit transcode -p video-1080p talk.mkv
    """
    for sound, media, _ in _films(subject):
        if media.container is not Container.MP4:
            yield Found(
                f"a film in {media.container}", at=sound.at, hint="podkit transcode -p video-1080p"
            )


@rule("PK642", "video-size", Severity.WARNING, who="A", source="A3684", needs=Material.MEDIA)
def video_size(subject: Subject) -> Iterator[Found]:
    """A film has at most 2,160 lines (4K); 1,080 are advised.

    Larger pictures are not played by older devices; smaller ones look poor on a television.

    Bad:
        7680 × 4320
    Good:
        1920 × 1080
    """
    for sound, _, film in _films(subject):
        lines = min(film.width, film.height)
        if lines > _ULTRA_HD:
            yield Found(f"{film.width} × {film.height} is more than 4K", at=sound.at)


@rule("PK643", "video-own-feed", Severity.INFO, who="A", source="A3684")
def video_own_feed(subject: Subject) -> Iterator[Found]:
    """Films have a feed of their own, whose title says so.

    Who subscribed to a talk does not want to load a film a hundred times its size on the way.

    Bad:
        a feed with audio and video enclosures in turn
    Good:
        feed.xml with the sound, video.xml with the films: [feeds.video] enclosure = "video-1080p"
    """
    kinds = [(item, _kind(item.enclosure)) for item in subject.feed.items]
    films = [item for item, kind in kinds if kind == "video"]
    if films and any(kind == "audio" for _, kind in kinds):
        yield Found(
            f"{len(films)} of {len(kinds)} episodes are films, the others are sound",
            at=films[0].enclosure,
        )


@rule(
    "PK644",
    "video-plays",
    Severity.WARNING,
    who="K",
    source="Blubrry, podnews",
    needs=Material.MEDIA,
)
def video_plays(subject: Subject) -> Iterator[Found]:
    """A film is H.264 with AAC, 4:2:0 with 8 bits, and its index stands before its pictures.

    Everything plays that. With the index at the end (no "faststart") a player loads the whole file
    before the first picture; other codecs stay black on older devices.

    Bad:
        HEVC with 10 bits, as a phone records it
    Good:
        podkit transcode -p video-1080p clip.mov
    """
    for sound, media, film in _films(subject):
        hint = "podkit transcode -p video-1080p"
        if film.codec != "h264":
            yield Found(f"the pictures are {film.codec}, not H.264", at=sound.at, hint=hint)
        if film.pixel_format and film.pixel_format not in {"yuv420p", "yuvj420p"}:
            yield Found(f"the pixels are {film.pixel_format}, not yuv420p", at=sound.at, hint=hint)
        if media.audio and media.audio[0].codec != "aac":
            yield Found(f"its sound is {media.audio[0].codec}, not AAC", at=sound.at, hint=hint)
        if sound.facts.index_first is False:
            yield Found("its index stands behind the pictures", at=sound.at, hint=hint)


def _alternates(subject: Subject) -> Iterator[tuple[Item, Element]]:
    for item in subject.feed.items_with("alternateEnclosure", PODCAST):
        for element in item.all("alternateEnclosure", PODCAST):
            yield item, element


@rule("PK645", "alternate-source", Severity.WARNING, who="PC", source="PC20")
def alternate_source(subject: Subject) -> Iterator[Found]:
    """A `podcast:alternateEnclosure` has a `type` and a `source`, beside a plain `enclosure`.

    Without a source there is nothing to play; without the plain enclosure most apps see no episode.
    `length` (bytes), `bitrate` (bits per second) and `height` (pixels) are numbers above 0.

    Bad:
        <podcast:alternateEnclosure title="Video"/>
    Good:
        <podcast:alternateEnclosure type="video/mp4"><podcast:source uri="https://…/talk.mp4"/>
        </podcast:alternateEnclosure>
    """
    for element in subject.feed.by_name.get((PODCAST, "alternateEnclosure"), ()):
        if not element.attributes.get("type", "").strip():
            yield Found("it has no type", at=element)
        yield from _sizes(element)
        sources = Node(element).all("source", PODCAST)
        if not any(source.attributes.get("uri", "").strip() for source in sources):
            yield Found("it has no source with a uri", at=element)
    for item in subject.feed.items_with("alternateEnclosure", PODCAST):
        if item.enclosure is None:
            at = item.first("alternateEnclosure", PODCAST)
            yield Found("the episode has no plain enclosure beside it", at=at)


def _sizes(element: Element) -> Iterator[Found]:
    for name, unit in (("length", "bytes"), ("bitrate", "bits per second"), ("height", "pixels")):
        text = element.attributes.get(name, "").strip()
        whole = text.isascii() and text.isdigit()
        decimal = name == "bitrate" and _DECIMAL.fullmatch(text) is not None
        if text and not ((whole or decimal) and text.strip("0.")):
            yield Found(f"{name} is {text[:40]!r}, no number of {unit} above 0", at=element)


@rule("PK646", "hls-alternate", Severity.WARNING, who="PC", source="PC20, microdotblog")
def hls_alternate(subject: Subject) -> Iterator[Found]:
    """An HLS playlist has the type `application/x-mpegURL` and an https address.

    Apps tell by the type that it is a playlist; many refuse to load pieces over plain http.

    Bad:
        <podcast:alternateEnclosure type="video/mp4"> … <podcast:source uri="http://…/talk.m3u8"/>
    Good:
        <podcast:alternateEnclosure type="application/x-mpegURL"> … uri="https://…/talk.m3u8"
    """
    for element in subject.feed.by_name.get((PODCAST, "alternateEnclosure"), ()):
        mime = element.attributes.get("type", "").strip().lower()
        for source in Node(element).all("source", PODCAST):
            uri = source.attributes.get("uri", "").strip()
            own = source.attributes.get("contentType", "").strip().lower()
            is_list = uri.partition("?")[0].lower().endswith(".m3u8")
            if is_list and mime not in _HLS and own not in _HLS:
                hint = "write application/x-mpegURL"
                yield Found(f"a playlist with the type {mime or 'none'!r}", at=source, hint=hint)
            if (is_list or mime in _HLS) and is_web(uri) and not uri.lower().startswith("https:"):
                yield Found("the playlist's address is http", at=source, hint="use https")


@rule("PK647", "alternate-agrees", Severity.WARNING, who="K", source="PeerTube 7637")
def alternate_agrees(subject: Subject) -> Iterator[Found]:
    """The alternate that is called the default is of the kind of the plain enclosure.

    Else one app plays the sound and another the film, and listeners load what they did not ask for.

    Bad:
        an audio enclosure, and a video alternate with default="true"
    Good:
        the audio alternate has default="true"; the video has none
    """
    for item, element in _alternates(subject):
        if element.attributes.get("default", "").strip().lower() != "true":
            continue
        plain, other = _kind(item.enclosure), _kind(element)
        if plain and other and plain != other:
            yield Found(f"the default is {other}, the enclosure is {plain}", at=element)


@rule("PK649", "video-medium", Severity.INFO, who="PC", source="PC20")
def video_medium(subject: Subject) -> Iterator[Found]:
    """`podcast:medium` is `video` (or `film`) where every enclosure is a film.

    Apps then show large pictures and keep the screen on.

    Bad:
        <podcast:medium>podcast</podcast:medium> with video/mp4 enclosures only
    Good:
        <podcast:medium>video</podcast:medium>
    """
    feed = subject.feed
    kinds = {_kind(item.enclosure) for item in feed.items if item.enclosure is not None}
    medium = feed.channel.value("medium", PODCAST) or "podcast"
    if kinds == {"video"} and medium in {"podcast", "music", "audiobook"}:
        at = feed.channel.first("medium", PODCAST) or feed.channel.element
        yield Found(f"every episode is a film and the medium is {medium}", at=at)

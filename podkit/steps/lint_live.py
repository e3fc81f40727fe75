"""Asking the servers of a feed for `podkit lint --live`: what to ask, and what the feed says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from podkit.model import address
from podkit.model.document import ITUNES, PODCAST
from podkit.model.served import Answer, Kind, Served
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.rules.subject import Asked, Subject
from podkit.steps.attachments import PICTURE_LIMIT
from podkit.steps.lint_pictures import EarlierLooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from podkit.model.document import Element
    from podkit.model.progress import Progress
    from podkit.rules.release import Release
    from podkit.steps.open_show import OpenShow

EPISODES = 50
"""How many of the newest episodes are asked for: a feed of thousands would be an attack."""
_PICTURES: Final = frozenset([Kind.ARTWORK, Kind.PICTURE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """How to ask: private `hosts` that a person allowed, seconds for each address.

    The show around the folder `here` remembers how pictures were; outside of one nothing does.
    """

    hosts: tuple[str, ...] = ()
    deadline: float = 30.0
    here: Path | None = None


def with_answers(
    subject: Subject, live: Live, progress: Progress, hashes: Mapping[str, str] | None = None
) -> Subject:
    """The subject with what the servers of its feed say.

    Args:
        subject: with a feed that was read.
        live: how to ask.
        progress: told of each address.
        hashes: SHA-256 by media address, of files that shall be read whole.
    """
    if subject.view is None:
        return subject
    from podkit.web.live import Question, look  # noqa: PLC0415 - only --live asks anybody

    known, earlier = hashes or {}, EarlierLooks(live.here, subject.now)
    wanted = list(_wanted(subject))
    questions = {
        one.served.url: Question(
            url=one.served.url, kind=one.served.kind, length=one.length,
            whole=one.served.url in known or (is_picture and bool(earlier)),
            limit=PICTURE_LIMIT if is_picture else 0,
            known=earlier.marks(one.served.url) if is_picture else None,
        )
        for one in wanted
        for is_picture in [one.served.kind in _PICTURES]
    }  # fmt: skip
    start = subject.feed_url or subject.name
    for url in questions:
        progress.start(url)
    answers = look(
        tuple(questions.values()), start=start, hosts=live.hosts, deadline=live.deadline,
        tell=lambda url: progress.finish(url, note="asked"),
    )  # fmt: skip
    by_url = {answer.url: answer for answer in answers}
    asked = tuple(
        replace(
            one, served=served, sha256=known.get(served.url, ""),
            before=earlier.then(served) if served.kind in _PICTURES else None,
        )
        for one in wanted
        for served in [by_url[one.served.url]]
    )  # fmt: skip
    earlier.save()
    return replace(subject, served=asked)


def old_addresses(release: Release, live: Live, progress: Progress) -> Release:
    """The release with whether the addresses still answer at which changed audio was before."""
    from podkit.web.live import Question, look  # noqa: PLC0415 - only --live asks anybody

    changed = release.comparison.changed if release.comparison is not None else ()
    old = [c.live for c in changed if c.guid and c.field == "enclosure.url"]
    urls = [url for url in dict.fromkeys(old) if is_safe_url(url, MEDIA_SCHEMES)][:EPISODES]
    for url in urls:
        progress.start(url)
    answers = look(
        tuple(Question(url=url, kind=Kind.MEDIA) for url in urls), hosts=live.hosts,
        deadline=live.deadline, tell=lambda url: progress.finish(url, note="asked"),
    )  # fmt: skip
    found = {one.url: not one.fault and _is_there(one.first or one.head) for one in answers}
    return replace(release, answers=found)


def _is_there(answer: Answer | None) -> bool:
    return answer is not None and 200 <= answer.status < 300


def hashes_of(show: OpenShow) -> dict[str, str]:
    """The SHA-256 of each rendition by its enclosure's address."""
    return {
        url: rendition.sha256
        for made in show.renditions.values()
        for rendition in made.values()
        for url in address.enclosure_urls(show.podcast, rendition.file)
        if not rendition.parts
    }


def _wanted(subject: Subject) -> Iterator[Asked]:
    """Each address once, with what the feed says of it."""
    seen: set[str] = set()
    for url, kind, length, mime, at in _addresses(subject):
        if url and url not in seen and is_safe_url(url, MEDIA_SCHEMES):
            seen.add(url)
            served = Served(url=url, kind=kind)
            yield Asked(served=served, length=length, type=mime, at=at)


def _addresses(subject: Subject) -> Iterator[tuple[str, Kind, int, str, Element]]:
    feed = subject.feed
    if subject.feed_url:
        yield subject.feed_url, Kind.FEED, 0, "", feed.channel.element
    for image in feed.channel.all("image", ITUNES):
        yield image.attributes.get("href", "").strip(), Kind.ARTWORK, 0, "", image
    for item in feed.items[:EPISODES]:
        for element in item.all("enclosure"):
            said = element.attributes
            length = said.get("length", "").strip()
            size = int(length) if length.isascii() and length.isdigit() else 0
            mime = said.get("type", "").strip().lower()
            yield said.get("url", "").strip(), Kind.MEDIA, size, mime, element
        for image in item.all("image", ITUNES):
            yield image.attributes.get("href", "").strip(), Kind.ARTWORK, 0, "", image
        for name, kind in (("chapters", Kind.CHAPTERS), ("transcript", Kind.TRANSCRIPT)):
            for element in item.all(name, PODCAST):
                said = element.attributes
                mime = said.get("type", "").partition(";")[0].strip().lower()
                yield said.get("url", "").strip(), kind, 0, mime, element
    # last: what is artwork somewhere is artwork
    for node in (feed.channel, *feed.items[:EPISODES]):
        for image in node.all("image", PODCAST):
            yield image.attributes.get("href", "").strip(), Kind.PICTURE, 0, "", image
    for image in feed.channel.all("image"):
        for url in image.all("url"):
            yield url.text.strip(), Kind.PICTURE, 0, "", url

"""Rules 904 and 907: what would harm a show once it is out, seen in its own records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from podkit.model.document import ITUNES, PODCAST, Element
from podkit.model.finding import Severity
from podkit.model.member import TOKEN
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject

if TYPE_CHECKING:
    from podkit.model.show import Feed

# What nobody guesses: 16 letters or digits are more than 80 bits.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}")


@rule("PK904", "same-audio", Severity.WARNING, who="K", source="asks29", own=True)
def same_audio(subject: Subject) -> Iterator[Found]:
    """No two episodes have the same sound.

    It is most often an upload that was meant for another episode: listeners hear the wrong talk
    under the right title.

    Bad:
        episodes/energy and episodes/talks both made from the same WAV
    Good:
        podkit replace talks talks.wav
    """
    first: dict[str, str] = {}
    for episode in sorted(subject.episodes, key=lambda e: (e.number or 0, e.slug)):
        main = episode.masters.get("main")
        if main is None or (subject.now and episode.status(subject.now) == "draft"):
            continue
        other = first.setdefault(main.sha256, episode.slug)
        if other != episode.slug:
            at = _item(subject, episode.guid)
            hint = f"podkit replace {episode.slug} FILE, or ignore PK904 in its record"
            yield Found(f"{episode.slug} has the same sound as {other}", at=at, hint=hint)


@rule("PK907", "private-feed", Severity.WARNING, who="K", source="asks24", own=True)
def private_feed(subject: Subject) -> Iterator[Found]:
    """A feed for members is hidden from directories, has no owner's address, and a secret path.

    A directory that finds it lists it for everybody; an address in it is where others could claim
    it; a path that can be guessed is no lock.

    Bad:
        path = "members.xml"
    Good:
        path = "members/{token}.xml", private = true
    """
    feed = _feed(subject)
    if feed is None or not feed.private:
        return
    channel = subject.feed.channel
    if channel.value("block", ITUNES) != "Yes":
        yield Found("itunes:block is not Yes", at=channel.element)
    blocks = channel.all("block", PODCAST)
    if not any(e.text.strip() == "yes" and not e.attributes.get("id") for e in blocks):
        yield Found("podcast:block is not yes", at=channel.element)
    for locked in channel.all("locked", PODCAST):
        if locked.attributes.get("owner", "").strip():
            yield Found("podcast:locked names the owner's address", at=locked)
    for owner in channel.all("owner", ITUNES):
        for email in owner.all("email", ITUNES):
            if email.text.strip():
                yield Found("the owner's address stands in a feed for members", at=email)
    if TOKEN not in feed.path and not _TOKEN.search(
        feed.path.rpartition("/")[2].rpartition(".")[0]
    ):
        hint = 'path = "members/{token}.xml" gives each member an own address'
        yield Found(f"the path {feed.path} can be guessed", at=channel.element, hint=hint)


def _feed(subject: Subject) -> Feed | None:
    """The table in podkit.toml that the feed was made from."""
    feeds = subject.podcast.feeds.values() if subject.podcast is not None else ()
    return next((f for f in feeds if subject.name == f"public/{f.path}"), None)


def _item(subject: Subject, guid: str) -> Element | None:
    return next((i.element for i in subject.feed.items if i.guid == guid), None)

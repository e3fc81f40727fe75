"""Rules 809 to 816: what in the podcast namespace points elsewhere, is live, or is only text."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from podkit.model.document import PODCAST, Element
from podkit.model.finding import Severity
from podkit.registry import did_you_mean
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.view import Node
from podkit.rules.vocabulary import MEDIA, is_list, is_medium

_LONG_TXT, _LONG_PURPOSE = 4000, 128  # characters
_SRI = {"sha256": 32, "sha384": 48, "sha512": 64}  # bytes of each hash (W3C SRI, section 3.2)
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?")
_BITE = (15.0, 120.0)  # seconds


@rule("PK809", "publisher-item", Severity.WARNING, who="PC", source="PC20")
def publisher_item(subject: Subject) -> Iterator[Found]:
    """`podcast:publisher` holds exactly one `remoteItem` with `medium="publisher"`.

    It leads to the publisher's feed, which must link back to this one by its GUID; only then do
    apps believe it.

    Bad:
        <podcast:publisher><podcast:remoteItem feedGuid="…" medium="podcast"/></podcast:publisher>
    Good:
        <podcast:publisher><podcast:remoteItem feedGuid="…" medium="publisher"/></podcast:publisher>
    """
    for element in subject.feed.channel.all("publisher", PODCAST):
        items = Node(element).all("remoteItem", PODCAST)
        if len(items) != 1:
            yield Found(f"it holds {len(items)} remoteItem, not one", at=element)
        for item in items:
            medium = item.attributes.get("medium", "").strip()
            if medium != "publisher":
                yield Found(
                    f"its remoteItem has the medium {medium or 'none'!r}",
                    at=item,
                    hint='write medium="publisher"',
                )


@rule("PK810", "integrity-value", Severity.WARNING, who="PC", source="PC20")
def integrity_value(subject: Subject) -> Iterator[Found]:
    """The `type` of a `podcast:integrity` is `sri` or `pgp-signature`, and an SRI value has its form.

    Who checks the file by it refuses the file otherwise; podkit writes it of the bytes themselves.

    Bad:
        <podcast:integrity type="sha256" value="9f86d081…"/>
    Good:
        <podcast:integrity type="sri" value="sha256-n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="/>
    """
    for alternate in subject.feed.by_name.get((PODCAST, "alternateEnclosure"), ()):
        for element in Node(alternate).all("integrity", PODCAST):
            kind = element.attributes.get("type", "").strip()
            if kind not in {"sri", "pgp-signature"}:
                hint = "write sri or pgp-signature"
                yield Found(f"the type is {kind!r}", at=element, hint=hint)
            elif kind == "sri" and not _is_sri(element.attributes.get("value", "")):
                hint = "write sha256-, sha384- or sha512- and the hash in base64"
                yield Found("the value is no SRI hash", at=element, hint=hint)
            elif not element.attributes.get("value", "").strip():
                yield Found("it has no value", at=element, hint="put the signature into value")


def _is_sri(text: str) -> bool:
    for word in text.split():
        name, _, value = word.partition("-")
        try:
            size = len(base64.b64decode(value.partition("?")[0], validate=True))
        except (binascii.Error, ValueError):
            return False
        if _SRI.get(name) != size or size != hashlib.new(name).digest_size:
            return False
    return bool(text.strip())


@rule("PK811", "live-item", Severity.WARNING, who="PC", source="PC20")
def live_item(subject: Subject) -> Iterator[Found]:
    """A `podcast:liveItem` has a status, a start by ISO 8601, and a `contentLink`.

    The status is pending, live or ended; the link is where people go whose app cannot play the
    stream.

    Bad:
        <podcast:liveItem status="soon" start="tonight">…</podcast:liveItem>
    Good:
        <podcast:liveItem status="pending" start="2026-12-01T18:00:00+02:00">…
          <podcast:contentLink href="https://example.com/live">Listen</podcast:contentLink>
        </podcast:liveItem>
    """
    for element in subject.feed.channel.all("liveItem", PODCAST):
        status = element.attributes.get("status", "")
        if status not in {"pending", "live", "ended"}:
            hint = "write pending, live or ended"
            yield Found(f"the status is {status!r}", at=element, hint=hint)
        for name in ("start", "end"):
            text = element.attributes.get(name, "")
            if (text or name == "start") and _moment(text) is None:
                hint = "write it with its zone, such as 2026-12-01T18:00:00+02:00"
                yield Found(f"{name} is {text!r}, not a moment of ISO 8601", at=element, hint=hint)
        start, end = (_moment(element.attributes.get(name, "")) for name in ("start", "end"))
        if start and end and end <= start:
            yield Found("it ends before it starts", at=element)
        node = Node(element)
        if not node.all("contentLink", PODCAST):
            yield Found("it has no contentLink", at=element)
        if not node.value("guid"):
            yield Found("it has no guid", at=element)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@rule("PK812", "txt-length", Severity.WARNING, who="PC", source="PC20")
def txt_length(subject: Subject) -> Iterator[Found]:
    """A `podcast:txt` has at most 4,000 characters, and its `purpose` at most 128.

    Directories cut what is longer, and a code that is cut verifies nothing.

    Bad:
        <podcast:txt purpose="… 200 characters …">a code</podcast:txt>
    Good:
        <podcast:txt purpose="verify">a code</podcast:txt>
    """
    for element in subject.feed.by_name.get((PODCAST, "txt"), ()):
        if len(element.text) > _LONG_TXT:
            yield Found(f"{len(element.text)} characters, at most {_LONG_TXT}", at=element)
        purpose = element.attributes.get("purpose", "")
        if len(purpose) > _LONG_PURPOSE:
            yield Found(f"purpose has {len(purpose)} characters, at most 128", at=element)


@rule("PK813", "ai-content", Severity.INFO, who="PC", source="PC20")
def ai_content(subject: Subject) -> Iterator[Found]:
    """`podcast:txt purpose="ai-content"` says true or false.

    With it a show tells whether speech or pictures were made by a machine; another word tells
    nothing.

    Bad:
        <podcast:txt purpose="ai-content">partly</podcast:txt>
    Good:
        <podcast:txt purpose="ai-content">true</podcast:txt>
    """
    for element in subject.feed.by_name.get((PODCAST, "txt"), ()):
        purpose = element.attributes.get("purpose", "").strip().lower()
        if purpose == "ai-content" and element.text.strip() not in {"true", "false"}:
            yield Found(f"it says {element.text.strip()!r}", at=element, hint="write true or false")


@rule("PK814", "old-images", Severity.WARNING, who="PC", source="PC20")
def old_images(subject: Subject) -> Iterator[Found]:
    """`podcast:images` is no longer used: `podcast:image` names one picture each.

    The newer element tells shape and use as well; apps stop reading the older one.

    Bad:
        <podcast:images srcset="https://example.com/1500.jpg 1500w"/>
    Good:
        <podcast:image href="https://example.com/1500.jpg" alt="A pylon" aspect-ratio="1/1" width="1500"/>
    """
    for element in subject.feed.by_name.get((PODCAST, "images"), ()):
        yield Found("podcast:images is deprecated", at=element, hint="use podcast:image")


@rule("PK815", "soundbite-times", Severity.WARNING, who="PC", source="PC20")
def soundbite_times(subject: Subject) -> Iterator[Found]:
    """A `podcast:soundbite` lies inside the episode and lasts 15 to 120 seconds.

    Apps make previews of it: what is shorter says nothing, what is longer is cut.

    Bad:
        <podcast:soundbite startTime="3590" duration="300">The end</podcast:soundbite>
    Good:
        <podcast:soundbite startTime="73.0" duration="45.0">Who pays</podcast:soundbite>
    """
    for item in subject.feed.items_with("soundbite", PODCAST):
        known = subject.media.get(item.url)
        whole = known.duration if known is not None else None
        for element in item.all("soundbite", PODCAST):
            start, length = (_seconds(element, name) for name in ("startTime", "duration"))
            if start is None or length is None:
                name = "startTime" if start is None else "duration"
                said = f"{name} is {element.attributes.get(name, '')[:40]!r}"
                yield Found(said, at=element, hint="write seconds from 0 up, such as 73.5")
                continue
            if not _BITE[0] <= length <= _BITE[1]:
                yield Found(f"it lasts {length:g} s, not 15 to 120", at=element)
            if whole is not None and start + length > whole + 1:
                yield Found(
                    f"it ends at {start + length:g} s, the episode at {whole:.0f} s", at=element
                )


def _seconds(element: Element, name: str) -> float | None:
    text = element.attributes.get(name, "").strip()
    return float(text) if _DECIMAL.fullmatch(text) else None


@rule("PK816", "medium-known", Severity.WARNING, who="PC", source="PC20", fixable=True)
def medium_known(subject: Subject) -> Iterator[Found]:
    """`podcast:medium` is a word of the namespace's list; a list feed ("podcastL") has no items.

    Apps choose by it how to show and play the feed.

    Bad:
        <podcast:medium>radio</podcast:medium>
    Good:
        <podcast:medium>podcast</podcast:medium>
    """
    for element in subject.feed.channel.all("medium", PODCAST):
        medium = element.text.strip()
        if not is_medium(medium):
            hint = did_you_mean(medium.lower(), MEDIA)
            yield Found(f"{medium!r} is no medium", at=element, hint=hint)
        if is_list(medium) and subject.feed.items:
            yield Found(f"a feed of the medium {medium} may hold no items", at=element)

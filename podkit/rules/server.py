"""Rules 431 to 441, and 506: what servers answer; asked only with --live."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from podkit.model.finding import Severity
from podkit.model.served import ORIGIN, Answer, Kind, look_of
from podkit.rules.enclosure import TYPES
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Asked, Subject
from podkit.rules.urls import extension_of, has_login, is_plain_http

_MOST_HOPS = 6
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_FEED_TYPES = frozenset(["application/rss+xml", "application/xml", "text/xml"])
_REFUSED = frozenset([401, 403])
_TLS = re.compile(r"certificate|ssl|tls", re.IGNORECASE)


def _found(asked: Asked, message: str, *, hint: str = "") -> Found:
    return Found(f"{asked.served.url}: {message}", at=asked.at, hint=hint)


def _of(subject: Subject, *kinds: Kind) -> Iterator[Asked]:
    return (one for one in subject.served if one.served.kind in kinds)


@rule(
    "PK431", "feed-public", Severity.ERROR, who="A", source="A823", needs=Material.SERVER, live=True
)
def feed_public(subject: Subject) -> Iterator[Found]:
    """The feed is open to everybody: no password, no refusal.

    Directories read it without one, and drop a show whose feed they cannot read.

    Bad:
        a feed that answers 401
    Good:
        a feed that answers 200; a feed for members has a secret path instead
    """
    for asked in _of(subject, Kind.FEED):
        if has_login(asked.served.url):
            yield _found(asked, "there is a name and password in the address")
        answer = asked.served.first
        if answer is not None and answer.status in _REFUSED:
            yield _found(asked, f"the server answers {answer.status}")


@rule(
    "PK432", "head", Severity.ERROR, who="A", source="A823, ttlequals0/Audicle#52",
    needs=Material.SERVER, live=True,
)  # fmt: skip
def head(subject: Subject) -> Iterator[Found]:
    """A HEAD request to feed, media and artwork is answered with 200.

    Apple asks so first, and takes 403 or 405 for a file that is not there.

    Bad:
        405 Method Not Allowed
    Good:
        200 OK with Content-Length and Content-Type
    """
    for asked in _of(subject, Kind.FEED, Kind.MEDIA, Kind.ARTWORK):
        served = asked.served
        if served.fault and served.head is None and not _TLS.search(served.fault):
            yield _found(asked, served.fault)
        elif served.head is not None and served.head.status != 200:
            yield _found(asked, f"HEAD is answered with {served.head.status}")


@rule(
    "PK433", "ranges", Severity.ERROR, who="A", source="A823, Joomla-Bible-Study/Proclaim#1424",
    needs=Material.SERVER, live=True,
)  # fmt: skip
def ranges(subject: Subject) -> Iterator[Found]:
    """Media can be asked for in parts: 206 with the right Content-Range, and the size of the feed.

    Players jump by it; without it they load the whole file, and some play nothing.

    Bad:
        200 with the whole file to Range: bytes=0-0
    Good:
        206 with Content-Range: bytes 0-0/5650889
    """
    for asked in _of(subject, Kind.MEDIA):
        served = asked.served
        for answer, at in ((served.first, 0), (served.middle, served.middle_at)):
            if served.middle is None or answer is None:
                continue
            fault = _range_fault(answer, at, asked.length)
            if fault:
                yield _found(asked, f"the byte at {at}: {fault}")
                break


def _range_fault(answer: Answer, at: int, length: int) -> str:
    if answer.status != 206:
        return f"the server answers {answer.status}, not 206"
    found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if found is None or (int(found[1]), int(found[2])) != (at, at):
        return f"Content-Range is {answer.headers.get('content-range', '')!r}"
    if length and int(found[3]) != length:
        return f"the file has {found[3]} bytes, the feed says {length}"
    return ""


@rule(
    "PK434", "media-type", Severity.ERROR, who="A", source="schubydoo/podspine#20",
    needs=Material.SERVER, live=True,
)  # fmt: skip
def media_type(subject: Subject) -> Iterator[Found]:
    """Media is served with its type, on whole and on partial answers.

    Players trust the server before the feed; `application/octet-stream` is not played by all.

    Bad:
        Content-Type: application/octet-stream
    Good:
        Content-Type: audio/mpeg
    """
    for asked in _of(subject, Kind.MEDIA):
        served = asked.served
        answers = [a for a in (served.head, served.first) if a and a.status in {200, 206}]
        wanted = {asked.type} | set(TYPES.get(extension_of(served.final), ()))
        wanted |= {kind for kinds in TYPES.values() if asked.type in kinds for kind in kinds}
        wrong = next((a.type for a in answers if a.type not in wanted), None)
        if asked.type and wrong is not None:
            said = f"it is served as {wrong}" if wrong else "it is served without a type"
            yield _found(asked, f"{said}, the feed says {asked.type}")


@rule(
    "PK435", "redirects", Severity.WARNING, who="K", source="PRX, Joomla-Bible-Study/Proclaim#1424",
    needs=Material.SERVER, live=True,
)  # fmt: skip
def redirects(subject: Subject) -> Iterator[Found]:
    """Redirects are six at most, never lead from https to http, and end at the right extension.

    Measurement services add a hop each; apps give up at different numbers, Apple's do not follow one
    to an open connection, and old players look at the last name.

    Bad:
        nine hops, one of them to http://, or an address that ends in ?id=77
    Good:
        one hop to https://media.example.com/energy.mp3
    """
    for asked in subject.served:
        served = asked.served
        if len(served.hops) > _MOST_HOPS:
            yield _found(asked, f"{len(served.hops)} redirects, {_MOST_HOPS} are the most")
        elif "circle" in served.fault:
            yield _found(asked, served.fault)
        elif open_ := _unsealed((served.url, *served.hops)):
            yield _found(asked, f"it leads from https to {open_[:200]}")
        elif served.kind is Kind.MEDIA and served.hops:
            first, last = extension_of(served.url), extension_of(served.final)
            if first and first != last:
                yield _found(asked, f"it ends at {served.final[:200]}, which is no .{first}")


def _unsealed(hops: Sequence[str]) -> str:
    """The first address over http that one over https led to; empty when there is none."""
    pairs = pairwise(hops)
    return next((b for a, b in pairs if is_plain_http(b) and not is_plain_http(a)), "")


@rule(
    "PK436", "artwork-date", Severity.WARNING, who="A", source="A-RSS new text",
    needs=Material.SERVER, live=True,
)  # fmt: skip
def artwork_date(subject: Subject) -> Iterator[Found]:
    """Artwork is served with Last-Modified.

    Apple asks by it whether a cover is new; without it the old one stays.

    Bad:
        a cover without Last-Modified
    Good:
        Last-Modified: Fri, 20 Nov 2026 04:00:00 GMT
    """
    for asked in _of(subject, Kind.ARTWORK):
        answer = asked.served.head
        if answer and answer.status == 200 and not answer.headers.get("last-modified"):
            yield _found(asked, "there is no Last-Modified")


@rule(
    "PK437", "feed-caching", Severity.WARNING, who="K", source="asks23", needs=Material.SERVER,
    live=True,
)  # fmt: skip
def feed_caching(subject: Subject) -> Iterator[Found]:
    """The feed has the type of RSS, and ETag or Last-Modified by which it answers 304.

    Directories ask many times a day: without these they load the whole feed each time, or seldom.

    Bad:
        Content-Type: text/html and no ETag
    Good:
        Content-Type: application/rss+xml, ETag: "6f1e"
    """
    for asked in _of(subject, Kind.FEED):
        served = asked.served
        if served.first is None or served.first.status != 200:
            continue
        if served.first.type not in _FEED_TYPES:
            yield _found(asked, f"it is served as {served.first.type or 'nothing'}")
        if served.again is None:
            yield _found(asked, "there is neither ETag nor Last-Modified")
        elif served.again.status != 304:
            yield _found(asked, f"unchanged, it answers {served.again.status} and not 304")


@rule("PK438", "cors", Severity.WARNING, who="PC", source="PC20", needs=Material.SERVER, live=True)
def cors(subject: Subject) -> Iterator[Found]:
    """Transcripts and chapters may be read by web players: Access-Control-Allow-Origin.

    A browser refuses them to a player of another site otherwise.

    Bad:
        no such header
    Good:
        Access-Control-Allow-Origin: *
    """
    for asked in _of(subject, Kind.CHAPTERS, Kind.TRANSCRIPT):
        answer = asked.served.head
        if answer and answer.status == 200:
            allowed = answer.headers.get("access-control-allow-origin", "")
            if not allowed:
                yield _found(asked, "there is no Access-Control-Allow-Origin")
            elif allowed.strip() not in {"*", ORIGIN}:
                hint = "answer Access-Control-Allow-Origin: *"
                yield _found(asked, f"only {allowed[:80]} may read it", hint=hint)


@rule(
    "PK439", "text-types", Severity.WARNING, who="PC", source="PC20", needs=Material.SERVER,
    live=True,
)  # fmt: skip
def text_types(subject: Subject) -> Iterator[Found]:
    """Chapters are served as application/json+chapters, WebVTT as text/vtt.

    Some apps look at nothing else.

    Bad:
        Content-Type: text/plain
    Good:
        Content-Type: text/vtt
    """
    for asked in _of(subject, Kind.CHAPTERS, Kind.TRANSCRIPT):
        served = asked.served
        if served.head is None or served.head.status != 200:
            continue
        if served.kind is Kind.CHAPTERS:
            wanted = {"application/json+chapters", "application/json"}
        else:
            is_vtt = asked.type == "text/vtt" or extension_of(served.final) == "vtt"
            wanted = {"text/vtt"} if is_vtt else {served.head.type}
        if served.head.type not in wanted:
            yield _found(asked, f"it is served as {served.head.type or 'nothing'}")


@rule(
    "PK440", "connection", Severity.WARNING, who="K", source="W3C", needs=Material.SERVER, live=True
)
def connection(subject: Subject) -> Iterator[Found]:
    """Every address answers, over a connection that can be trusted.

    A certificate that ran out stops every app at once; transcripts, chapters and the pictures of
    `podcast:image` are then missing.

    Bad:
        a certificate of last year
    Good:
        a certificate that renews itself
    """
    for asked in subject.served:
        served = asked.served
        # the others have PK432
        beside = served.kind in {Kind.CHAPTERS, Kind.TRANSCRIPT, Kind.PICTURE}
        if served.fault and (beside or _TLS.search(served.fault)):
            yield _found(asked, served.fault)
        elif beside and served.head is not None and served.head.status != 200:
            yield _found(asked, f"the server answers {served.head.status}")


@rule(
    "PK441", "same-bytes", Severity.ERROR, who="K", source="asks29", needs=Material.SERVER,
    live=True, own=True,
)  # fmt: skip
def same_bytes(subject: Subject) -> Iterator[Found]:
    """The media that listeners get is the media that was published, byte for byte.

    An upload that was cut, or a host that encodes anew, is heard and not seen.

    Bad:
        another SHA-256 than in renditions.toml
    Good:
        the same
    """
    for asked in _of(subject, Kind.MEDIA):
        if asked.sha256 and asked.served.sha256 and asked.sha256 != asked.served.sha256:
            yield _found(asked, "its bytes are not those that were made", hint="podkit publish")


@rule(
    "PK506", "artwork-address", Severity.WARNING, who="A", source="A-RSS", needs=Material.SERVER,
    live=True,
)  # fmt: skip
def artwork_address(subject: Subject) -> Iterator[Found]:
    """A changed picture has a new name, and so a new URL.

    Apps and directories keep a picture under its URL and look again late or never. Within a show,
    `podkit lint --live` remembers the pictures that it sees, and finds another one at the same
    address until the feed names a new one. Deleting `.podkit/cache` forgets them. podkit's own
    pictures are named after their bytes.

    Bad:
        another picture at https://example.com/cover.jpg
    Good:
        https://example.com/assets/cover-2b580f53.jpg
    """
    for asked in _of(subject, Kind.ARTWORK, Kind.PICTURE):
        now, before = look_of(asked.served), asked.before
        if now is not None and before is not None and now.differs(before):
            hint = "give the new picture a name of its own, and the feed its address"
            yield _found(asked, f"it is another picture than on {before.day}", hint=hint)

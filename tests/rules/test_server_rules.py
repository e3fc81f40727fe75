"""The rules on servers: each answer that breaks one is found, right answers are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from podkit.model.finding import Severity
from podkit.model.served import Answer, Kind, Look, Served
from podkit.rules.check import check
from podkit.rules.subject import Asked, Subject

E, W = Severity.ERROR, Severity.WARNING
OK = Answer(status=200, headers={"content-type": "audio/mpeg"})
PART = Answer(status=206, headers={"content-type": "audio/mpeg", "content-range": "bytes 0-0/3000"})
MIDDLE = Answer(
    status=206, headers={"content-type": "audio/mpeg", "content-range": "bytes 1500-1500/3000"}
)
URL = "https://example.com/a.mp3"
MEDIA = Asked(
    served=Served(url=URL, kind=Kind.MEDIA, head=OK, first=PART, middle=MIDDLE, middle_at=1500),
    length=3000,
    type="audio/mpeg",
)
FEED = Asked(
    served=Served(
        url="https://example.com/feed.xml",
        kind=Kind.FEED,
        head=OK,
        first=Answer(
            status=200, headers={"content-type": "application/rss+xml; charset=utf-8", "etag": "1"}
        ),
        again=Answer(status=304),
    )
)
COVER = Asked(
    served=Served(
        url="https://example.com/c.jpg",
        kind=Kind.ARTWORK,
        head=Answer(status=200, headers={"last-modified": "x"}),
    )
)
SEEN = Answer(status=200, headers={"content-type": "image/jpeg"})
CHAPTERS = Asked(
    served=Served(
        url="https://example.com/c.json",
        kind=Kind.CHAPTERS,
        head=Answer(
            status=200,
            headers={
                "content-type": "application/json+chapters",
                "access-control-allow-origin": "*",
            },
        ),
    )
)


def changed(asked, **changes: object):
    return replace(asked, served=replace(asked.served, **changes))


ANSWERS = [
    ("PK431", E, changed(FEED, first=Answer(status=401))),
    ("PK431", E, changed(FEED, url="https://me:secret@example.com/feed.xml")),
    ("PK432", E, changed(MEDIA, head=Answer(status=405))),
    ("PK432", E, changed(COVER, head=None, fault="nobody answers")),
    ("PK433", E, changed(MEDIA, first=OK)),
    ("PK433", E, changed(MEDIA, middle=PART)),
    ("PK433", E, replace(MEDIA, length=2999)),
    ("PK434", E, changed(MEDIA, head=Answer(status=200, headers={"content-type": "text/plain"}))),
    ("PK434", E, changed(MEDIA, first=replace(PART, headers={}))),
    ("PK435", W, changed(MEDIA, hops=tuple(f"https://h.example/{n}.mp3" for n in range(7)))),
    ("PK435", W, changed(MEDIA, hops=("https://h.example/play?id=7",))),
    ("PK435", W, changed(MEDIA, head=None, fault="its redirects go in a circle")),
    ("PK435", W, changed(MEDIA, hops=("https://h.example/energy.mp3", "http://h.example/energy.mp3"))),
    ("PK436", W, changed(COVER, head=Answer(status=200))),
    ("PK437", W, changed(FEED, first=Answer(status=200, headers={"content-type": "text/html", "etag": "1"}))),
    ("PK437", W, changed(FEED, again=None)),
    ("PK437", W, changed(FEED, again=Answer(status=200))),
    ("PK438", W, changed(CHAPTERS, head=Answer(status=200, headers={"content-type": "application/json"}))),
    *(("PK438", W, changed(CHAPTERS, head=Answer(status=200, headers={
        "content-type": "application/json", "access-control-allow-origin": origin})))
      for origin in ("https://example.com", "null")),
    ("PK439", W, replace(changed(CHAPTERS, url="https://example.com/t", kind=Kind.TRANSCRIPT), type="text/vtt")),
    ("PK439", W, changed(CHAPTERS, head=Answer(status=200, headers={"content-type": "text/plain", "access-control-allow-origin": "*"}))),
    ("PK440", W, changed(CHAPTERS, head=Answer(status=404))),
    ("PK440", W, changed(MEDIA, head=None, fault="[SSL: CERTIFICATE_VERIFY_FAILED] it has expired")),
    ("PK440", W, changed(CHAPTERS, url="https://example.com/w.jpg", kind=Kind.PICTURE, head=Answer(status=404))),
    ("PK441", E, replace(changed(MEDIA, sha256="aa"), sha256="bb")),
    *(("PK506", W, replace(changed(COVER, kind=kind, first=SEEN, sha256="aa"), before=Look(sha256="bb")))
      for kind in (Kind.ARTWORK, Kind.PICTURE)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "asked"), ANSWERS, ids=[f"{a[0]}-{n}" for n, a in enumerate(ANSWERS)]
)
def test_a_wrong_answer_is_found(code, severity, asked):
    """Each rule finds one thing, and names the address."""
    findings = check(Subject(name="f", served=(asked,), own=True), select=[code]).findings
    assert [(f.code, f.severity) for f in findings] == [(code, severity)]
    assert asked.served.url in findings[0].message


def test_right_answers_are_not_found():
    """What Apple wants of a server, with the aliases of types that players take."""
    alias = replace(MEDIA, type="audio/mpeg")
    subject = Subject(name="f", served=(MEDIA, FEED, COVER, CHAPTERS, alias), own=True)
    assert check(subject, select=["PK43", "PK44"]).findings == ()


def test_without_being_asked_no_server_is_judged():
    """Rules on servers are skipped on a feed whose servers were not asked."""
    assert check(Subject(name="f"), select=["PK43"]).findings == ()

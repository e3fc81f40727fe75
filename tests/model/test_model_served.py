"""Two looks at one picture: when they show other bytes, the same, or when nobody can say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.model.served import Answer, Kind, Look, Served, look_of

DATE, LATER = "Fri, 20 Nov 2026 04:00:00 GMT", "Sat, 21 Nov 2026 04:00:00 GMT"
LOOKS = st.builds(
    Look,
    sha256=st.sampled_from(["", "aa", "bb"]),
    etag=st.sampled_from(["", '"1"', '"2"', 'W/"1"', 'W/"2"', "1"]),
    modified=st.sampled_from(["", DATE, LATER]),
    length=st.sampled_from(["", "100", "200", "many"]),
)


@pytest.mark.parametrize(
    ("before", "now", "differs"),
    [
        (Look(sha256="aa"), Look(sha256="bb"), True),
        (Look(sha256="aa", etag='"1"'), Look(sha256="aa", etag='"2"'), False),
        (Look(sha256="aa", etag='"1"'), Look(sha256="bb", etag='"1"'), True),
        (Look(sha256="aa", etag='"1"'), Look(etag='"1"'), False),
        (Look(modified=DATE, length="100"), Look(modified=DATE, length="100"), False),
        (Look(etag='"1"', length="100"), Look(etag='"2"', length="200"), True),
        (Look(etag='"1"', length="100"), Look(etag='"2"', length="100"), None),
        (Look(etag='"1"', length="100"), Look(etag='"1"', length="200"), None),
        (Look(etag='W/"1"', length="100"), Look(etag='W/"2"', length="200"), None),
        (Look(etag='W/"1"', length="100"), Look(etag='W/"1"', length="100"), None),
        (Look(modified=DATE, length="100"), Look(modified=LATER, length="200"), None),
        (Look(etag='"1"'), Look(etag='"2"'), None),
        (Look(length="100"), Look(length="100"), None),
        (Look(modified=DATE), Look(modified=DATE), None),
    ],
)
def test_what_shows_that_a_picture_is_another(before, now, differs):
    """Its bytes; without them a strong ETag together with the length, and never one of them alone."""
    assert now.differs(before) is differs


@given(LOOKS, LOOKS)
def test_two_looks_say_the_same_of_each_other(one, other):
    """Which came first changes nothing, and nothing is known better than by the bytes."""
    assert one.differs(other) is other.differs(one)
    assert one.differs(one) is not True
    if one.sha256 and other.sha256:
        assert one.differs(other) is (one.sha256 != other.sha256)


def test_what_is_no_picture_is_no_look():
    """An error, a page in its place, and a server that let go are not held against a picture."""
    served = Served(url="https://example.com/c.jpg", kind=Kind.ARTWORK)
    page = Answer(status=200, headers={"content-type": "text/html; charset=utf-8"})
    picture = Answer(status=200, headers={"content-type": "image/jpeg", "etag": '"1"' + "x" * 999})

    def seen(first: Answer | None, fault: str = "") -> Look | None:
        return look_of(
            Served(url=served.url, kind=served.kind, first=first, fault=fault), "2026-11-20"
        )

    assert seen(None) is seen(Answer(status=404)) is seen(page) is None
    for mime in ("application/json", "application/problem+json", "application/xml", "audio/mpeg"):
        assert seen(Answer(status=200, headers={"content-type": mime})) is None
    for mime in ("image/svg+xml", "IMAGE/PNG", "application/octet-stream", "binary/octet-stream"):
        assert seen(Answer(status=200, headers={"content-type": mime})) is not None
    assert seen(Answer(status=200)) is not None
    assert seen(picture, "it did not answer in time") is None
    look = seen(picture)
    assert look is not None
    assert (look.day, look.is_marked, len(look.etag)) == ("2026-11-20", True, 200)

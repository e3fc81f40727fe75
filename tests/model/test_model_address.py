"""Addresses below a base: the quick way and the careful one agree."""

from __future__ import annotations

from urllib.parse import quote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.model.address import join

_SAFE = "/-._~!$&'()*+,;=:@"


@given(
    st.sampled_from(["https://h.example/", "http://h.example/a/", "https://h.example/a.b/../c/"])
    | st.from_regex(r"https?://[a-zA-Z0-9.-]{1,9}(/[A-Za-z0-9._?#-]{0,5}){0,3}/?", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9./_ é?#:-]{0,20}", fullmatch=True),
)
def test_a_path_joins_as_rfc_3986_says(base, path):
    """Whatever path and base look like, nothing is left out for speed."""
    assert join(base, path) == urljoin(base, quote(path, safe=_SAFE))


@pytest.mark.parametrize(
    ("base", "path", "joined"),
    [
        ("https://h.example/a/", "talk-1/", "https://h.example/a/talk-1/"),
        ("https://h.example/a/", "media/ü b.mp3", "https://h.example/a/media/%C3%BC%20b.mp3"),
        ("", "media/x.mp3", "media/x.mp3"),
    ],
)
def test_examples(base, path, joined):
    """Encoded exactly once."""
    assert join(base, path) == joined

"""Whatever a file holds, only errors of the one tree come out of the doors that read it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from house_tree import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from podkit.artwork import read as artwork
from podkit.artwork import resize
from podkit.errors import PodkitError
from podkit.feed import positions, read
from podkit.formats import chapters, transcripts
from podkit.media.sniff import sniff
from podkit.tags import files as tags

SAMPLE = ROOT / "episodes"
FEED = b"""<?xml version="1.0"?><rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>T</title><podcast:locked owner="a@b.example">yes</podcast:locked><item><title>I</title>
<guid>g</guid><enclosure url="https://a.example/x.mp3" length="1" type="audio/mpeg"/></item></channel></rss>"""


def damaged(seed: bytes) -> st.SearchStrategy[bytes]:
    """Bytes that were once good: cut, with pieces replaced, or nothing of them at all."""

    @st.composite
    def draw(pick: st.DrawFn) -> bytes:
        content = bytearray(seed[: pick(st.integers(0, len(seed)))])
        for _ in range(pick(st.integers(0, 4))):
            at = pick(st.integers(0, max(0, len(content) - 1)))
            piece = pick(st.binary(min_size=1, max_size=8))
            content[at : at + len(piece)] = piece
        return bytes(content)

    return st.one_of(draw(), st.binary(max_size=400))


def only_our_errors(act: Callable[[], object]) -> None:
    """Run it; an error of another tree fails the test."""
    with contextlib.suppress(PodkitError):
        act()


def picture() -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG")
    return out.getvalue()


slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(content=damaged(FEED))
def test_the_door_of_feeds(content: bytes) -> None:
    """A feed that is damaged anywhere is refused in podkit's words, or read."""
    only_our_errors(lambda: read.from_xml(content))
    only_our_errors(lambda: positions.read_document(content))


@slow
@given(content=damaged(picture()))
def test_the_door_of_artwork(content: bytes) -> None:
    """A picture that is damaged anywhere is refused in podkit's words, or read."""
    only_our_errors(lambda: artwork.inspect(content))
    only_our_errors(lambda: resize.fit(content, 32))


@slow
@pytest.mark.parametrize("name", list(chapters.FORMATS))
@given(content=st.binary(max_size=300))
def test_the_door_of_chapters(name: str, content: bytes) -> None:
    """A text that is no chapter list is refused in podkit's words, or read."""
    text = content.decode("utf-8", "replace")
    only_our_errors(lambda: chapters.parse(text, name))
    only_our_errors(lambda: chapters.parse("00:00:00 A\n" + text, name))


@slow
@pytest.mark.parametrize("name", list(transcripts.FORMATS))
@given(content=damaged((SAMPLE / "nine-agreements" / "transcript.vtt").read_bytes()[:600]))
def test_the_door_of_transcripts(name: str, content: bytes) -> None:
    """A text that is no transcript is refused in podkit's words, or read."""
    only_our_errors(lambda: transcripts.parse(content.decode("utf-8", "replace"), name))


@slow
@pytest.mark.parametrize("name", ["master.opus", "master-video.mp4"])
@given(
    where=st.integers(0, 4000), piece=st.binary(min_size=1, max_size=16), cut=st.integers(0, 9000)
)
def test_the_doors_of_media(
    name: str, where: int, piece: bytes, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A media file that is damaged anywhere is refused in podkit's words, or read."""
    content = bytearray((SAMPLE / "nine-agreements" / name).read_bytes()[: 9000 - cut])
    content[where : where + len(piece)] = piece
    path = tmp_path_factory.getbasetemp() / f"damaged-{name}"
    path.write_bytes(content)
    only_our_errors(lambda: sniff(path))
    only_our_errors(lambda: tags.read(path))


def test_the_sample_opens_every_door(tmp_path: Path) -> None:
    """What is not damaged is read: the doors are not simply shut."""
    assert read.from_xml(FEED)
    assert artwork.inspect(picture()).width == 64
    assert chapters.parse("00:00:00 A\n00:00:05 B\n", "text")
    assert sniff(SAMPLE / "nine-agreements" / "master.opus")
    assert tags.read(SAMPLE / "nine-agreements" / "master-video.mp4") is not None

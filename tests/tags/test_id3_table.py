"""Whether an MP3's chapters can be found through its table of contents."""

from __future__ import annotations

import subprocess

import pytest
from mutagen.id3 import CHAP, CTOC, ID3, TIT2, CTOCFlags

from podkit.media.tools import find_ffmpeg
from podkit.tags.id3_table import table_fault


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "a.mp3"
    words = ["-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-write_id3v2", "0", path]
    subprocess.run([find_ffmpeg().path, *words], check=True)
    return path.read_bytes()


def tagged(folder, sound, *tables: CTOC, starts=(0, 500)):
    path = folder / "a.mp3"
    path.write_bytes(sound)
    tags = ID3()
    for number, start in enumerate(starts):
        title = TIT2(encoding=3, text=f"Chapter {number}")
        tags.add(
            CHAP(
                element_id=f"c{number}", start_time=start, end_time=start + 500, sub_frames=[title]
            )
        )
    for table in tables:
        tags.add(table)
    tags.save(path)
    return path


def table(*children: str, flags=CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED, name="toc"):
    return CTOC(element_id=name, flags=flags, child_element_ids=list(children), sub_frames=[])


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ((table("c0", "c1"),), ""),
        ((table("c0"),), ""),  # a hidden chapter is not listed
        ((), "no top-level table"),
        ((table("c0", "c1", flags=CTOCFlags.ORDERED),), "no top-level table"),
        ((table("c0", "c1"), table("c0", name="toc2")), "2 top-level tables"),
        ((table("c0", "c1", flags=CTOCFlags.TOP_LEVEL),), "not marked as ordered"),
        ((table("c0", "c9"),), "1 chapters that are not there"),
        ((table("c1", "c0"),), "not in order"),
    ],
)
def test_the_table_of_contents_is_judged(tmp_path, sound, tables, said):
    """One top-level, ordered table that lists chapters which are there, in the order of their times."""
    fault = table_fault(tagged(tmp_path, sound, *tables))
    assert said in fault
    assert bool(fault) == bool(said)


def test_a_file_without_chapters_needs_no_table(tmp_path, sound):
    """No tags, or tags without chapters: nothing is wrong."""
    bare = tmp_path / "b.mp3"
    bare.write_bytes(sound)
    assert table_fault(bare) == ""
    assert table_fault(tagged(tmp_path, sound, starts=())) == ""

"""What is said of broken input is said in words for people, never in those of a library."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from podkit.cli import run
from podkit.errors import FileError, FormatError, PodkitError, UsageError
from podkit.steps.tag import TagOrder, tag
from podkit.steps.text_source import locate

# How Python and its libraries speak: bytes, None, classes, addresses of objects, parsers.
FOREIGN = re.compile(
    r"\bb['\"]|\bNone\b|NoneType|object at 0x|Errno|<class|Traceback|codec can't|Expecting |"
    r"recursion|set_int_max_str_digits|\bExceeds\b|\bbug\b",
)
ATOM = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>'
BROKEN = {
    "a.json": b'{"segments": [',
    "b.json": b'{"segments": [{"startTime": %s, "body": "x"}]}' % (b"9" * 5000),
    "c.json": b'{"chapters": ' + b"[" * 100_000,
    "d.json": b'{"segments": [{"body": "x"}]}',
    "e.json": b'{"chapters": [{"startTime": null}]}',
    "f.json": b'{"chapters": [{"startTime": {}}], "x": NaN}',
    "g.json": b"{'chapters': []}",
    "h.json": b'{"segments": null}',
    "i.json": b"[]",
    "j.json": b'{"chapters": [],}',
    "a.vtt": b"WEBVTT\n\n00:01 -> 00:02\nx\n",
    "b.vtt": b"\xff\xfe\x00",
    "a.srt": b"1\nsoon\nx\n",
    "a.psc": b'<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter/></psc:chapters>',
    "b.psc": b'<psc:chapters xmlns:psc="http://podlove.org/simple-chapters">',
    "a.csv": b'Name,Start\n"x,\n',
    "a.xml": b"<rss",
    "b.xml": b'<?xml version="1.0" encoding="koi8-q"?><rss/>',
    "c.xml": b'<?xml version="1.0" encoding="shift_jis"?><rss>\xff\xff</rss>',
    "d.xml": ATOM.encode(),
    "e.xml": b"",
    "a.m4a": struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0) + struct.pack(">I4s", 9999, b"mdat"),
    "a.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x7f",
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.png": b"\x89PNG\r\n\x1a\n",
}
COMMANDS = (
    ("lint",),
    ("chapters",),
    ("transcript",),
    ("import", "--no-media"),
    ("tag",),
    ("probe",),
)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_told_in_plain_words(name, tmp_path, monkeypatch, capfd):
    """Whatever a command is given, no word of Python's own is in what it prints."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(BROKEN[name])
    for command in COMMANDS:
        code = run([*command, name])
        out, err = capfd.readouterr()
        assert code in {0, 1, 2, 3, 4}, (command, err)
        assert not FOREIGN.search(out + err), (command, out + err)
        assert code == 0 or (out + err).strip()


@pytest.mark.parametrize(
    ("order", "hint"),
    [
        ({"set": ("chapters=c.txt",)}, "--chapters FILE"),
        ({"set": ("cover=c.jpg",)}, "--image FILE"),
        ({"remove": ("artwork",)}, "--remove-image"),
    ],
)
def test_what_is_no_text_has_its_own_option(order, hint, tmp_path):
    """Chapters and the picture of a file are no tags: the option that sets them is named."""
    with pytest.raises(UsageError) as caught:
        tag(TagOrder(paths=(tmp_path / "a.mp3",), here=tmp_path, **order))
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("File,title\na.mp3,x\n", "call the column 'file' path"),
        ('[{"path": "a.mp3"}]', "podkit tag --json"),
        ("track,title\n1,x\n", "path,title,artist"),
    ],
)
def test_a_table_of_another_form_is_explained(text, hint, tmp_path):
    """A column of files under another name, and a list where a document is wanted."""
    given = tmp_path / "t.csv"
    given.write_text(text)
    with pytest.raises(FormatError) as caught:
        tag(TagOrder(table=given, here=tmp_path))
    assert hint in caught.value.hint


def test_an_episode_asked_for_outside_a_show_is_named(tmp_path, monkeypatch):
    """`--where` without a show says what was asked for, where one stands, and what to type."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        locate("", Path(), show=None, now=None, where=("season=1",))
    assert "season=1" in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert "podkit -C" in caught.value.hint
    with pytest.raises(FileError) as missing:
        locate("energy", Path("energy"), show=None, now=None)
    assert missing.value.where == "energy"
    assert isinstance(missing.value, PodkitError)


def test_a_search_that_finds_nothing_says_for_what(tmp_path, monkeypatch, capfd):
    """`--where` that fits no episode names what was looked for."""
    monkeypatch.chdir(tmp_path)
    assert run(["-q", "init", "show", "--title", "T", "--no-input"]) == 0
    assert run(["-C", "show", "chapters", "--where", "season=9", "--where", "type=bonus"]) == 2
    assert "no episode has season=9 and type=bonus" in capfd.readouterr().err

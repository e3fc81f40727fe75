"""`podkit tag --table`: tables as people have them, and faults told before the first write."""

from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tag_reports import titles

from podkit.cli.report import dumps
from podkit.errors import FormatError, PodkitError
from podkit.steps.tag import tag
from podkit.steps.tag_order import TagOrder
from podkit.tags import files as tag_files


def table(folder: Path, content: str | bytes, name: str = "tags.csv") -> Path:
    """A table in a folder."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "path,title\ntalk.mp3,One\n",
        "\ufeffPath;Title;\r\ntalk.mp3;One;\r\n;;\r\n",
        "sep=;\r\npath;title\r\ntalk.mp3;One\r\n",
        "title\tpath\nOne\t./talk.mp3\n",
        'path,title\n"talk.mp3","One"\nsub/../talk.mp3,One\n',
    ],
)
def test_tables_as_spreadsheets_write_them(talk: Path, text: str) -> None:
    """Byte order mark, semicolons, tabs, empty rows and columns, and one file spelt twice."""
    here = talk.parent
    report = tag(TagOrder(table=table(here, text), here=here))
    assert titles(report) == {"talk.mp3": "One"}
    assert report.failed == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("path,title\ntalk.mp3\n", "line 2: it has 1 cell,"),
        ("path,title\ntalk.mp3,a,b\n", "line 2: it has 3 cells"),
        ("path,title\n,x\n", "line 2: its path is empty"),
        ("title\nx\n", "line 1: it names no column `path`"),
        ("path,titel\ntalk.mp3,x\n", "line 1: column 2 is called 'titel'"),
        ("path,date\ntalk.mp3,2026\ntalk.mp3,tomorrow\n", "line 3, date: 'tomorrow'"),
        ("path,title\ntalk.mp3,a\n./talk.mp3,b\n", "line 3, title: line 2 says 'a'"),
        ('path,title\ntalk.mp3,"a\n', "line 2"),
        ("path,path\n", "two columns"),
        ("", "it is empty"),
        ('{"files": [{"path": "talk.mp3", "tags": {"title": 1}}]}', "file 1, title: 1 is not"),
        ('{"files": [{"path": "talk.mp3", "tags": {"titel": "x"}}]}', "file 1 (talk.mp3): unkn"),
        ('{"files": [{"tags": {}}]}', "file 1"),
        ('{"files": [{"path": "talk.mp3", "tags": {"title": null}}]}', "file 1, title: not given"),
        ('{"files": [', "line 1: no JSON: a value is missing"),
        ("[" * 9, "line 1"),
        ('[{"path": "talk.mp3"}]', "it is a list, and an object is wanted"),
        ("File,Title\ntalk.mp3,x\n", "line 1: it names no column `path`"),
    ],
)
def test_a_wrong_table_is_refused_before_the_first_write(
    talk: Path, sounds: Path, text: str, said: str
) -> None:
    """Each fault names file, row and key, and no file is changed, whatever rows are right."""
    other = Path(shutil.copy(sounds / "x.mp3", talk.parent / "first.mp3"))
    before = (other.read_bytes(), talk.read_bytes())
    if text.startswith("path,title\n"):
        text = text.replace("path,title\n", "path,title\nfirst.mp3,A\n", 1)
        said = said.replace("line 3", "line 4").replace("line 2", "line 3")
    given = table(talk.parent, text)
    with pytest.raises(FormatError) as caught:
        tag(TagOrder(table=given, here=talk.parent))
    assert said in caught.value.message
    assert caught.value.where == str(given)
    assert (other.read_bytes(), talk.read_bytes()) == before


@settings(max_examples=200, deadline=None)
@given(content=st.text(st.sampled_from('path,title;\t"\n\r\0é{}[]:.a'), max_size=60))
def test_no_table_breaks_anything(content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text is a table or an error of podkit's."""
    folder = tmp_path_factory.mktemp("table")
    try:
        tag(TagOrder(table=table(folder, "path,title\n" + content), here=folder), dry_run=True)
    except PodkitError as error:
        assert error.exit_code == 1  # noqa: PT017 (any error of podkit's own will do)


def test_a_table_with_files_is_for_these_files(talk: Path, sounds: Path) -> None:
    """Only the rows of the files that are named count; a file without a row is told."""
    here = talk.parent
    for name in ("b.mp3", "c.mp3"):
        shutil.copy(sounds / "x.mp3", here / name)
    given = table(here, "path,title,artist\ntalk.mp3,A,\nb.mp3,B,Two\n")
    paths = (here / "b.mp3", here / "." / "c.mp3")
    report = tag(TagOrder(paths=paths, table=given, here=here, set=("artist=One",)))
    assert titles(report) == {"b.mp3": "B"}
    assert report.files[0].tags["artist"] == "One"
    assert [Path(one.path).name for one in report.failed] == ["c.mp3"]
    assert "no row" in report.failed[0].error
    assert tag_files.read(talk).fields == {}


def test_what_tag_prints_is_a_table(talk: Path, tmp_path: Path) -> None:
    """The JSON of one run sets the same tags again, also for a name that is no UTF-8."""
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd-\xff.mp3"))
    shutil.copy(talk, odd)
    tag(TagOrder(paths=(odd,), set=("title=Kept", "artist=Olena")))
    given = table(tmp_path, dumps(tag(TagOrder(paths=(odd,)))), "tags.json")
    assert base64.b64encode(os.fsencode(odd)).decode() in given.read_text("utf-8")
    tag(TagOrder(paths=(odd,), clear=True))
    report = tag(TagOrder(table=given, here=tmp_path))
    assert report.failed == ()
    assert tag_files.read(odd).fields == {"title": "Kept", "artist": "Olena"}

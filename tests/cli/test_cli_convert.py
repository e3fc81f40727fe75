"""`podkit chapters` and `podkit transcript` as a person runs them: what they print, keep and refuse."""

from __future__ import annotations

import json

import pytest
from cli_runs import error_of, podkit, report

LIST = "0:00 Intro\n1:02.5 Second <https://e.org/a>\n2:00 Third\n"
SRT = "1\n00:00:01,000 --> 00:00:03,000\nOlha: Who pays?\n\n2\n00:00:03,000 --> 00:00:05,500\nPetro: We do.\n"
WRITTEN = {
    "c.txt": LIST,
    "t.srt": SRT,
    "prose.txt": "Hello there.\n\nOlha: Hi.\n",
    "todo.txt": "buy milk\n",
    "podkit.toml.txt": "x",
    "empty.txt": "",
    "notes.md": "# N\n\n- 00:00 Start\n- **01:30** [Who pays](https://e.org/pay)\n",
    "c.json": json.dumps(
        {
            "version": "1.2.0",
            "author": "Olha",
            "chapters": [
                {"startTime": 0, "title": "A", "location": {"name": "Kyiv"}},
                {"startTime": 9, "title": "B", "toc": False, "img": "https://e.org/b.jpg"},
            ],
        }
    ),
}


@pytest.fixture
def folder(tmp_path):
    for name, text in WRITTEN.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_chapters_come_out_in_every_format(folder):
    """Text by default, another format by name; the report has what was read."""
    done = podkit("chapters", "c.txt", cwd=folder)
    assert done.stdout.splitlines()[1] == "00:01:02.500 Second <https://e.org/a>"
    for name in ("json", "psc", "ffmetadata", "vtt", "vorbis", "audacity", "csv"):
        assert "Second" in podkit("chapters", "c.txt", "--to", name, cwd=folder).stdout
    found = report("chapters", "notes.md", "--to", "json", cwd=folder)
    assert [(c["start"], c["title"], c["url"]) for c in found["chapters"]] == [
        (0.0, "Start", ""),
        (90.0, "Who pays", "https://e.org/pay"),
    ]
    piped = podkit("chapters", "-", "--to", "psc", cwd=folder, stdin=LIST)
    assert 'title="Third"' in piped.stdout


def test_chapters_move_and_end_with_the_sound(folder):
    """What falls off either end is left out, and said."""
    found = report("chapters", "c.txt", "--shift", "-1:30", cwd=folder)
    assert [c["start"] for c in found["chapters"]] == [0.0, 30.0]
    assert found["warnings"] == ["1 chapter ended before the start; left out"]
    found = report("chapters", "c.txt", "--duration", "90s", "--to", "vtt", cwd=folder)
    assert [c["end"] for c in found["chapters"]] == [62.5, 90.0]
    assert "1 chapter began after the end; left out" in found["warnings"]


def test_json_keeps_what_podkit_does_not_know(folder):
    """From JSON to JSON nothing is lost; to another format it is said what is."""
    again = json.loads(podkit("chapters", "c.json", "--to", "json", cwd=folder).stdout)
    assert again == json.loads(WRITTEN["c.json"])
    told = podkit("chapters", "c.json", "--to", "text", cwd=folder).stderr
    for word in ("picture", "hidden chapter", "further key", "author"):
        assert word in told


def test_a_transcript_keeps_speakers_and_times(folder):
    """SRT to WebVTT to JSON and back."""
    assert podkit("transcript", "t.srt", "--to", "vtt", "-o", "t.vtt", cwd=folder).returncode == 0
    assert "<v Olha>Who pays?</v>" in (folder / "t.vtt").read_text(encoding="utf-8")
    found = report("transcript", "t.vtt", "--to", "json", cwd=folder)
    assert [(c["speaker"], c["start"], c["end"]) for c in found["cues"]] == [
        ("Olha", 1.0, 3.0),
        ("Petro", 3.0, 5.5),
    ]
    back = podkit("transcript", "t.vtt", "--to", "srt", cwd=folder).stdout
    assert back == SRT


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("chapters", "c.txt", "--duration", "-5"), 2, "negative"),
        (("chapters", "c.txt", "--to", "jsn"), 2, "jsn"),
        (("chapters", "c.txt", "--to", "cue"), 2, "does not write"),
        (("chapters",), 2, "SOURCE"),
        (("chapters", "nothing"), 1, "no such file"),
        (("chapters", "empty.txt"), 1, "no chapters"),
        (("chapters", "c.txt", "--duration", "0"), 1, "no chapter is left"),
        (("chapters", "c.txt", "-o", "pic.jpg"), 2, "no format that podkit writes"),
        (("chapters", "c.txt", "-o", "c.cue"), 2, "*.cue"),
        (("transcript", "t.srt", "-o", "pic.jpg"), 2, "--to vtt"),
        (("transcript", "prose.txt", "-o", "talk.docx"), 2, "--to text"),
        (("transcript", "t.srt", "-o", "talk.mp3", "-n"), 2, "*.mp3"),
        (("chapters", "c.txt", "-o", "."), 1, "folder"),
        (("chapters", "c.txt", "-o", "notes.md"), 1, "belongs to a show"),
        (("chapters", "c.txt", "-o", "todo.txt"), 1, "does not hold chapters"),
        (("chapters", "c.txt", "-o", "t.srt"), 1, "does not hold chapters"),
        (("transcript", "t.srt", "-o", "prose.txt"), 1, "does not hold a transcript"),
        (("transcript", "t.srt", "-o", "c.json"), 1, "does not hold a transcript"),
        (("transcript", "prose.txt", "--to", "json"), 1, "no times"),
        (("transcript", "prose.txt", "--shift", "3"), 1, "no times"),
        (("transcript", "empty.txt"), 1, "no transcript"),
    ],
)
def test_what_is_refused_says_why_and_loses_nothing(folder, words, code, said):
    """Each error names its subject; every file is as it was."""
    error = error_of(*words, code=code, cwd=folder)
    assert said in error["message"] + error["hint"] + str(error["where"])
    for name, text in WRITTEN.items():
        assert (folder / name).read_text(encoding="utf-8") == text


def test_a_format_that_is_named_goes_into_any_file(folder):
    """`--to` says what a name does not; a name without a suffix gets the usual format."""
    for words, name, begins in (
        (("chapters", "c.txt", "--to", "json"), "marks.data", "{"),
        (("transcript", "t.srt", "--to", "vtt"), "captions.bak", "WEBVTT"),
        (("transcript", "t.srt"), "captions", "WEBVTT"),
    ):
        done = podkit(*words, "-o", name, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert (folder / name).read_text(encoding="utf-8").startswith(begins)


def test_a_file_of_the_same_kind_is_replaced(folder):
    """Chapters over chapters, captions over captions; a dry run only says so."""
    plan = report("chapters", "c.txt", "-o", "c.json", "-n", cwd=folder)["plan"]
    assert [(step["action"], step["subject"].rpartition("/")[2]) for step in plan] == [
        ("write", "c.json")
    ]
    assert (folder / "c.json").read_text(encoding="utf-8") == WRITTEN["c.json"]
    assert podkit("chapters", "c.txt", "-o", "c.json", cwd=folder).returncode == 0
    assert (
        json.loads((folder / "c.json").read_text(encoding="utf-8"))["chapters"][1]["startTime"]
        == 62.5
    )
    assert podkit("transcript", "t.srt", "--shift", "1", "-o", "t.srt", cwd=folder).returncode == 0
    assert "00:00:02,000 --> 00:00:04,000" in (folder / "t.srt").read_text(encoding="utf-8")


def test_files_of_texts_are_linted(folder):
    """Lint knows chapters and transcripts by their words."""
    found = report("lint", "c.json", "t.srt", "notes.md", cwd=folder)["findings"]
    assert {(f["subject"].rpartition("/")[2], f["code"]) for f in found} >= {("c.json", "PK702")}
    assert "PK101" not in {f["code"] for f in found}


@pytest.mark.parametrize("text", ["<!doctype html><html><body>502</body></html>", "<html/>", ""])
def test_a_servers_page_is_no_feed(tmp_path, text):
    """What stands under a feed's name is judged as a feed."""
    (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
    found = report("lint", "feed.xml", cwd=tmp_path, code=3)["findings"]
    assert {f["code"] for f in found} <= {"PK101", "PK112"}
    assert found


def test_odd_times_are_mended_and_told(tmp_path):
    """A cue that ends before it begins gets an end, what is left out is counted, and lint names the line."""
    text = "WEBVTT\n\nNOTE draft\n\nNOTE again\n\n00:05.000 --> 00:03.000\na\n\n00:75.000 --> 00:80.000\nb\n"
    (tmp_path / "t.vtt").write_text(text)
    done = podkit("transcript", "t.vtt", "--to", "vtt", cwd=tmp_path)
    assert "00:00:05.000 --> 00:00:10.000" in done.stdout
    assert "00:01:15.000 --> 00:01:20.000" in done.stdout
    for said in ("2 NOTE blocks were left out", "1 cue ended before it began", "over 59"):
        assert said in done.stderr
    linted = podkit("lint", "t.vtt", cwd=tmp_path)
    assert linted.returncode == 3
    assert "t.vtt:7" in linted.stdout
    assert "t.vtt:10" in linted.stdout


def test_a_transcript_in_html_gets_ends(tmp_path):
    """HTML says only when each part starts; captions made of it are shown until the next one."""
    (tmp_path / "t.html").write_text(
        "<cite>A:</cite><time>0:01</time><p>One</p><time>0:03</time><p>Two</p>"
    )
    done = podkit("transcript", "t.html", "--to", "srt", cwd=tmp_path)
    assert "00:00:01,000 --> 00:00:03,000" in done.stdout
    assert "00:00:03,000 --> 00:00:08,000" in done.stdout

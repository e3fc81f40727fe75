"""`podkit tag`'s step: what it refuses, plans and changes, and in which words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import mutagen
import pytest
from mutagen import apev2
from mutagen.id3 import PRIV, TIT2, TXXX
from shows import make_show
from tag_reports import lines, titles

from podkit.errors import FormatError, MediaError, UsageError
from podkit.steps.tag import tag
from podkit.steps.tag_order import TagOrder
from podkit.tags import files as tag_files
from podkit.workspace.layout import Layout

# What belongs to a show


def add_show(folder: Path, sound: Path) -> Layout:
    """A show with one episode whose master is that sound, and something that a build made."""
    layout = make_show(folder)
    episode = layout.episode("energy")
    episode.mkdir(parents=True)
    shutil.copy(sound, episode / "master.mp3")
    layout.record("energy").write_text(
        'guid = "g"\ntitle = "Energy"\n\n[masters.main]\nfile = "master.mp3"\n'
        f'sha256 = "{"0" * 64}"\nbytes = 1\n',
        encoding="utf-8",
    )
    for made in (layout.media, layout.public / "media"):
        made.mkdir(parents=True)
        shutil.copy(sound, made / "energy-1234.mp3")
    shutil.copy(sound, folder / "jingle.mp3")
    return layout


def test_a_shows_files_are_refused_from_outside(
    talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever one stands: a master and what a build made stay byte for byte; another file does not."""
    layout = add_show(tmp_path / "show", talk)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    refused = [
        layout.episode("energy") / "master.mp3",
        layout.media / "energy-1234.mp3",
        layout.public / "media" / "energy-1234.mp3",
    ]
    before = [path.read_bytes() for path in refused]
    report = tag(TagOrder(paths=(*refused, tmp_path / "show" / "jingle.mp3"), set=("title=X",)))
    assert [path.read_bytes() for path in refused] == before
    assert titles(report) == {"jingle.mp3": "X"}
    master, *made = report.failed
    assert "master" in master.error
    assert f"podkit -C {layout.root} set energy" in master.hint
    assert len(made) == 2
    assert all("transcode --refresh --tags-only" in one.hint for one in made)


def test_a_master_is_refused_through_links_and_folders(talk: Path, tmp_path: Path) -> None:
    """A linked folder leads to the same master, and `-r` leaves folders with a dot alone."""
    layout = add_show(tmp_path / "show", talk)
    (tmp_path / "way").symlink_to(layout.episode("energy"))
    report = tag(TagOrder(paths=(tmp_path / "way" / "master.mp3",), set=("title=X",)))
    assert "it is a master" in report.failed[0].error
    report = tag(TagOrder(paths=(layout.root,), recursive=True, set=("title=X",)))
    assert titles(report) == {"jingle.mp3": "X"}
    assert {Path(one.path).parent.name for one in report.failed} == {"energy", "media"}
    assert not any(".podkit" in one.path for one in report.failed)


def test_a_show_that_cannot_be_read_lets_nothing_pass(talk: Path, tmp_path: Path) -> None:
    """Where no record says which files are masters, each may be one."""
    layout = add_show(tmp_path / "show", talk)
    layout.record("energy").write_text("title = ", encoding="utf-8")
    report = tag(TagOrder(paths=(layout.root / "jingle.mp3",), set=("title=X",)))
    assert "cannot be told" in report.failed[0].error
    assert layout.root.joinpath("jingle.mp3").read_bytes() == talk.read_bytes()


# The plan


def test_the_plan_is_what_the_run_does(talk: Path, cover: Path) -> None:
    """Fields, pictures, private frames and notes that no tag shows: each has its line, then is gone."""
    opened = mutagen.File(talk)
    opened.add_tags()
    opened.tags.add(TIT2(encoding=3, text="Old"))
    opened.tags.add(TXXX(encoding=3, desc="project", text="secret.rpp"))
    opened.tags.add(PRIV(owner="XMP", data=b"secret"))
    opened.save()
    ape = apev2.APEv2()
    ape["Note"] = "secret"
    ape.save(talk)
    before = talk.read_bytes()
    order = TagOrder(paths=(talk,), clear=True, set=("title=New",), image=cover)
    planned = tag(order, dry_run=True)
    assert talk.read_bytes() == before
    assert sorted(lines(planned)) == sorted(
        [
            "title: 'Old' → 'New'",
            f"artwork: nothing → image/jpeg 100x100, {cover.stat().st_size} bytes",
            "PRIV:XMP:secret: '(6 bytes)' → nothing",
            "TXXX:project: 'secret.rpp' → nothing",
            "APE Note: 'secret' → nothing",
        ]
    )
    done = tag(order)
    assert done.files[0].tags == planned.files[0].tags == {"title": "New"}
    assert b"secret" not in talk.read_bytes()
    assert lines(tag(order, dry_run=True)) == []
    assert not tag(order).files[0].changed


def test_hidden_notes_alone_are_cleared(sounds: Path, tmp_path: Path) -> None:
    """A chunk of a WAV is planned and removed where the tags say nothing."""
    wav = Path(shutil.copy(sounds / "x.wav", tmp_path))
    note = b"bext" + (6).to_bytes(4, "little") + b"secret"
    content = wav.read_bytes() + note
    wav.write_bytes(content[:4] + (len(content) - 8).to_bytes(4, "little") + content[8:])
    order = TagOrder(paths=(wav,), clear=True)
    assert any("bext" in line for line in lines(tag(order, dry_run=True)))
    assert tag(order).files[0].changed
    assert b"secret" not in wav.read_bytes()
    assert not tag(order).files[0].changed


def test_versions_of_id3(talk: Path) -> None:
    """New tags are v2.3; a file keeps its version unless another is asked for, and that is planned."""
    tag(TagOrder(paths=(talk,), set=("title=X",)))
    assert talk.read_bytes()[3] == 3
    order = TagOrder(paths=(talk,), id3="2.4")
    assert lines(tag(order, dry_run=True)) == ["ID3 version: 2.3 → 2.4"]
    tag(order)
    assert talk.read_bytes()[3] == 4
    assert lines(tag(order, dry_run=True)) == []
    tag(TagOrder(paths=(talk,), set=("title=Y",)))
    assert talk.read_bytes()[3] == 4


def test_printing_writes_nothing(talk: Path) -> None:
    """Without a change the file is only read, whatever its version."""
    tag(TagOrder(paths=(talk,), set=("title=X",), id3="2.4"))
    before = (talk.read_bytes(), talk.stat().st_ino)
    assert titles(tag(TagOrder(paths=(talk,)))) == {"talk.mp3": "X"}
    assert (talk.read_bytes(), talk.stat().st_ino) == before


# Options


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"set": ("date=tomorrow",)}, "--set date: 'tomorrow' is not a date"),
        ({"set": ("title=A", "title=B")}, "--set gives title two values"),
        ({"set": ("title",)}, "--set 'title' sets nothing"),
        ({"set": ("titel=x",)}, "--set: unknown tag 'titel'"),
        ({"remove": ("titel",)}, "--remove: unknown tag 'titel'"),
        ({"set": ("title=A",), "remove": ("title",)}, "--set title=… and --remove title"),
        ({"image": Path("c.jpg"), "remove_image": True}, "--image and --remove-image"),
        ({"chapters": Path("c"), "remove_chapters": True}, "--chapters and --remove-chapters"),
        ({"copy_from": Path("a"), "table": Path("t")}, "--from and --table"),
    ],
)
def test_options_that_cannot_be_meant(talk: Path, more: dict[str, object], said: str) -> None:
    """What contradicts itself is refused before any file is opened, by the option's name."""
    with pytest.raises(UsageError, match=said.replace("(", r"\(")):
        tag(TagOrder(paths=(talk,), **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("option", "name", "content"),
    [
        ("image", "ch.txt", "00:00:00 Intro\n"),
        ("chapters", "t.toml", "[build]\n"),
        ("chapters", "empty.json", '{"version": "1.2.0", "chapters": []}'),
    ],
)
def test_a_wrong_file_is_named(
    talk: Path, tmp_path: Path, option: str, name: str, content: str
) -> None:
    """The error is about the file that was given, not about the sound."""
    given = tmp_path / name
    given.write_text(content, encoding="utf-8")
    with pytest.raises((FormatError, MediaError)) as caught:
        tag(TagOrder(paths=(talk,), **{option: given}))  # type: ignore[arg-type]
    assert caught.value.where == str(given)


def test_everything_is_copied_from_a_file(
    talk: Path, sounds: Path, cover: Path, tmp_path: Path
) -> None:
    """Fields, every picture and chapters; what --set and --remove say goes before."""
    listed = tmp_path / "c.txt"
    listed.write_text("00:00:00 Intro\n00:00:00.500 End\n", encoding="utf-8")
    fields = ("title=A", "artist=B", "season=2")
    tag(TagOrder(paths=(talk,), set=fields, image=cover, chapters=listed))
    opened = mutagen.File(talk)
    back = opened.tags.getall("APIC")[0]
    opened.tags.add(type(back)(encoding=0, mime="image/jpeg", type=4, desc="back", data=b"x"))
    opened.save()
    target = Path(shutil.copy(sounds / "x.m4a", tmp_path))
    order = TagOrder(paths=(target,), copy_from=talk, set=("title=C",), remove=("artist",))
    assert tag(order).failed == ()
    found = tag_files.read(target)
    assert {k: found.fields.get(k) for k in ("title", "artist", "season")} == {
        "title": "C", "artist": None, "season": "2",
    }  # fmt: skip
    assert [c.title for c in found.chapters] == ["Intro", "End"]
    assert [p.content for p in found.artwork] == [cover.read_bytes(), b"x"]


def test_pictures_of_chapters_come_along(talk: Path, cover: Path, tmp_path: Path) -> None:
    """A local picture that chapters.json names lies in the MP3; one outside its folder does not."""
    folder = tmp_path / "chapters"
    folder.mkdir()
    shutil.copy(cover, folder / "one.jpg")
    chapters = [
        {"startTime": 0, "title": "One", "img": "one.jpg"},
        {"startTime": 0.5, "title": "Two", "img": "../cover.jpg"},
        {"startTime": 9, "title": "Late"},
    ]
    listed = folder / "chapters.json"
    listed.write_text(json.dumps({"version": "1.2.0", "chapters": chapters}), encoding="utf-8")
    report = tag(TagOrder(paths=(talk,), chapters=listed))
    frames = sorted(mutagen.File(talk).tags.getall("CHAP"), key=lambda f: f.start_time)
    held = [[bytes(p.data) for p in f.sub_frames.getall("APIC")] for f in frames]
    assert held == [[cover.read_bytes()], [], []]
    assert len(report.files[0].warnings) == 2
    assert "after the end" in report.files[0].warnings[1]


# Many files


def test_patterns_and_folders(talk: Path, sounds: Path) -> None:
    """A pattern that no shell expanded, a name with brackets, a folder; each file once, in order."""
    here = talk.parent
    (here / "sub" / ".git").mkdir(parents=True)
    for name in ("a[1].mp3", "b.mp3", "sub/c.mp3", "sub/.git/d.mp3", "sub/.e.mp3"):
        shutil.copy(sounds / "x.mp3", here / name)
    (here / "sub" / "link.mp3").symlink_to(talk)
    words = ("*.mp3", "a[1].mp3", "./talk.mp3", "sub", "none*.mp3")
    report = tag(TagOrder(paths=tuple(here / w for w in words), recursive=True))
    assert [Path(one.path).name for one in report.files] == [
        "a[1].mp3", "b.mp3", "talk.mp3", "c.mp3",
    ]  # fmt: skip
    assert [(Path(f.path).name, f.error) for f in report.failed] == [
        ("none*.mp3", "no file fits this pattern")
    ]


def test_failures_stay_alone_and_results_in_order(talk: Path, sounds: Path) -> None:
    """Of many files that are changed side by side one that is none of them stops no other."""
    here = talk.parent
    paths = []
    for number in range(40):
        path = here / f"{number:02}.mp3"
        shutil.copy(sounds / "x.mp3", path)
        paths.append(path)
    paths[7].write_text("no sound", encoding="utf-8")
    paths[8].unlink()
    paths[9].unlink()
    paths[9].mkdir()
    report = tag(TagOrder(paths=tuple(paths), set=("title=X",)))
    assert [one.path for one in report.files] == [
        str(p) for n, p in enumerate(paths) if n not in {7, 8, 9}
    ]
    assert [one.path for one in report.failed] == [str(paths[n]) for n in (7, 8, 9)]
    assert "-r" in report.failed[2].hint
    assert sorted(p.name for p in here.iterdir() if p.name.startswith(".")) == []

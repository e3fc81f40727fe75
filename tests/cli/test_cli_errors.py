"""What is said when something goes wrong, in which form, and with which exit code."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from cli_runs import PODKIT, environment, error_of, podkit

from podkit import errors
from podkit.cli import boundary, run
from podkit.cli.session import Session, error_lines


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["encode"], "podkit transcode"),
        (["check"], "podkit lint"),
        (["schedule"], "published="),
        (["publsh"], "podkit publish"),
        (["zzz"], "podkit --help"),
    ],
)
def test_unknown_command(words: list[str], hint: str) -> None:
    """An unknown command ends with 2 and names the nearest, also by its name in other tools."""
    found = error_of(*words, code=2)
    assert found["type"] == "UsageError"
    assert hint in found["hint"]


@pytest.mark.parametrize(
    "words",
    [["serve"], ["rollback"]],
)
def test_what_comes_later_is_unknown(words: list[str]) -> None:
    """A command or option that does not exist yet is a usage error, not a stub."""
    assert podkit(*words).returncode == 2


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["add", "x", "--tittle", "T"], "unknown option --tittle", "--title"),
        (["add"], "Missing argument", "podkit add --help"),
        (["transcode", "-j", "0"], "-j", "podkit transcode --help"),
        (["transcode", "-j", "many"], "many", "podkit transcode --help"),
        (["add", "x", "--type", "long"], "long", "podkit add --help"),
        (["probe", ""], "cannot be empty", "podkit probe --help"),
        (["-C", "no-such-folder", "list"], "no-such-folder", "podkit --help"),
        (["list", "-C", "no-such-folder"], "no-such-folder", "podkit list --help"),
    ],
)
def test_usage_errors(words: list[str], message: str, hint: str, tmp_path: Path) -> None:
    """A wrong word ends with 2; what is wrong and what helps are said as text and as JSON."""
    done = podkit(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert re.search(r"^Hint:  ", done.stderr, re.MULTILINE)
    found = error_of(*words, code=2, cwd=tmp_path)
    assert message in found["message"]
    assert hint in found["hint"]


def test_no_show(tmp_path: Path) -> None:
    """Outside of a show a command that needs one ends with 2 and says how to make one."""
    found = error_of("list", code=2, cwd=tmp_path)
    assert "podkit init" in found["hint"]


def test_json_behind_two_hyphens_is_a_file_name(tmp_path: Path) -> None:
    """A `--json` that is a file's name asks for no JSON."""
    done = podkit("probe", "--nonsense", "--", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")


KINDS = [
    errors.PodkitError, errors.UsageError, errors.RecordError, errors.FileError, errors.NotMediaError,
    errors.ToolError, errors.TargetError, errors.FindingsError, errors.PartlyDoneError,
    errors.TryAgainError, errors.LockedError,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_error_ends_with_its_code(
    kind: type[errors.PodkitError], capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is the one on the class; the type travels in the JSON."""
    session = Session()
    session.json = True
    made = kind("it failed", where="a.mp3", hint="try again")
    assert boundary.report_error(made, session) == kind.exit_code
    found = json.loads(capsys.readouterr().err)["error"]
    assert found == {
        "type": kind.__name__,
        "exit": kind.exit_code,
        "message": "it failed",
        "where": "a.mp3",
        "hint": "try again",
    }


def test_cancelled_ends_with_the_signal() -> None:
    """What a signal ended has the signal's code."""
    assert boundary.code_of(errors.Cancelled(signal_number=15)) == 143


def test_form_of_an_error() -> None:
    """What failed and on what; why, indented; the next thing to type."""
    made = errors.MediaError("cannot transcode\nit ends early", where="a.wav", hint="try\nagain")
    assert error_lines(made) == [
        "Error: a.wav: cannot transcode",
        "       it ends early",
        "Hint:  try",
        "       again",
    ]


def test_outside_text_in_errors_is_shown_safely() -> None:
    """Control characters and undecodable bytes of names come out escaped."""
    made = errors.FileError("no \x1b[31m", where="a\udcff\r\x07.mp3", hint="see \u202ex")
    assert error_lines(made) == [
        "Error: a\\xff\\x0d\\x07.mp3: no \\x1b[31m",
        "Hint:  see \\u202ex",
    ]


def crash(monkeypatch: pytest.MonkeyPatch, error: BaseException, *words: str) -> int:
    """Run a command in this process that meets an error nobody foresaw."""

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("podkit.cli.session.Session.show_or_none", broken)
    return run(["presets", *words])


def test_a_bug_ends_with_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A bug is one line, its traceback lies in a file that only its owner may read."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert crash(monkeypatch, KeyError("x\ny")) == 70
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert len(said.splitlines()) == 2
    [saved] = tmp_path.glob("podkit-crash-*.txt")
    assert str(saved) in said
    assert "KeyError" in saved.read_text(encoding="utf-8")
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_bug_inside_a_show_is_saved_in_its_state(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Inside of a show the traceback lies in .podkit/."""
    (tmp_path / "podkit.toml").touch()
    (tmp_path / ".podkit").mkdir()
    assert crash(monkeypatch, ValueError("no"), "-C", str(tmp_path), "--json") == 70
    found = json.loads(capsys.readouterr().err)["error"]
    assert found["exit"] == 70
    assert found["type"] == "ValueError"
    assert len(list((tmp_path / ".podkit").glob("podkit-crash-*.txt"))) == 1


def test_debug_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """--debug shows it, for explained errors too."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert crash(monkeypatch, errors.FileError("no"), "--debug") == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_had_enough() -> None:
    """When nobody reads stdout any more podkit ends at once and says nothing."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PODKIT, "presets", "--json"],
        env=environment(), stdout=writer, stderr=subprocess.PIPE, timeout=30, check=False,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize(
    "words", [["presets"], ["presets", "--json"], ["--help"], ["completion", "bash"]]
)
def test_a_full_disk_under_stdout_is_no_success(words: list[str]) -> None:
    """When the output cannot be written the exit code says so."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PODKIT, *words],
            env=environment(), stdout=full, stderr=subprocess.PIPE, timeout=30, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"space" in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str) -> None:
    """A closed stdin, stdout or stderr is no reason to fail."""
    line = " ".join([*PODKIT, "presets", closed])
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=environment(), capture_output=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1", "FORCE_COLOR": "1"},
    ],
    ids=str,
)
def test_poor_surroundings(env: dict[str, str], tmp_path: Path) -> None:
    """Without UTF-8 or a real terminal podkit says the same things, as well as it can."""
    done = podkit("probe", "Вступ \N{STUDIO MICROPHONE}.mp3", "--json", cwd=tmp_path, env=env)
    assert done.returncode == 1
    [failed] = json.loads(done.stdout)["failed"]
    name = base64.b64decode(failed["path_base64"]).decode() if "path_base64" in failed else ""
    assert (name or failed["path"]) == "Вступ \N{STUDIO MICROPHONE}.mp3"
    text = podkit("probe", "Вступ.mp3", cwd=tmp_path, env=env)
    assert text.returncode == 1
    assert "Traceback" not in text.stderr
    assert "\x1b" not in text.stderr


def test_force_color() -> None:
    """FORCE_COLOR colours what goes into a pipe; NO_COLOR is stronger."""
    assert "\x1b[" in podkit("nonsense", env={"FORCE_COLOR": "1"}).stderr
    assert "\x1b" not in podkit("nonsense", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stderr
    assert "\x1b" not in podkit("nonsense").stderr


def test_options_from_the_environment(tmp_path: Path) -> None:
    """PODKIT_* gives options; what is typed is stronger; a wrong value is a usage error."""
    assert podkit("transcode", cwd=tmp_path, env={"PODKIT_JOBS": "none"}).returncode == 2
    assert podkit("lint", cwd=tmp_path, env={"PODKIT_LINT_FORMAT": "xml"}).returncode == 2
    typed = podkit("lint", "--format", "text", cwd=tmp_path, env={"PODKIT_LINT_FORMAT": "xml"})
    assert "xml" not in typed.stderr
    away = podkit("list", cwd=tmp_path, env={"PODKIT_DIRECTORY": str(tmp_path / "none")})
    assert "none is not a folder" in away.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["lint", "https://["],
        ["import", "https://[", "show"],
        ["init", "show", "--title", "T", "--no-input", "--publish-url", "file://["],
    ],
)
def test_a_broken_address_is_told_as_one(words: list[str], tmp_path: Path) -> None:
    """An address that nobody can follow is an error of whoever typed it, not a bug."""
    done = podkit(*words, cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert "[" in done.stderr
    assert "bug" not in done.stderr

"""Help: quick, complete, and true."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import click
import pytest
from cli_runs import environment, podkit

from podkit.cli.commands import ALIASES, COMMANDS, EXAMPLES, program
from podkit.cli.options import Command
from podkit.cli.session import Session

_HEAVY = {
    "PIL", "av", "feedgen", "ffmpeg", "filelock", "jinja2", "langcodes", "lxml", "mutagen", "nh3",
    "rich", "tomlkit",
}  # fmt: skip


def found(name: str) -> Command:
    """One command by its name."""
    command = program().get_command(click.Context(program()), name)
    assert isinstance(command, Command)
    return command


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["nonsense"], ["add", "--nonsense"]], ids=str
)
def test_nothing_heavy_is_imported(words: list[str]) -> None:
    """Help, the version and wrong words import no step, no rich and no room's library."""
    code = (
        "import sys, json, contextlib, io\n"
        "from podkit.cli import run\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        f"    run({words!r})\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout)
    assert {name.split(".")[0] for name in loaded} & _HEAVY == set()
    assert [name for name in loaded if name.startswith("podkit.steps")] == []


def test_help_lists_every_command() -> None:
    """`podkit --help` has a line for each command of the contract and names no other."""
    text = podkit("--help").stdout
    for name, about in COMMANDS.items():
        assert any(line.split()[:1] == [name] for line in text.splitlines()), name
        assert about.split()[0] in text
    assert set(COMMANDS) == {
        "init", "import", "add", "attach", "list", "show", "set", "probe", "tag", "chapters", "diff",
        "transcript", "transcribe", "transcode", "presets",
        "build", "feed", "lint", "rules", "members", "publish", "status", "verify", "doctor", "completion",
    }  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(name: str) -> None:
    """The help of a command ends with examples, each on a line as it is typed."""
    done = podkit(name, "--help")
    assert done.returncode == 0
    lines = [line.strip() for line in done.stdout.split("Examples:")[1].strip().splitlines()]
    assert lines == list(found(name).examples)
    assert all("podkit" in line for line in lines)
    assert lines


@pytest.mark.parametrize(
    "line", [line for name in COMMANDS for line in found(name).examples] + list(EXAMPLES)
)
def test_every_example_is_understood(line: str) -> None:
    """What the help shows is accepted: its options and words exist."""
    words = shlex.split(
        line.removeprefix('eval "$(').split(" > ~")[0].split(" >> ")[0].removesuffix(')"')
    )
    words = words[words.index("podkit") + 1 :]
    if words[0] == "-C":
        words = words[2:]
    if "--help" in words:
        return
    command = found(words[0])
    with command.make_context(words[0], words[1:], obj=Session()) as ctx:
        assert ctx.command is command


@pytest.mark.parametrize("name", COMMANDS)
def test_global_options_are_understood_behind_the_command(name: str) -> None:
    """-C, -q, -v, --debug, --no-input and --version are options of every command."""
    names = {opt for param in found(name).params for opt in param.opts}
    assert {"-C", "-q", "-v", "--debug", "--no-input", "--version"} <= names


@pytest.mark.parametrize("name", [n for n in COMMANDS if n != "completion"])
def test_every_reporting_command_has_json(name: str) -> None:
    """A command that reports has --json."""
    assert "--json" in {opt for param in found(name).params for opt in param.opts}


@pytest.mark.parametrize(
    "name",
    ["init", "add", "attach", "set", "tag", "transcode", "build", "feed", "members", "publish"],
)
def test_every_writing_command_has_a_dry_run(name: str) -> None:
    """A command that writes has -n."""
    assert {"-n", "--dry-run"} <= {opt for param in found(name).params for opt in param.opts}


def test_aliases_lead_to_commands() -> None:
    """Each word of other tools leads to a command that exists."""
    for meant in ALIASES.values():
        assert meant.startswith("--") or meant.split()[0] in COMMANDS
    assert not set(ALIASES) & set(COMMANDS)


def test_version() -> None:
    """--version says it before and behind a command."""
    from podkit import __version__

    assert podkit("--version").stdout == f"podkit {__version__}\n"
    assert podkit("list", "--version").stdout == f"podkit {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    """`podkit completion` prints a script that asks podkit for words."""
    text = podkit("completion", shell).stdout
    assert "_PODKIT_COMPLETE" in text


def test_completion_knows_commands_and_options() -> None:
    """The shell is offered commands, and the options of one."""
    env = {"_PODKIT_COMPLETE": "bash_complete", "COMP_WORDS": "podkit transco", "COMP_CWORD": "1"}
    assert podkit(env=env).stdout.splitlines() == ["plain,transcode"]
    env |= {"COMP_WORDS": "podkit transcode --jo", "COMP_CWORD": "2"}
    assert podkit(env=env).stdout.splitlines() == ["plain,--jobs"]

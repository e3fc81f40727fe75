"""The manual says what the code does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from house_tree import ROOT

from podkit.cli.commands import COMMANDS, program
from podkit.cli.options import Command
from podkit.rules.rule import RULES

DOCS = ROOT / "docs"


def page(name: str) -> str:
    """The text of a page of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def test_generated_pages_are_in_step() -> None:
    """`make docs` would change nothing: commands, rules, presets and keys are documented as built."""
    done = subprocess.run(
        [sys.executable, DOCS / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented_with_an_example(name: str) -> None:
    """Each command has its section, its help names what it does, and an example runs it."""
    assert f"### podkit {name}\n" in page("cli.md")
    cli = program()
    with cli.make_context("podkit", [], resilient_parsing=True) as ctx:
        command = cli.get_command(ctx, name)
        assert isinstance(command, Command)
        assert command.help
        assert command.examples
        assert any(
            re.search(rf"\bpodkit\b.* {name}\b|\bpodkit {name}\b", e) for e in command.examples
        )
        shown = command.get_help(ctx)
    assert all(example in shown for example in command.examples)


def test_each_exit_code_is_documented() -> None:
    """The manual's table holds every exit code of the contract."""
    rows = set(re.findall(r"^\| (\d+) \|", page("cli.md"), re.MULTILINE))
    assert {"0", "1", "2", "3", "4", "70", "75", "129", "130", "143"} <= rows


def test_each_rule_and_preset_is_documented() -> None:
    """No rule is registered and no preset ships without its section."""
    from podkit import rules
    from podkit.presets.builtin import PRESETS

    assert rules.__all__
    text = page("rules.md")
    assert [code for code in RULES if f"### {code} " not in text] == []
    text = page("presets.md")
    assert [name for name in PRESETS if f"## {name}\n" not in text] == []
    assert len(RULES) > 40
    assert len(PRESETS) >= 8


def test_links_between_pages_lead_somewhere() -> None:
    """A relative link in README.md or docs/ names a file that is there."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in pages
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []


def test_readme_shows_the_two_commands() -> None:
    """The README begins with the commands that a newcomer runs."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_each_command_of_the_readme_exists() -> None:
    """Every `podkit WORD` in the README is a command."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(
        re.findall(
            r"\bpodkit ([a-z]+)\b", "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
        )
    )
    assert used
    assert used <= set(COMMANDS)

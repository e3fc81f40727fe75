"""The table of commands: each is imported when it is asked for, so that `--help` stays quick."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from podkit.cli.options import global_options
from podkit.registry import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

# heading → command → its line in `podkit --help`. The module has the command's name, but for words
# that Python keeps (`set` and `list` hide built-ins, so the function is always called `command`).
TABLE: dict[str, dict[str, str]] = {
    "A show and its episodes": {
        "init": "Make a show.",
        "import": "Make a show of any feed, or take what is new in it.",
        "add": "Take in audio or video files as episodes.",
        "attach": "Add a master, chapters, a transcript, notes or a picture to an episode.",
        "list": "List the episodes.",
        "show": "Show all that is known of an episode, or of the show.",
        "set": "Change values in the records of episodes.",
    },
    "Any file": {
        "probe": "Show what is in media files.",
        "tag": "Show or change the tags of media files.",
        "chapters": "Show chapters of anything that has some, in any format.",
        "transcript": "Convert transcripts, speakers and times kept.",
        "transcribe": "Make a transcript from the sound itself.",
        "transcode": "Encode episodes, or any files and folders, and verify the result.",
        "presets": "List the presets, or print one as TOML.",
    },
    "To the listeners": {
        "build": "Make all that is stale: renditions, feeds, pages.",
        "feed": "Write the feeds, or print one.",
        "lint": "Check the show, or any feed or file.",
        "diff": "Compare the built feed with the live one, in words.",
        "rules": "List the rules of lint, or explain one.",
        "members": "List, add or revoke those who hear the members' feeds.",
        "publish": "Build, check and bring the show to where the world reads it.",
    },
    "Looking after": {
        "status": "Show what is stale, drifted, unpublished or scheduled.",
        "verify": "Read every master and rendition again and compare its hash.",
        "doctor": "Look at the tools, the configuration and leftovers.",
        "completion": "Print the completion script of a shell.",
    },
}

_MODULES = {"import": "import_feed"}

COMMANDS = {name: about for part in TABLE.values() for name, about in part.items()}

# What other tools call it, and what a hand types from habit.
ALIASES = {
    "encode": "transcode",
    "convert": "transcode",
    "normalize": "transcode",
    "check": "lint",
    "validate": "lint",
    "schedule": "set EPISODE published=…",
    "edit": "set EPISODE KEY=VALUE",
    "config": "set EPISODE KEY=VALUE",
    "new": "init",
    "create": "init",
    "compare": "diff",
    "fetch": "import",
    "subscribers": "members",
    "token": "members",
    "ls": "list",
    "episodes": "list",
    "info": "probe",
    "inspect": "probe",
    "tags": "tag",
    "make": "build",
    "generate": "build",
    "rss": "feed",
    "deploy": "publish",
    "upload": "publish",
    "push": "publish",
    "fsck": "verify",
    "help": "--help",
    "version": "--version",
}

_ABOUT = "From a sound or video file to a verified podcast feed."


class Podkit(click.Group):
    """The program: knows its commands by name and imports one when it is needed."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All commands, in the table's order."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"podkit.cli.{_MODULES.get(cmd_name, cmd_name)}")
        found = module.command
        if not isinstance(found, click.Command):
            raise TypeError(f"podkit.cli.{cmd_name} has no command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first word.

        Raises:
            click.UsageError: there is none; the hint names the nearest.
        """
        name = args[0]
        found = self.get_command(ctx, name)
        if found is None and not ctx.resilient_parsing:
            raise UnknownCommandError(name, ctx)
        return (name if found else None), found, args[1:]

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing a single command."""
        for heading, part in TABLE.items():
            with formatter.section(heading):
                formatter.write_dl(list(part.items()))

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What to type first."""
        with formatter.section("Examples"):
            for example in EXAMPLES:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


EXAMPLES: Sequence[str] = (
    'podkit init my-show --title "My Show"',
    'podkit -C my-show add talk.wav --title "The first talk"',
    "podkit -C my-show build",
    "podkit -C my-show publish file:../out",
    "podkit add --help",
)


class UnknownCommandError(click.UsageError):
    """A word that is no command; `hint` says what was probably meant."""

    def __init__(self, name: str, ctx: click.Context) -> None:
        super().__init__(f"unknown command {name!r}", ctx)
        meant = ALIASES.get(name.lower())
        self.hint = f"did you mean 'podkit {meant}'?" if meant else _nearest(name)


def _nearest(name: str) -> str:
    near = did_you_mean(name, [*COMMANDS, *ALIASES])
    word = near.split("'")[1] if near.startswith("did you mean") else ""
    if word:
        return f"did you mean 'podkit {ALIASES.get(word, word)}'?"
    return "podkit --help lists the commands"


def program() -> Podkit:
    """The program's click command, made anew so that runs share nothing."""
    return Podkit(
        name="podkit",
        help=_ABOUT,
        params=list(global_options(behind=False)),
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )

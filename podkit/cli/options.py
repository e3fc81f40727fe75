"""Options that several commands share, the command class that carries them, and how words are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from podkit import __version__
from podkit.cli.session import Session
from podkit.errors import UsageError
from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


class PathHere(click.Path):
    """A path, seen from -C; whether it exists is for the step to say."""

    name = "path"

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path as typed, or joined to the folder of -C."""
        if not str(value):
            self.fail("a path cannot be empty", param, ctx)
        session = ctx.find_object(Session) if ctx is not None else None
        return session.path(value) if session is not None else Path(value)


PATH = PathHere()


def _global(*names: str, behind: bool, **more: Any) -> click.Option:
    """A global option; behind the command only what was typed there counts, not the environment."""

    def remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        session = ctx.find_object(Session)
        typed = ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
        if session is not None and (typed or not behind):
            setattr(session, str(param.name), value)
        if isinstance(value, Path) and not value.is_dir():
            raise click.BadParameter(f"{display(value)} is not a folder", ctx, param)

    return click.Option(
        names,
        callback=remember,
        expose_value=False,
        is_eager=True,
        allow_from_autoenv=not behind,
        **more,
    )


def global_options(*, behind: bool) -> list[click.Option]:
    """The options that are understood before and behind the command."""
    return [
        _global(
            "-C",
            "directory",
            behind=behind,
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="Work as if started in DIR.",
        ),
        _global("-q", "--quiet", behind=behind, is_flag=True, help="Say only what went wrong."),
        _global("-v", "--verbose", behind=behind, is_flag=True, help="Say more."),
        _global("--debug", behind=behind, is_flag=True, help="Show tracebacks."),
        _global("--no-input", behind=behind, is_flag=True, help="Never ask."),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            allow_from_autoenv=False,
            callback=_version,
            help="Show the version and end.",
        ),
    ]


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"podkit {__version__}")
        ctx.exit()


def _read_from_environment(option: click.Option, command: str) -> None:
    """Let PODKIT_<COMMAND>_<OPTION> give the option, by the name that is typed."""
    name = max(option.opts, key=len).lstrip("-").replace("-", "_")
    general = [option.envvar] if isinstance(option.envvar, str) else []
    option.envvar = [f"PODKIT_{command}_{name}".upper(), *general]
    option.allow_from_autoenv = False


class Command(click.Command):
    """A command with examples in its help, which takes the global options too.

    Args:
        examples: command lines that work as they stand.
        more: whatever click.Command takes.
    """

    def __init__(self, *, examples: Sequence[str] = (), **more: Any) -> None:
        super().__init__(**more)
        self.examples = tuple(examples)
        self.own = tuple(self.params)
        for param in self.own:
            if isinstance(param, click.Option):
                _read_from_environment(param, str(self.name))
        self.params.extend(global_options(behind=True))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its own options first, then the global ones in a section of their own."""
        for title, params in (("Options", self.own), ("Global options", self._global(ctx))):
            records = [
                record
                for param in params
                if isinstance(param, click.Option)
                and (record := param.get_help_record(ctx)) is not None
            ]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def _global(self, ctx: click.Context) -> list[click.Parameter]:
        return [param for param in self.get_params(ctx) if param not in self.own]

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, each on its line as it is typed."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def named(name: str, *, examples: Sequence[str]) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command of that name."""

    def decorate(function: Callable[..., Any]) -> Command:
        made = click.command(name, cls=Command, examples=examples)(function)
        made.context_settings.setdefault("help_option_names", ["-h", "--help"])
        return made

    return decorate


def _set_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    session = ctx.find_object(Session)
    if session is not None and value:
        session.json = True


json_option = click.option(
    "--json",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_set_json,
    help="One JSON document on stdout.",
)
dry_run_option = click.option(
    "-n", "--dry-run", is_flag=True, help="Show what would be done, and do nothing."
)
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    envvar="PODKIT_JOBS",
    help="How many at once; default: the processor's cores.",
)
where_option = click.option(
    "--where",
    multiple=True,
    metavar="KEY=VALUE",
    help="Every episode whose record says so; repeatable.",
)
damaged_option = click.option(
    "--allow-damaged", is_flag=True, help="Take what there is of a file that ends early."
)


def codes(words: Iterable[str]) -> tuple[str, ...]:
    """Rule codes or slugs, repeated or with commas between them."""
    return tuple(code.strip() for word in words for code in word.split(",") if code.strip())


def split_assignments(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Episodes, then `KEY=VALUE` words; a word is an assignment when a key stands before its `=`.

    Raises:
        UsageError: there are no assignments, or an episode stands behind one.
    """
    at = next((n for n, word in enumerate(words) if _is_assignment(word)), len(words))
    episodes, assignments = tuple(words[:at]), tuple(words[at:])
    for word in assignments:
        if not _is_assignment(word):
            raise UsageError(
                f"{word!r} is no KEY=VALUE",
                hint="episodes come first: podkit set EPISODE title='A new title'",
            )
    if not assignments:
        raise UsageError(
            "nothing to set", hint="podkit set EPISODE title='A new title' (KEY= removes a key)"
        )
    return episodes, assignments


def _is_assignment(word: str) -> bool:
    key, equals, _ = word.partition("=")
    return bool(equals) and bool(key) and all(c.isalnum() or c in "_.-[]" for c in key)


def episodes_named(
    session: Session, show: OpenShow, words: Sequence[str], where: Sequence[str] = ()
) -> tuple[Episode, ...]:
    """The episodes that words and --where mean.

    Raises:
        UsageError: a word means none, or none is left.
    """
    from podkit.steps.open_show import select

    found = select(show, words, where=where, now=session.now(show), paths=False)
    if where and not found:
        raise UsageError(f"no episode has {' and '.join(where)}", hint="podkit list shows them")
    return found


def one_episode(session: Session, show: OpenShow, word: str) -> Episode:
    """The one episode that a word means.

    Raises:
        UsageError: it means none, or several.
    """
    found = episodes_named(session, show, [word])
    if len(found) != 1:
        names = ", ".join(episode.slug for episode in found)
        raise UsageError(f"{word!r} means several episodes: {names}", hint="name one by its slug")
    return found[0]

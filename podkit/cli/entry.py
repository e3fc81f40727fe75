"""One run of the command line: words in, lines and an exit code out."""

from __future__ import annotations

import os
import sys

import click

from podkit.cli import boundary, terminal
from podkit.cli.commands import program
from podkit.cli.session import Session
from podkit.cli.signals import Interrupted, Signals


def run(argv: list[str]) -> int:
    """Run one command line.

    Args:
        argv: the words behind `podkit`.

    Returns:
        The exit code; see the table in docs/cli.md. Nothing is raised but SystemExit while a
        shell asks for completions.
    """
    terminal.prepare_streams()
    session = Session()
    session.json = boundary.says_json(argv)
    session.debug = "--debug" in argv
    signals = Signals()
    try:
        with signals.heard():
            code = _invoke(argv, session)
            _flush()
    except Interrupted:
        code = 1
    except Exception as error:  # noqa: BLE001 (this is the boundary)
        code = 1 if signals.code is not None else boundary.report_error(error, session)
        _forget()
    return code if signals.code is None else signals.code


def _invoke(argv: list[str], session: Session) -> int:
    cli = program()
    if "_PODKIT_COMPLETE" in os.environ:
        cli.main(argv, prog_name="podkit", obj=session)  # ends here by SystemExit
    try:
        with cli.make_context(
            "podkit", list(argv), obj=session, auto_envvar_prefix="PODKIT"
        ) as ctx:
            code = cli.invoke(ctx)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.exceptions.NoArgsIsHelpError as end:
        terminal.note(end.format_message())
        code = 2
    return code if isinstance(code, int) else 0


def _forget() -> None:
    """Drop what cannot be written and was told of: else the interpreter ends with a code of its own."""
    try:
        _flush()
    except (OSError, ValueError):
        terminal.drop_stdout()


def _flush() -> None:
    """Write out what is buffered here, where a full disk or a closed pipe can still be told."""
    if sys.stdout is not None:
        sys.stdout.flush()

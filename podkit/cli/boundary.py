"""Where every error becomes lines, or one line of JSON, and an exit code."""

from __future__ import annotations

import copy
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podkit import errors, files
from podkit.cli import terminal
from podkit.cli.session import error_lines
from podkit.errors import PodkitError, UsageError
from podkit.model.text import display
from podkit.registry import did_you_mean

if TYPE_CHECKING:
    from podkit.cli.session import Session

BUG = 70
"""The exit code of a bug in podkit (EX_SOFTWARE of sysexits.h)."""

PIPE = 141
"""The exit code when nobody reads stdout any more, as the shell reports it of other programs."""


def report_error(error: BaseException, session: Session) -> int:
    """Say on stderr what went wrong and give the exit code.

    A PodkitError and a wrong word on the command line are explained; anything else is a bug: one
    line, and where the traceback was saved.
    """
    if isinstance(error, BrokenPipeError):
        terminal.drop_stdout()
        return PIPE
    explained = _explained(error)
    if explained is None:
        explained = _bug(error, session)
        code = BUG
    else:
        code = code_of(explained)
    if session.debug:
        trace = session.veil("".join(traceback.format_exception(error)).rstrip())
        terminal.note(terminal.shown(trace))
    explained = _veiled(explained, session)
    if session.json:
        terminal.note(error_json(explained, code, kind=_kind(error, explained)))
    else:
        for line in error_lines(explained):
            terminal.note(line)
    return code


def _veiled(error: PodkitError, session: Session) -> PodkitError:
    """The error as it may be shown, without the secrets of the show's members."""
    shown = copy.copy(error)
    shown.message, shown.hint = session.veil(error.message), session.veil(error.hint)
    shown.where = None if error.where is None else session.veil(error.where)
    return shown


def code_of(error: PodkitError) -> int:
    """The exit code that an error ends with; a signal's own for Cancelled."""
    if isinstance(error, errors.Cancelled):
        return 128 + error.signal_number
    return error.exit_code


def _kind(error: BaseException, explained: PodkitError) -> str:
    return type(error).__name__ if code_of(explained) != UsageError.exit_code else "UsageError"


def error_json(error: PodkitError, code: int, *, kind: str) -> str:
    """The contract's JSON line of an error."""
    fields = {
        "type": kind,
        "exit": code,
        "message": display_lines(error.message),
        "where": None if error.where is None else display(error.where),
        "hint": display_lines(error.hint),
    }
    return json.dumps({"error": fields}, ensure_ascii=not terminal.is_utf8(sys.stderr))


def display_lines(text: str) -> str:
    """Safe to show, line breaks kept."""
    return terminal.shown(text) if text else ""


def _explained(error: BaseException) -> PodkitError | None:
    if isinstance(error, PodkitError):
        return error
    if isinstance(error, click.Abort):
        return PodkitError("nothing was answered", hint="--no-input never asks")
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, click.ClickException):
        return PodkitError(error.format_message())
    if isinstance(error, OSError) and error.filename is None and _is_output_full(error):
        return PodkitError(f"cannot write the output: {error.strerror}")
    return None


def _is_output_full(error: OSError) -> bool:
    """Whether it came out of writing a standard stream, which only the terminal and click do."""
    frames = traceback.extract_tb(error.__traceback__)
    writers = {Path(__file__).parent, Path(click.__file__).parent}
    return bool(frames) and Path(frames[-1].filename).parent in writers


def _usage(error: click.UsageError) -> UsageError:
    """A wrong word on the command line, with the nearest right one."""
    hint = str(getattr(error, "hint", ""))
    message = error.format_message()
    path = error.ctx.command_path if error.ctx is not None else "podkit"
    if isinstance(error, click.NoSuchOption):
        message = f"unknown option {error.option_name}"
        known = _options(error.ctx)
        near = did_you_mean(error.option_name, known)
        hint = near if near.startswith("did you mean") else ""
    return UsageError(message.rstrip("."), hint=hint or f"{path} --help tells more")


def _options(ctx: click.Context | None) -> list[str]:
    if ctx is None:
        return []
    return [
        name
        for param in ctx.command.get_params(ctx)
        if isinstance(param, click.Option)
        for name in (*param.opts, *param.secondary_opts)
    ]


def _bug(error: BaseException, session: Session) -> PodkitError:
    """What to say of an error that nobody foresaw; its traceback is saved."""
    text = "".join(traceback.format_exception(error))
    reason = traceback.format_exception_only(error)[-1].strip()
    saved = _save(session.veil(text), session)
    return PodkitError(
        f"a bug in podkit: {' '.join(reason.split())}",
        hint=f"the traceback is in {saved}: please report it" if saved else "--debug shows where",
    )


def _save(text: str, session: Session) -> Path | None:
    """Put a traceback into the show's state folder, or the temporary one."""
    name = f"podkit-crash-{os.urandom(4).hex()}.txt"
    folder = session.here.absolute()
    state = [
        parent / ".podkit"
        for parent in (folder, *folder.parents)
        if (parent / "podkit.toml").exists() and (parent / ".podkit").is_dir()
    ]
    for place in (*state[:1], Path(tempfile.gettempdir())):
        try:
            files.write(place / name, text.encode(errors="backslashreplace"), mode=0o600)
        except (PodkitError, OSError):
            continue
        return place / name
    return None


def says_json(argv: list[str]) -> bool:
    """Whether the words ask for JSON, found without understanding them."""
    words = argv[: argv.index("--")] if "--" in argv else argv
    return "--json" in words

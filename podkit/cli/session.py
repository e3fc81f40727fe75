"""What was said on the command line besides the command: where, how loud, in which form."""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit.cli import report as reports
from podkit.cli import terminal
from podkit.errors import PodkitError, UsageError
from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from podkit.cli.ui import Bars
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class Session:
    """One run of the command line; commands get it from click as the context's object.

    `veil` takes what nobody shall see out of the text of an error: the secrets of the show's members.
    """

    def __init__(self) -> None:
        self.directory: Path | None = None
        self.quiet = False
        self.verbose = False
        self.debug = False
        self.no_input = False
        self.json = False
        self.veil: Callable[[str], str] = str

    @property
    def here(self) -> Path:
        """The folder in which relative paths start: -C, else the current one."""
        return self.directory or Path()

    def path(self, word: str | Path) -> Path:
        """A path as typed, seen from -C.

        Raises:
            UsageError: it is the address of something elsewhere.
        """
        if _ADDRESS.match(str(word)):
            raise UsageError(
                f"{str(word)!r} is an address, and a file is wanted here",
                hint="save it first, for example with `curl -LO ADDRESS`, then name the file",
            )
        return self.here / word

    def asks(self) -> bool:
        """Whether somebody is there to be asked."""
        return not self.no_input and not self.json and terminal.is_terminal(sys.stdin)

    def show(self) -> OpenShow:
        """The show around this folder.

        Raises:
            PodkitError: there is none, or its records have faults.
        """
        from podkit.steps.open_show import open_show
        from podkit.steps.personalise import veil

        show = open_show(self.here)
        self.veil = functools.partial(veil, show)
        return show

    def show_or_none(self) -> OpenShow | None:
        """The show around this folder, or None outside of any.

        Raises:
            PodkitError: its records have faults.
        """
        folder = self.here.absolute()
        if any((parent / "podkit.toml").exists() for parent in (folder, *folder.parents)):
            return self.show()
        return None

    def stale(self, show: OpenShow) -> Callable[[Episode], tuple[str, ...]]:
        """What says which renditions of an episode are stale; it reads covers and chapters once."""
        from podkit.steps.drift import Comparer
        from podkit.steps.stale import stale_presets

        return functools.partial(stale_presets, show, comparer=Comparer(show))

    def now(self, show: OpenShow | None = None, typed: str = "") -> datetime:
        """The moment that counts: what was typed for --now, else the clock's.

        Raises:
            UsageError: what was typed is no date.
        """
        from podkit.steps.tell_time import tell_time

        return tell_time(typed, show)

    def progress(self, *, lines: bool = True) -> Bars:
        """Where a step tells how far it is; use it in a `with`.

        Args:
            lines: say a line when a job ends; not where the report on stdout has one for each.
        """
        from podkit.cli.ui import Bars

        return Bars(quiet=self.quiet, verbose=self.verbose, lines=lines)

    def hint(self, text: str) -> None:
        """What to type next; not for scripts."""
        if not self.quiet and not self.json:
            terminal.note(terminal.styled(f"Next:  {text}", "hint", sys.stderr))

    def put_json(self, value: object) -> None:
        """One JSON document on stdout."""
        terminal.out(reports.dumps(value, ascii_only=not terminal.is_utf8(sys.stdout)))

    def emit(
        self,
        report: Any,
        text: Callable[[Any], Iterable[str]],
        *,
        dry_run: bool = False,
        asked: bool = False,
        code: int | None = None,
    ) -> int:
        """Show a report and give the exit code that it ends with.

        Args:
            report: what a step returned.
            text: makes the lines for people; everything from outside already safe to show.
            dry_run: show its plan instead.
            asked: the text is the very thing that was asked for, so -q does not silence it.
            code: the exit code where the report alone does not tell.
        """
        foreseen = dry_run and bool(report.plan)
        ends = reports.exit_code(report, foreseen=foreseen) if code is None else code
        if self.json:
            self.put_json(_plan(report) if dry_run else report)
            return ends
        if not self.quiet or asked or dry_run:
            lines = list(_foreseen(report) if dry_run else text(report))
            if lines:  # at once: each write is seen at once, and there may be many
                terminal.out("\n".join(lines))
        for failure in reports.failures(report):
            complain(failure)
        return ends


def _plan(report: Any) -> dict[str, Any]:
    """What a dry run's JSON holds: the plan, and what would be warned of and fail, if anything."""
    more = {"warnings": reports.warned(report), "failed": reports.failures(report)}
    return {"plan": report.plan} | {key: found for key, found in more.items() if found}


def _foreseen(report: Any) -> list[str]:
    """A dry run's plan, and what the report as a whole warns of."""
    general = [display(f"warning: {text}") for text in reports.general(report)]
    return [*plan_lines(report.plan), *general]


def plan_lines(plan: Iterable[Any]) -> list[str]:
    """A plan for people: a line for each change, `put path` or `add subject: detail`.

    Below it, indented, stand the commands that it would run.
    """
    lines = []
    for step in plan:
        subject = getattr(step, "subject", None) or getattr(step, "path", "")
        detail = getattr(step, "detail", "")
        lines.append(display(f"{step.action} {subject}" + (f": {detail}" if detail else "")))
        lines += [display(f"    {command}") for command in getattr(step, "commands", ())]
    return lines or ["nothing to do"]


def complain(failure: Any) -> None:
    """One item that failed, on stderr, in the form of an error."""
    subject = next(
        (
            str(getattr(failure, key))
            for key in ("path", "source", "subject", "file", "episode", "slug")
            if getattr(failure, key, None)
        ),
        None,
    )
    preset = getattr(failure, "preset", "")
    if subject and preset:
        subject = f"{subject} ({preset})"
    error = PodkitError(
        str(failure.error), where=subject, hint=str(getattr(failure, "hint", "") or "")
    )
    for line in error_lines(error):
        terminal.note(line)


def error_lines(error: PodkitError) -> list[str]:
    """What failed, on what; why, indented; the next thing to type."""
    first, *why = terminal.lines(error.message)
    where = display(error.where) if error.where else ""
    if where and not re.search(rf"(?<!\w){re.escape(where)}(?!\w)", first):
        first = f"{where}: {first}"
    label = terminal.styled("Error:", "error", sys.stderr)
    lines = [f"{label} {first}", *(f"       {line}" for line in why)]
    if error.hint:
        label = terminal.styled("Hint:", "hint", sys.stderr)
        lines += [
            f"{label if n == 0 else '     '}  {line}"
            for n, line in enumerate(terminal.lines(error.hint))
        ]
    return lines

"""`podkit lint`: findings, in the form that a person or a machine reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli import lint_formats
from podkit.cli.options import codes, dry_run_option, json_option, named
from podkit.cli.report import FOUND, exit_code
from podkit.cli.session import Session
from podkit.cli.terminal import out
from podkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.steps.lint_findings import LintReport
    from podkit.steps.lint_live import Live
    from podkit.steps.mend import FixReport


@named(
    "lint",
    examples=[
        "podkit lint",
        "podkit lint ./feed.xml talk.mp3 cover.jpg",
        "podkit lint --select PK1,PK2 --strict",
        "podkit lint --format github",
        "podkit lint https://podcast.example/feed.xml --live",
        "podkit lint --fix -n",
    ],
)
@click.argument("subjects", nargs=-1, metavar="[SUBJECT]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="The form of the findings.",
)
@click.option(
    "--select", multiple=True, metavar="CODES", help="Only these rules, such as PK1 or PK208."
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--live", is_flag=True, help="Ask the servers too: HEAD, ranges, types, redirects.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Ask this host though it is in a private network; repeatable.",
)
@click.option("--now", default="", metavar="DATE", help="What is due: as if it were DATE.")
@click.option(
    "--fix", is_flag=True, help="Mend what is safe in the show's own records first, and say what."
)
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    subjects: tuple[str, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    live: bool,
    hosts: tuple[str, ...],
    now: str,
    fix: bool,
    dry_run: bool,
) -> int:
    """Check the show, or any feed, media file, artwork, chapters or transcript.

    Exit 3 when there are errors. `podkit rules CODE` explains a finding. --fix rewrites values of
    podkit.toml and episode.toml that can mean one thing only, comments kept, and transcripts whose
    cues are out of order; never media, pictures, or anybody else's feed. With -n it shows what.
    """
    from podkit.steps.lint import LintOrder, lint

    # A file is judged alike wherever it lies; only --fix and a date without a zone need the show.
    around = session.show_or_none if fix or now else lambda: None
    show = around() if subjects else session.show()
    order = LintOrder(
        subjects=tuple(w if "://" in w else str(session.path(w)) for w in subjects),
        select=codes(select),
        ignore=codes(ignore),
        strict=strict,
        live=_live(hosts, session.here) if live or hosts else None,
    )
    if dry_run and not fix:
        raise UsageError("-n says what --fix would do", hint="podkit lint --fix -n")
    moment = session.now(show, now)
    with session.progress() as progress:
        if not fix:
            report = lint(show, order, now=moment, progress=progress)
            return _emit(session, report, form, strict=strict)
        from podkit.steps.mend import lint_fixed

        mended = lint_fixed(show, order, now=moment, dry_run=dry_run, progress=progress)
    if not dry_run:
        return _emit(session, mended, form, strict=strict)
    session.json = session.json or form == "json"
    return session.emit(mended, lint_formats.diff, dry_run=session.json, asked=True)


def _live(hosts: tuple[str, ...], here: Path) -> Live:
    """How to ask servers; who does not ask them does without what it takes."""
    from podkit.steps.lint_live import Live

    return Live(hosts=hosts, here=here)


def _emit(session: Session, report: LintReport | FixReport, form: str, *, strict: bool) -> int:
    code = _code(report, strict=strict)
    if session.json or form == "json":
        session.json = True
        return session.emit(report, lint_formats.text, code=code)
    if form == "sarif":
        session.put_json(lint_formats.sarif(report.findings, report.failed))
        return code
    if form == "github":
        for line in lint_formats.github(report.findings, report.failed):
            out(line)
        return code
    return session.emit(report, lint_formats.text, asked=True, code=code)


def _code(report: LintReport | FixReport, *, strict: bool) -> int:
    counts = report.counts
    bad = counts.get("error", 0) + (counts.get("warning", 0) if strict else 0)
    return FOUND if bad else exit_code(report)

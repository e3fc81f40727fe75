"""`podkit publish`: the plan, what was done, what is held back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from podkit.cli.build import held_lines
from podkit.cli.lint_formats import brief
from podkit.cli.options import codes, dry_run_option, jobs_option, json_option, named
from podkit.cli.report import FOUND
from podkit.cli.session import Session
from podkit.cli.terminal import counted, size
from podkit.model.finding import Severity
from podkit.model.plan import Action, Stage
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.publish import PublishReport


@named(
    "publish",
    examples=[
        "podkit publish -n",
        "podkit publish",
        "podkit publish file:../out --no-build",
        "podkit publish default --skip energy --ignore PK302",
    ],
)
@click.argument("target", required=False, default="")
@click.option("--no-build", is_flag=True, help="Take public/ as it is.")
@click.option("--skip", multiple=True, metavar="EPISODE", help="Leave out; repeatable.")
@click.option(
    "--ignore", multiple=True, metavar="CODES", help="Rules that do not stop it; never PK9."
)
@click.option("--no-verify", is_flag=True, help="Do not read back what was sent.")
@click.option("--allow-removal", is_flag=True, help="Also when published episodes are gone.")
@jobs_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    target: str,
    no_build: bool,
    no_verify: bool,
    ignore: tuple[str, ...],
    dry_run: bool,
    **given: Any,
) -> int:
    """Build, check, and bring the show to TARGET: a name of [publish], or a URL.

    Media goes first and is verified, then companions and pages, the feeds last. What is there
    already stays. Whoever follows the live feed is guarded: an episode that would vanish, another
    GUID, media that is not there, or a feed with an error stop it (exit 3) before anything is sent.
    An episode that is not live yet is held back alone for its errors and its media (exit 4).
    """
    from podkit.steps.publish import PublishOrder, publish

    show = session.show()
    order = PublishOrder(
        target=target, build=not no_build, verify=not no_verify, ignore=codes(ignore), **given
    )
    moment = session.now(show)
    with session.progress() as progress:
        report = publish(show, order, now=moment, dry_run=dry_run, progress=progress)
    # In a dry run an error is told; the real run ends before it sends anything.
    stopped = any(one.severity is Severity.ERROR for one in report.findings)
    return session.emit(report, _planned if dry_run else _done, code=FOUND if stopped else None)


def _planned(report: PublishReport) -> list[str]:
    moves = [move for move in report.plan if move.action is not Action.KEEP]
    found = [display(f"to {report.target}")]
    for move in moves:
        about = "" if move.bytes is None else f" ({size(move.bytes)})"
        found.append(display(f"  {move.action} {move.path}{about}"))
    kept = len(report.plan) - len(moves)
    found.append(f"{counted(len(moves), 'change')}, {counted(kept, 'file')} there already")
    found += _rest(report)
    errors = sum(one.severity is Severity.ERROR for one in report.findings)
    if errors:
        found.append(f"it would stop at {counted(errors, 'error')}, and send nothing")
    return found


def _done(report: PublishReport) -> list[str]:
    kept = [move for move in report.plan if move.action is Action.KEEP]
    counts = Counter(move.action for move in report.done)
    sent = sum(m.bytes or 0 for m in report.done if m.action is Action.PUT)
    parts = [f"{counted(counts[Action.PUT], 'file')} sent ({size(sent)})"] * bool(
        counts[Action.PUT]
    )
    parts += [f"{counts[Action.DELETE]} removed"] * bool(counts[Action.DELETE])
    parts += [f"{len(kept)} there already"] * bool(kept)
    if report.failed:
        parts += [f"{len(report.failed)} failed", _live(report)]
        return [display(f"not published to {report.target}: {', '.join(parts)}"), *_rest(report)]
    feeds = [move.path for move in report.plan if move.stage is Stage.FEEDS]
    found = [display(f"published to {report.target}: {', '.join(parts) or 'nothing to do'}")]
    found += [display(f"  feed: {path}") for path in feeds]
    return [*found, *_rest(report)]


def _live(report: PublishReport) -> str:
    """What listeners have, after something failed."""
    feeds = {move.path for move in report.plan if move.stage is Stage.FEEDS}
    touched = {move.path for move in report.done} | {one.path for one in report.failed}
    if feeds & touched:
        return "look at the feed itself"
    return "the old feed is still live" if report.previous else "no feed is live yet"


def _rest(report: PublishReport) -> list[str]:
    found = [*held_lines(report.held), *brief(report.findings)]
    found += [display(f"not podkit's, so not sent: public/{path}") for path in report.left_out]
    if report.next_due is not None:
        found.append(display(f"next due: {report.next_due}"))
    return found

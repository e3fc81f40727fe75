"""Publishing: plan, media first and verified, companions, pages, the feeds last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from podkit import files
from podkit.errors import (
    Cancelled,
    FindingsError,
    PodkitError,
    TargetError,
    TryAgainError,
    UsageError,
)
from podkit.model.episode import Status
from podkit.model.finding import Severity
from podkit.model.media import MIME_OF_EXTENSION
from podkit.model.plan import Action, FailedFile, Move, Stage
from podkit.model.progress import QUIET, Progress
from podkit.steps import build as building
from podkit.steps import guard, keep_feeds, live, personalise, public_tree, release
from podkit.steps.assemble import assemble
from podkit.steps.compose import Held
from podkit.steps.lint_show import lint_show
from podkit.steps.note_published import note_published
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.plan_moves import ORDER, foreign
from podkit.steps.prove import refuse_untold
from podkit.steps.stale import Failed
from podkit.steps.targets import find_target
from podkit.steps.transcode_report import TranscodeReport
from podkit.steps.withhold import (
    Seen,
    as_built,
    as_would_be_built,
    refuse_lost,
    skipped,
    without_unfit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from podkit.model.finding import Finding
    from podkit.targets.target import Target


_EMPTY: Final = "PK224"
"""What a feed is before the build has made anything for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOrder:
    """What `podkit publish` was asked; an empty `target` means `[publish.default]`."""

    target: str = ""
    build: bool = True
    verify: bool = True
    skip: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow_removal: bool = False
    site: bool = True
    jobs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a publishing run did: `previous` is the SHA-256 of the feed that was live before.

    `findings` are what the guards say of the live feed; in a dry run the errors that stop, too.
    `left_out` are the paths of what lies in public/ and is not podkit's, so never sent.
    """

    target: str
    plan: tuple[Move, ...] = ()
    done: tuple[Move, ...] = ()
    verified: int = 0
    held: tuple[Held, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    previous: str | None = None
    next_due: datetime | None = None
    findings: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()


def publish(
    show: OpenShow,
    order: PublishOrder,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> PublishReport:
    """Bring the target to what the show says now.

    Raises:
        FindingsError: lint found an error, or a guard of the live feed; nothing was sent.
        UsageError: no such target.
        TargetError: the target refused something before the feed; the old feed is live.
        LockedError: another run builds or publishes this show.
    """
    target = find_target(show, order.target)
    if any(code.upper().startswith("PK9") for code in order.ignore):
        raise UsageError("the rules of publishing (PK9xx) cannot be ignored")
    if dry_run:
        return _dry_run(show, target, order, now)
    with files.lock(show.layout.build_lock):
        show, seen = _prepare(show, target, order, now, progress)
        allowed = _allowed(show, order, seen.held)
        before = live.sheets(show, target)
        if not order.allow_removal and not any(before.values()):
            refuse_lost(show, seen.held, now=now)
        found = guard.examine(
            show, target, seen.feeds, seen.plan, allowed, wrong=seen.wrong, now=now
        )
        guard.refuse_errors(found)
        refuse_untold(seen.wrong, found)
        report = PublishReport(
            target=target.url,
            plan=seen.plan,
            held=seen.held,
            previous=live.feed_sha256(show, target),
            next_due=release.next_due(show.podcast, show.episodes, now),
            findings=found,
            left_out=foreign(show),
        )
        report = _execute(show, target, order, report, before, progress)
        if not report.failed:
            note_published(show, now)
            keep_feeds.remember(show, target)
    return _veiled(show, report)


def _veiled(show: OpenShow, report: PublishReport) -> PublishReport:
    """The report without the secrets in the addresses of members."""
    return replace(
        report,
        plan=personalise.veil_moves(show, report.plan),
        done=personalise.veil_moves(show, report.done),
        failed=personalise.veil_failures(show, report.failed),
        left_out=tuple(personalise.veil(show, path) for path in report.left_out),
    )


def _allowed(show: OpenShow, order: PublishOrder, held: Sequence[Held]) -> guard.GuardOrder:
    reasons = guard.reasons(show, held)
    return guard.GuardOrder(ignore=order.ignore, removal=order.allow_removal, held=reasons)


def _prepare(
    show: OpenShow, target: Target, order: PublishOrder, now: datetime, progress: Progress
) -> tuple[OpenShow, Seen]:
    """Build, lint, hold back what may be held back; public/ is then what shall be live."""
    skip = skipped(show, order.skip)
    failed: tuple[Failed, ...] = ()
    if order.build:
        transcoded, show = building.make_media(
            show, building.BuildOrder(jobs=order.jobs), now=now, progress=progress
        )
        failed = transcoded.failed
    else:
        show = open_show(show.layout.root)
    live_guids = keep_feeds.live_guids(show, target)
    bad, held_by_lint = _lint(show, order, now, live_guids, skip)
    if bad:
        raise _refused(show, bad)
    skip |= {one.slug for one in held_by_lint}

    def look(out: frozenset[str]) -> Seen:
        held: tuple[Held, ...] = ()
        if order.build:
            made = assemble(show, now=now, site=order.site, skip=out)
            held = building.report(TranscodeReport(failed=failed), made).held
        return as_built(show, target, held)

    if order.build:
        seen = without_unfit(show, look, live_guids, skip, now=now)
    elif show.layout.public.is_dir() and public_tree.listed(show.layout) is not None:
        seen = look(skip)
    elif show.layout.public.is_dir():
        raise UsageError(
            "nothing tells what a build put into public/",
            hint="podkit build, or leave --no-build away",
        )
    else:
        raise UsageError("nothing is built yet", hint="leave --no-build away")
    return show, replace(seen, held=(*seen.held, *held_by_lint))


def _refused(show: OpenShow, bad: Sequence[Finding]) -> FindingsError:
    """What stops a run that lint has errors for, and what to type."""
    hint = "podkit lint shows them all; nothing was sent"
    if any(show.episode(f.episode).imported for f in bad if f.episode):
        hint = (
            "podkit lint shows them all; an imported episode is never left out for them: "
            "mend it, or publish it as it is with --ignore CODE; nothing was sent"
        )
    return FindingsError(
        f"{len(bad)} error{'s' * (len(bad) > 1)} in what would be published\n"
        + "\n".join(f"{f.code} {f.episode or f.subject}: {f.message}" for f in bad[:10]),
        hint=hint,
    )


def _lint(
    show: OpenShow,
    order: PublishOrder,
    now: datetime,
    live_guids: frozenset[str],
    skip: frozenset[str],
) -> tuple[list[Finding], tuple[Held, ...]]:
    """Errors that stop, and episodes that are not live yet whose errors hold them back alone."""
    ignore = (*order.ignore, *guard.GUARDS)  # they are asked of the target itself, later
    found = lint_show(show, now=now, skip=skip, ignore=ignore).findings
    errors = [f for f in found if f.severity is Severity.ERROR]
    new = {e.slug: e for e in show.episodes if e.guid not in live_guids}
    held = {
        f.episode: Held(
            slug=f.episode,
            published=new[f.episode].published,
            reason=f"{f.code} {f.message}",
        )
        for f in reversed(errors)
        if f.episode in new
    }
    everything_new = len(held) == len(
        [e for e in show.episodes if e.status(now) is Status.PUBLISHED]
    )
    if errors and everything_new and not live_guids:
        return errors, ()
    return [f for f in errors if f.episode not in held], tuple(held.values())


def _execute(
    show: OpenShow,
    target: Target,
    order: PublishOrder,
    report: PublishReport,
    before: Mapping[str, Mapping[str, bytes]],
    progress: Progress,
) -> PublishReport:
    """Send stage by stage; a stage that fails ends it, so a feed never names what is not there.

    Nor does a feed take the place of another one than those `before`, which the guards have seen.
    """
    target.sweep()
    done: list[Move] = []
    failed: list[FailedFile] = []
    verified = 0
    for stage in ORDER:
        moves = [m for m in report.plan if m.stage is stage and m.action is Action.PUT]
        if moves and stage is not Stage.MEDIA:
            failed += _came_between(show, target, before)
        for move in moves if not failed else ():
            path = personalise.veil(show, move.path)
            try:
                progress.start(path)
                _send(show, target, move, verify=order.verify)
                verified += order.verify
                done.append(move)
                progress.finish(path, note="sent" + ", verified" * order.verify)
            except Cancelled:
                raise
            except PodkitError as error:
                progress.finish(path, note="failed")
                failed.append(FailedFile.of(move.path, error))
        if failed:
            break
    return replace(report, done=tuple(done), failed=tuple(failed), verified=verified)


def _came_between(
    show: OpenShow, target: Target, before: Mapping[str, Mapping[str, bytes]]
) -> list[FailedFile]:
    """Feeds that somebody else has published since they were looked at."""
    try:
        now = live.sheets(show, target)
    except PodkitError as error:
        return [FailedFile.of(target.url, error)]
    other = {name: {*sheets.items()} ^ {*now[name].items()} for name, sheets in before.items()}
    paths = sorted({path for changed in other.values() for path, _ in changed})
    why = TryAgainError(
        "it was published from elsewhere meanwhile",
        hint="run the same command again: it then compares with what is live now",
    )
    return [FailedFile.of(path, why) for path in paths]


def _send(show: OpenShow, target: Target, move: Move, *, verify: bool) -> None:
    source = show.layout.public / move.path
    own = personalise.veil(show, move.path) != move.path  # a member's: printed again from the rest
    if move.stage is Stage.FEEDS and not own:
        keep_feeds.keep_replaced(show, target, move.path, source)
    suffix = move.path.rsplit(".", 1)[-1]
    target.put(source, move.path, mime=MIME_OF_EXTENSION.get(suffix, "application/octet-stream"))
    stored = target.stat(move.path, with_hash=verify)
    altered = stored is None or stored.bytes != move.bytes
    if altered or (verify and stored is not None and stored.sha256 != move.sha256):
        old = "is still live"
        if move.stage is Stage.FEEDS:
            old = f"lies in {show.layout.shown(show.layout.trash)}/feeds/"
        raise TargetError(
            "the target does not hold the bytes that it was given",
            where=move.path,
            hint=f"run the same command again; the old feed {old}",
        )


def _dry_run(show: OpenShow, target: Target, order: PublishOrder, now: datetime) -> PublishReport:
    """The plan against public/ as it is; what a build would change first is said by `build -n`."""
    skip = skipped(show, order.skip)
    guids = keep_feeds.live_guids(show, target)
    bad, held_by_lint = _lint(show, order, now, guids, skip)
    skip |= {one.slug for one in held_by_lint}
    made = assemble(show, now=now, site=order.site, skip=skip, dry_run=True)
    if order.build:
        seen = without_unfit(
            show, lambda out: as_would_be_built(show, target, out, now=now), guids, skip, now=now
        )
        bad = [f for f in bad if f.code != _EMPTY or not seen.coming]
    else:
        seen = as_built(show, target, made.held)
    seen = replace(seen, held=(*seen.held, *held_by_lint))
    held = tuple(h for h in seen.held if show.episode(h.slug).guid not in seen.coming)
    if not order.allow_removal and not any(live.sheets(show, target).values()):
        refuse_lost(show, held, now=now)
    allowed = replace(_allowed(show, order, seen.held), coming=seen.coming)
    proven = None if order.build else seen.plan
    found = guard.examine(show, target, seen.feeds, proven, allowed, wrong=seen.wrong, now=now)
    refuse_untold(seen.wrong, found)
    report = PublishReport(
        target=target.url,
        plan=seen.plan,
        held=held,
        previous=live.feed_sha256(show, target),
        next_due=release.next_due(show.podcast, show.episodes, now),
        findings=(*bad, *found),
        left_out=() if order.build else foreign(show),
    )
    return _veiled(show, report)

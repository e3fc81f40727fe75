"""`podkit lint --fix`: what is safe to write otherwise in the show's own records, and how it is written.

Media, pictures, GUIDs of episodes and everything that only a person can decide stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podkit import files
from podkit.errors import PodkitError, UsageError
from podkit.feed.mend import read_leniently
from podkit.formats import cue_order
from podkit.formats import transcripts as transcript_formats
from podkit.model import address
from podkit.model.identity import podcast_guid
from podkit.model.plan import Change
from podkit.model.progress import QUIET, Progress
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.rules.mends import mendings
from podkit.rules.rule import RULES, Material, in_order, matching
from podkit.steps import keep_feeds
from podkit.steps.companions import main_master
from podkit.steps.lint import LintOrder, lint
from podkit.steps.lint_findings import settings_of
from podkit.steps.open_show import OpenShow, open_show
from podkit.workspace import editing, episode_file, show_file
from podkit.workspace.faults import dotted, parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from podkit.model.episode import Episode
    from podkit.model.finding import Finding
    from podkit.model.plan import FailedFile
    from podkit.rules.rule import Rule
    from podkit.workspace.lines import KeyPath

_SORTED: Final = frozenset(["vtt", "srt"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """One thing that was mended, or would be: `key` in the file, empty for the file as a whole."""

    code: str
    rule: str
    path: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfixed:
    """Rules that still find something, and why `--fix` leaves that to a person."""

    code: str
    rule: str
    findings: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What was mended; `lines` show before and after as diff does, file by file."""

    fixed: tuple[Fixed, ...] = ()
    plan: tuple[Change, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    path: Path
    before: str
    after: str
    fixed: tuple[Fixed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixReport:
    """What was mended, and what lint finds then; in a dry run what would be, and nothing found."""

    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    unfixed: tuple[Unfixed, ...] = ()
    plan: tuple[Change, ...] = field(default=(), repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)


def lint_fixed(
    show: OpenShow | None,
    order: LintOrder,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> FixReport:
    """Mend what is safe, then ask every rule about the show as it is now.

    Raises:
        UsageError: an unknown rule, no show, or something else than the show is named.
        RecordError: a record has faults; nothing was changed.
        LockedError: another run is writing.
        FileError: a file cannot be written; every file is the old or the new one.
    """
    if order.subjects:
        other = order.subjects[0]
        raise UsageError(
            f"--fix mends the records of your own show, and {other} is not one of them",
            hint=f"podkit lint {other} says what is wrong; whoever makes it has to mend it",
        )
    if show is None:
        raise UsageError("there is no show here", hint="go to its folder, or name it with -C DIR")
    mended = mend(show, select=order.select, ignore=order.ignore, dry_run=dry_run)
    if dry_run:
        return FixReport(fixed=mended.fixed, plan=mended.plan, lines=mended.lines)
    fresh = open_show(show.layout.root) if mended.fixed else show
    found = lint(fresh, order, now=now, progress=progress)
    return FixReport(
        findings=found.findings,
        counts=found.counts,
        skipped=found.skipped,
        failed=found.failed,
        fixed=mended.fixed,
        unfixed=unfixed(found.findings),
        lines=mended.lines,
    )


def mend(
    show: OpenShow,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    dry_run: bool = False,
) -> Mended:
    """Mend what is safe in podkit.toml, in the episodes' records, and in transcripts beside them.

    Every new text is checked before the first is written; each file is then replaced in one step.

    Args:
        show: the open show.
        select: codes or names to mend for; empty takes all.
        ignore: those to leave out, as those that podkit.toml ignores are.
        dry_run: only say what would change.

    Raises:
        UsageError: an unknown rule.
        RecordError: a record has faults, or would have them; nothing was changed.
        LockedError: another run is writing.
        FileError: a file cannot be written; every file is the old or the new one.
    """
    codes = _codes(select, (*ignore, *settings_of(show).ignore))
    if dry_run:
        return _mended(show, list(_edits(show, codes)))
    with files.lock(show.layout.lock):
        edits = list(_edits(show, codes))
        for edit in edits:
            files.sweep(edit.path.parent)
            files.write(edit.path, edit.after.encode())
    return _mended(show, edits)


def unfixed(findings: Sequence[Finding]) -> tuple[Unfixed, ...]:
    """Why what is still found was not mended, rule by rule."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return tuple(
        Unfixed(code=code, rule=RULES.get(code).name, findings=n, reason=_reason(RULES.get(code)))
        for code, n in sorted(counts.items())
    )


def _reason(rule: Rule) -> str:
    if rule.live or rule.needs is Material.SERVER:
        return "it is the server that has to answer otherwise"
    if rule.needs is Material.MEDIA:
        return "media is never touched: podkit transcode EPISODE --refresh makes it anew"
    if rule.needs is Material.ARTWORK or rule.code.startswith("PK5"):
        return "pictures are never touched: give the show or the episode another file"
    if rule.needs in {Material.RELEASE, Material.TARGET, Material.ADDRESSES}:
        return "only you know whether the change is meant"
    if rule.fixable:
        return "it can be meant in more than one way"
    return "only you know what is right"


def _codes(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    wanted = frozenset(rule.code for rule in in_order() if rule.fixable)
    if select:
        wanted &= frozenset[str]().union(*(matching(word) for word in select))
    return wanted - frozenset[str]().union(*(matching(word) for word in ignore))


def _edits(show: OpenShow, codes: frozenset[str]) -> Iterator[_Edit]:
    edit = _show_edit(show, codes)
    if edit is not None:
        yield edit
    for episode in show.episodes:
        own = codes - frozenset[str]().union(*(matching(word) for word in episode.lint_ignore))
        edit = _episode_edit(show, episode, own)
        if edit is not None:
            yield edit
        if "PK744" in own:
            yield from _transcript_edits(show, episode)


def _show_edit(show: OpenShow, codes: frozenset[str]) -> _Edit | None:
    path = show.layout.show_file
    where = show.layout.shown(path)
    before = read_text(path, where)
    tables = parse_toml(before, where)
    found = list(mendings(tables, of_show=True, codes=codes))
    changes: dict[KeyPath, str] = {m.key: m.after for m in found}
    new = {}
    if "PK220" in codes and not tables["show"].get("guid") and (guid := _show_guid(show)):
        new["show.guid"] = guid
    fixed = [_fixed(m.code, where, dotted(m.key), m.before, m.after) for m in found]
    fixed += [_fixed("PK220", where, key, "", guid) for key, guid in new.items()]
    if new and "guid" in tables["show"]:  # there, and empty
        changes["show", "guid"] = new.pop("show.guid")
    after = editing.rewritten(before, changes, new)
    show_file.parse(after, show.layout)
    return _Edit(path=path, before=before, after=after, fixed=tuple(fixed)) if fixed else None


def _show_guid(show: OpenShow) -> str:
    """The GUID that the show is live with, else the one that its feed's address gives; else none."""
    first = next(iter(show.podcast.feeds.values()))
    live = keep_feeds.remembered(show, first, keep_feeds.usual_target(show))
    for content in live.values():
        try:
            if known := read_leniently(content)[0].guid:
                return known
        except PodkitError:
            continue
    url = address.feed_url(show.podcast, first)
    return podcast_guid(url) if is_safe_url(url, MEDIA_SCHEMES) else ""


def _episode_edit(show: OpenShow, episode: Episode, codes: frozenset[str]) -> _Edit | None:
    path = show.layout.record(episode.slug)
    where = show.layout.shown(path)
    before = read_text(path, where)
    found = list(mendings(parse_toml(before, where), of_show=False, codes=codes))
    if not found:
        return None
    after = editing.rewritten(before, {m.key: m.after for m in found}, {})
    episode_file.parse(after, show.layout, episode.slug, podcast=show.podcast)
    fixed = tuple(_fixed(m.code, where, dotted(m.key), m.before, m.after) for m in found)
    return _Edit(path=path, before=before, after=after, fixed=fixed)


def _transcript_edits(show: OpenShow, episode: Episode) -> Iterator[_Edit]:
    master = main_master(episode)
    for transcript in master.transcripts if master is not None else ():
        path = show.layout.file(episode.slug, transcript.file)
        where = show.layout.shown(path)
        try:
            before = read_text(path, where)
            kind = transcript_formats.detect(path.name, before)
            after = cue_order.in_order(before, kind) if kind in _SORTED else before
        except PodkitError:
            continue  # lint says what is wrong with it
        if after != before:
            said = ("cues out of order", "cues in the order of their times")
            yield _Edit(
                path=path, before=before, after=after, fixed=(_fixed("PK744", where, "", *said),)
            )


def _fixed(code: str, path: str, key: str, before: str, after: str) -> Fixed:
    return Fixed(
        code=code, rule=RULES.get(code).name, path=path, key=key, before=before, after=after
    )


def _mended(show: OpenShow, edits: Sequence[_Edit]) -> Mended:
    fixed = tuple(one for edit in edits for one in edit.fixed)
    lines: list[str] = []
    for edit in edits:
        name = show.layout.shown(edit.path)
        both = (edit.before.splitlines(), edit.after.splitlines())
        lines += unified_diff(*both, fromfile=name, tofile=name, n=1, lineterm="")
    plan = tuple(
        Change(
            action="fix",
            subject=f"{one.path} {one.key}".strip(),
            detail=f"{one.code}: {one.before!r} → {one.after!r}",
        )
        for one in fixed
    )
    return Mended(fixed=fixed, plan=plan, lines=tuple(lines))

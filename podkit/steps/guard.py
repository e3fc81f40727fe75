"""What publishing may not do to those who follow the live feed: rules PK304 and PK901 to PK910.

`publish` asks of the feeds that it is about to send and refuses on an error; `lint` asks of what
was published last; `diff` of whatever live feed it is given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from podkit.errors import FindingsError, PodkitError
from podkit.feed.positions import read_document
from podkit.feed.read import from_xml
from podkit.model import address
from podkit.model.comparison import Comparison, compare
from podkit.model.episode import RemoteEnclosure, Status
from podkit.model.finding import Severity
from podkit.model.plan import Action, Stage
from podkit.rules.check import check
from podkit.rules.release import Lack, Release
from podkit.rules.subject import Subject
from podkit.steps import keep_feeds, ready
from podkit.steps.compose import held_back
from podkit.steps.lint_findings import settings_of
from podkit.steps.live import aged_out
from podkit.steps.live_spec import joined, spec_of
from podkit.steps.paginate import sheets_of
from podkit.steps.personalise import as_example, example, veil

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from podkit.model.finding import Finding
    from podkit.model.plan import Move
    from podkit.model.show import Feed, Podcast
    from podkit.steps.compose import Held
    from podkit.steps.open_show import OpenShow
    from podkit.steps.prove import Unfit
    from podkit.steps.ready import Gathered
    from podkit.targets.target import Target

NEVER_IGNORED: Final = ("PK901", "PK902", "PK903")
"""What no setting and no option can switch off."""
GUARDS: Final = (*NEVER_IGNORED, "PK304", "PK905", "PK906", "PK908", "PK910")

LAST: Final = "the feed that was published last"

_SAID: Final = 10
"""So many errors are told where there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardOrder:
    """What publishing was asked, as far as the guards are concerned.

    `held` is why episodes are left out, by GUID; `coming` are those that only wait for a build.
    """

    ignore: tuple[str, ...] = ()
    removal: bool = False
    held: Mapping[str, str] = field(default_factory=dict)
    coming: frozenset[str] = frozenset()


def reasons(show: OpenShow, held: Sequence[Held]) -> dict[str, str]:
    """Why episodes are held back, by GUID."""
    guids = {episode.slug: episode.guid for episode in show.episodes}
    return {guids[one.slug]: one.reason for one in reversed(held) if one.slug in guids}


def coming(show: OpenShow, gathered: Gathered, *, now: datetime) -> frozenset[str]:
    """The GUIDs of episodes that are due and sound, and that a build has yet to make files of."""
    held = held_back(show.podcast, gathered.ready, now=now)
    due = {e.slug: e.guid for e in show.episodes if e.status(now) is Status.PUBLISHED}
    return frozenset(due[one.slug] for one in held if one.slug in due)


def release(
    show: OpenShow,
    feed: Feed,
    live: Mapping[str, bytes],
    built: Mapping[str, bytes],
    *,
    where: str,
    order: GuardOrder,
    fallback: Mapping[str, bytes] | None = None,
) -> Release:
    """What would change for those who follow a feed.

    Args:
        show: the show as it stands.
        feed: the table of the feed.
        live: the sheets that the world reads, by path.
        built: the sheets that shall take their place.
        where: what the live feed is called.
        order: what a person allowed, and what is held back.
        fallback: what was published last, where the live sheets are gone or cannot be read whole.
    """
    if not live and fallback:
        live, fallback, where = fallback, None, LAST
    if not live:
        return Release(live="")
    if dict(live) == dict(built):
        return Release(live=where, comparison=Comparison(same=True))
    then, unreadable = spec_of(built)
    now_live, fault = spec_of(live)
    known, unknown = spec_of(fallback or {}) if fault else (None, "")
    now_live = joined(now_live, known)
    if now_live is None or then is None:
        return Release(live=where, unreadable=fault or unreadable, removal=order.removal)
    comparison = compare(now_live, then)
    return Release(
        live=where,
        comparison=comparison,
        unreadable=fault if unknown else "",
        aged=frozenset(aged_out(show, feed, then.items)) | order.coming,
        removal=order.removal,
        held=order.held,
        other_bytes=comparison.same and not fault,
    )


def since_last_published(
    show: OpenShow,
    built: Mapping[str, Mapping[str, bytes]],
    gathered: Gathered,
    *,
    now: datetime,
) -> dict[str, Release]:
    """What publishing to the usual target would change, by feed, as far as this folder remembers."""
    url = keep_feeds.usual_target(show)
    held = reasons(show, ready.held(show, gathered, now=now))
    order = GuardOrder(held=held, coming=coming(show, gathered, now=now))
    found = {}
    for name, sheets in built.items():
        feed = show.podcast.feeds[name]
        known = keep_feeds.remembered(show, feed, url) if url else {}
        if known:
            own = as_example(show, name, sheets)
            found[name] = release(show, feed, known, own, where=LAST, order=order)
    return found


def findings(
    show: OpenShow,
    feed: Feed,
    built: Mapping[str, bytes],
    facts: Release,
    *,
    ignore: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """What the guards find, each place once; what may never be ignored is not."""
    found: dict[Finding, None] = {}
    own = settings_of(show)
    strict = tuple(replace(episode, lint_ignore=()) for episode in show.episodes)
    for number, (path, content) in enumerate(built.items(), 1):
        subject = replace(_sheet(show, feed, number, path, content), release=facts)
        hard = check(replace(subject, episodes=strict), select=NEVER_IGNORED).findings
        soft = check(
            subject,
            select=GUARDS,
            ignore=(*NEVER_IGNORED, *ignore, *own.ignore),
            severity=own.severity,
        ).findings
        # What is said of the channel is said of each sheet; once is enough.
        found |= dict.fromkeys(f for f in (*hard, *soft) if number == 1 or f.episode)
    return tuple(found)


def _sheet(show: OpenShow, feed: Feed, number: int, path: str, content: bytes) -> Subject:
    """One sheet of a feed, counted from 1, as the rules see it."""
    return Subject(
        name=f"public/{veil(show, path)}",
        document=read_document(content),
        podcast=show.podcast,
        episodes=show.episodes,
        own=True,
        feed_url=address.sheet_url(show.podcast, feed, number),
    )


def examine(
    show: OpenShow,
    target: Target,
    built: Mapping[str, Mapping[str, bytes]],
    plan: Sequence[Move] | None,
    order: GuardOrder,
    *,
    wrong: Sequence[Unfit],
    now: datetime,
) -> tuple[Finding, ...]:
    """What the guards find in the feeds that are about to be sent.

    Args:
        show: the show as it was built.
        target: where they are sent.
        built: the sheets of each feed, by its name.
        plan: what is going to be sent and what is there; None when nothing was built yet.
        order: what a person allowed, and what is held back.
        wrong: media that cannot be sent as it was made.
        now: what is due is judged by it.
    """
    found: list[Finding] = []
    for name, sheets in built.items():
        feed = example(show, show.podcast.feeds[name])
        live = sheets_of(feed, target.read)
        known = keep_feeds.remembered(show, feed, target.url)
        facts = release(show, feed, live, sheets, where=target.url, order=order, fallback=known)
        if facts.comparison is not None:
            facts = replace(facts, answers=_answers(show.podcast, target, facts.comparison))
        if plan is not None:
            facts = replace(
                facts,
                lacks=(*_lacks(show, target, sheets, plan), *_unfit(show, sheets, wrong)),
                faults=tuple(_faults(show, feed, sheets, live, plan, order, now)),
            )
        elif wrong:
            facts = replace(facts, lacks=tuple(_unfit(show, sheets, wrong)), faults=())
        found += findings(show, feed, sheets, facts, ignore=order.ignore)
    return tuple(found)


def refuse_errors(found: Sequence[Finding]) -> None:
    """Stop where a guard has found an error.

    Raises:
        FindingsError: the first of them, and how many there are.
    """
    bad = [finding for finding in found if finding.severity is Severity.ERROR]
    if not bad:
        return
    count = f"{len(bad)} error{'s' * (len(bad) > 1)}"
    more = [f"and {len(bad) - _SAID} more"] * (len(bad) > _SAID)
    told = [f"{f.code} {f.episode or f.subject}: {f.message}" for f in bad[:_SAID]]
    hints = dict.fromkeys(f.hint for f in bad if f.hint)
    raise FindingsError(
        "\n".join([f"{count} in what would be published", *told, *more]),
        hint="\n".join([*list(hints)[:3], "nothing was sent"]),
    )


def _media_path(podcast: Podcast, url: str) -> str:
    """The path in public/ of media that the show itself serves, whatever stands before its address."""
    base = address.media_base(podcast).partition("://")[2]
    if not base or base not in url:
        return ""
    name = unquote(url.partition(base)[2].partition("?")[0])
    return f"{address.MEDIA_FOLDER}/{name}" if name else ""


def _answers(podcast: Podcast, target: Target, comparison: Comparison) -> dict[str, bool]:
    """Whether the target still holds what changed audio was called before."""
    old = [c.live for c in comparison.changed if c.guid and c.field == "enclosure.url" and c.live]
    paths = {url: path for url in old if (path := _media_path(podcast, url))}
    return {url: target.stat(path) is not None for url, path in paths.items()}


def _lacks(
    show: OpenShow, target: Target, sheets: Mapping[str, bytes], plan: Sequence[Move]
) -> Iterator[Lack]:
    """Files of the show's own that the feed names and that no step of the plan brings or keeps."""
    there = {move.path: move.bytes for move in plan if move.action is not Action.DELETE}
    elsewhere = {e.enclosure.url for e in show.episodes if isinstance(e.enclosure, RemoteEnclosure)}
    for url, length in _files_named(sheets):
        path = _media_path(show.podcast, url)
        if not path or url in elsewhere:
            continue
        if path not in there and (stored := target.stat(path)) is not None:
            there[path] = stored.bytes
        if path not in there:
            yield Lack(url=url, why="neither this machine nor the target holds it")
        elif length and there[path] not in {None, length}:
            yield Lack(url=url, why=f"it has {there[path]} bytes, the feed says {length}")


def _unfit(show: OpenShow, sheets: Mapping[str, bytes], wrong: Sequence[Unfit]) -> Iterator[Lack]:
    """Files that the feed names and that are, they or their parts, not as they were made."""
    for url, _ in _files_named(sheets) if wrong else ():
        name = _media_path(show.podcast, url).removeprefix(f"{address.MEDIA_FOLDER}/")
        for one in (one for one in wrong if one.rendition == name):
            yield Lack(url=url, why=one.why, hint=one.hint, harmless=one.kept)


def _files_named(sheets: Mapping[str, bytes]) -> Iterator[tuple[str, int]]:
    """Every address of audio and video in a feed with its length in bytes; 0 where it has none."""
    spec, _ = spec_of(sheets)
    for item in spec.items if spec is not None else ():
        if item.enclosure is not None:
            yield item.enclosure.url, item.enclosure.length
        for other in item.alternates:
            for source in other.sources:  # the length of a playlist is that of all it names
                playlist = source.uri.endswith(".m3u8")
                yield source.uri, 0 if playlist else other.length or 0


def _faults(
    show: OpenShow,
    feed: Feed,
    sheets: Mapping[str, bytes],
    live: Mapping[str, bytes],
    plan: Sequence[Move],
    order: GuardOrder,
    now: datetime,
) -> Iterator[str]:
    """Why a sheet that is going to be sent may not take the place of the one that is live."""
    sent = {m.path: m for m in plan if m.stage is Stage.FEEDS and m.action is Action.PUT}
    own = settings_of(show)
    for number, (path, content) in enumerate(sheets.items(), 1):
        if path not in sent or live.get(path) == content:
            continue
        if hashlib.sha256(content).hexdigest() != sent[path].sha256:
            yield f"{veil(show, path)} changed while it was looked at"
            continue
        try:
            from_xml(content)
        except PodkitError as error:
            yield f"{veil(show, path)} cannot be read again: {error.message}"
            continue
        subject = replace(_sheet(show, feed, number, path, content), now=now)
        ignore = (*order.ignore, *own.ignore)
        found = check(subject, ignore=ignore, severity=own.severity).findings
        for one in (f for f in found if f.severity is Severity.ERROR):
            about = f" ({one.episode})" if one.episode else ""
            yield f"{veil(show, path)}: {one.code}{about} {one.message}"

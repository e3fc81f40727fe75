"""Who hears the members' feeds: adding, revoking, listing; secrets are drawn here and nowhere else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from podkit import files
from podkit.errors import UsageError
from podkit.model import address
from podkit.model.member import Member, is_for_members, with_token
from podkit.model.plan import Change
from podkit.model.text import clean_line
from podkit.registry import did_you_mean
from podkit.workspace import members_file
from podkit.workspace.layout import MEMBERS_FILE
from podkit.workspace.slugs import free_slug, slug_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from podkit.steps.open_show import OpenShow

_BYTES: Final = 20
"""160 bits, as 40 hexadecimal digits: they survive file systems that do not tell A from a."""

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One member in a report; `urls` by feed, None where they were not asked for: they are secret."""

    id: str
    label: str
    feeds: tuple[str, ...]
    added: datetime | None
    revoked: datetime | None
    urls: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersReport:
    """The members that were asked for, added or revoked; `skipped` had been revoked before."""

    members: tuple[Subscription, ...] = ()
    skipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    plan: tuple[Change, ...] = field(default=())


def list_members(show: OpenShow, *, urls: bool = False) -> MembersReport:
    """Everybody in members.toml; with their secret addresses only when these are asked for."""
    found = tuple(_told(show, member, urls=urls) for member in show.members)
    return MembersReport(members=found, warnings=_warnings(show))


def add_members(
    show: OpenShow,
    labels: Sequence[str],
    *,
    feeds: Sequence[str] = (),
    now: datetime,
    dry_run: bool = False,
) -> MembersReport:
    """Give each of some people an address of their own for the members' feeds.

    Args:
        show: the open show.
        labels: how the publisher calls them: a name, an address, a number.
        feeds: names of feeds; none: all that are for members, also future ones.
        now: when they joined.
        dry_run: only say what would be done.

    Raises:
        UsageError: no feed is for members, none has that name, or somebody is a member already.
        LockedError: another run is writing.
        FileError: members.toml cannot be written; it is what it was.
    """
    _check_feeds(show, feeds)
    if dry_run:
        return _added(show, _new(show.members, labels, feeds, now), dry_run=True)
    with files.lock(show.layout.lock):
        there = members_file.load(show.layout, show.podcast)
        new = _new(there, labels, feeds, now)
        files.sweep(show.layout.root)
        ignored = members_file.ignore(show.layout)
        members_file.save(show.layout, new, show.podcast)
    report = _added(show, new)
    why = (".gitignore leaves members.toml alone now",) if ignored else ()
    return replace(report, warnings=(*why, *_warnings(show)))


def _added(show: OpenShow, new: Sequence[Member], *, dry_run: bool = False) -> MembersReport:
    plan = tuple(Change(action="add", subject=one.id, detail=one.label) for one in new)
    told = () if dry_run else tuple(_told(show, member, urls=True) for member in new)
    return MembersReport(members=told, plan=plan)


def _new(
    there: Sequence[Member], labels: Sequence[str], feeds: Sequence[str], now: datetime
) -> list[Member]:
    if not labels:
        raise UsageError("nobody is named", hint='podkit members add "Anna Koval"')
    new: list[Member] = []
    for label in map(clean_line, labels):
        if not label or len(label) > _LONGEST:
            raise UsageError(
                "a member's label has 1 to 200 characters", hint="a name, or an address"
            )
        known = [m for m in (*there, *new) if m.label == label and not m.revoked]
        if known:
            raise UsageError(
                f"{label!r} is a member already: {known[0].id}",
                hint="podkit members list --urls shows the address",
            )
        slug = free_slug(slug_for(label, fallback="member"), [m.id for m in (*there, *new)])
        token = secrets.token_hex(_BYTES)
        moment = now.replace(microsecond=0)
        new.append(Member(id=slug, token=token, label=label, feeds=tuple(feeds), added=moment))
    return new


def revoke_members(
    show: OpenShow, words: Sequence[str], *, now: datetime, dry_run: bool = False
) -> MembersReport:
    """End the subscription of some members: with the next publishing their feeds say so and are empty.

    Args:
        show: the open show.
        words: ids or labels.
        now: when it ends.
        dry_run: only say what would be done.

    Raises:
        UsageError: a word means nobody, or several people.
        LockedError: another run is writing.
        FileError: members.toml cannot be written; it is what it was.
    """
    if dry_run:
        return _revoked(show, _meant(show.members, words), now)
    with files.lock(show.layout.lock):
        meant = _meant(members_file.load(show.layout, show.podcast), words)
        ended = [replace(m, revoked=now.replace(microsecond=0)) for m in meant if not m.revoked]
        if ended:
            files.sweep(show.layout.root)
            members_file.save(show.layout, ended, show.podcast)
    return replace(_revoked(show, meant, now), warnings=_warnings(show))


def _revoked(show: OpenShow, meant: Sequence[Member], now: datetime) -> MembersReport:
    ended = [replace(m, revoked=now.replace(microsecond=0)) for m in meant if not m.revoked]
    return MembersReport(
        members=tuple(_told(show, member) for member in ended),
        skipped=tuple(m.id for m in meant if m.revoked),
        plan=tuple(Change(action="revoke", subject=m.id, detail=m.label) for m in ended),
    )


def _meant(there: Sequence[Member], words: Sequence[str]) -> list[Member]:
    if not words:
        raise UsageError("nobody is named", hint="podkit members revoke ID")
    chosen: dict[str, Member] = {}
    for word in words:
        found = [m for m in there if m.id == word] or [m for m in there if m.label == word]
        if len(found) > 1:
            found = [m for m in found if not m.revoked] or found[-1:]
        if not found:
            known = [m.id for m in there]
            near = did_you_mean(word, known)
            hint = near if near.startswith("did") else "podkit members list shows them"
            raise UsageError(f"{word!r} is no member", hint=hint)
        chosen |= {m.id: m for m in found}
    return list(chosen.values())


def _check_feeds(show: OpenShow, feeds: Iterable[str]) -> None:
    known = [name for name, feed in show.podcast.feeds.items() if is_for_members(feed)]
    if not known:
        raise UsageError(
            "no feed of this show is for members",
            hint='write [feeds.members] in podkit.toml, with path = "members/{token}.xml" '
            "and private = true",
        )
    for name in feeds:
        if name not in known:
            raise UsageError(f"{name!r} is no feed for members", hint=did_you_mean(name, known))


def _told(show: OpenShow, member: Member, *, urls: bool = False) -> Subscription:
    feeds = {
        name: feed
        for name, feed in show.podcast.feeds.items()
        if is_for_members(feed) and member.hears(name)
    }
    return Subscription(
        id=member.id,
        label=member.label,
        feeds=tuple(feeds),
        added=member.added,
        revoked=member.revoked,
        urls={
            name: address.feed_url(show.podcast, with_token(feed, member.token))
            for name, feed in feeds.items()
        }
        if urls
        else None,
    )


def _warnings(show: OpenShow) -> tuple[str, ...]:
    if not members_file.is_open(show.layout):
        return ()
    return (f"other users of this machine can read {MEMBERS_FILE}: chmod 600 {MEMBERS_FILE}",)

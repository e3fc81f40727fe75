"""The whole show as it stands on disk, and which episodes a word on the command line means."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from podkit.errors import FileError, PodkitError, RecordError, UsageError
from podkit.model.episode import Episode, Status
from podkit.model.member import Member
from podkit.model.rendition import Rendition
from podkit.model.show import Podcast
from podkit.registry import did_you_mean
from podkit.share import shared
from podkit.workspace import episode_file, members_file, renditions_file, show_file
from podkit.workspace.faults import Fault, parse_toml, record_error, together
from podkit.workspace.layout import RECORD_FILE, Layout
from podkit.workspace.packing import packed, unpacked

_READINGS: Final = 5
"""So often the folder is read again when an episode came, went or was renamed meanwhile."""

_SEASON_AND_NUMBER: Final = re.compile(r"s(\d+)e(\d+(?:\.\d+)?)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"#(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShow:
    """A show as read from disk: `episodes` newest first (undated ones lead), renditions by slug.

    `renditions` has an entry for every episode, by preset.
    """

    layout: Layout
    podcast: Podcast
    episodes: tuple[Episode, ...]
    renditions: Mapping[str, Mapping[str, Rendition]]
    members: tuple[Member, ...] = ()
    _by_slug: dict[str, Episode] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def zone(self) -> tzinfo:
        """The show's time zone."""
        return show_file.zone_of(self.podcast)

    def episode(self, slug: str) -> Episode:
        """The episode of that slug.

        Raises:
            UsageError: there is none.
        """
        if (found := self.known(slug)) is None:
            raise _no_such(slug, self)
        return found

    def known(self, slug: str) -> Episode | None:
        """The episode of that slug, if there is one."""
        if not self._by_slug:
            self._by_slug.update((episode.slug, episode) for episode in self.episodes)
        return self._by_slug.get(slug)


def open_show(start: Path) -> OpenShow:
    """Read the show that `start` lies in, whole.

    Raises:
        UsageError: there is no show.
        RecordError: all faults of podkit.toml, or of members.toml; or, that being right, of all episodes.
        FileError: something cannot be read.
    """
    layout = Layout.find(start)
    podcast = show_file.load(layout)
    members = members_file.load(layout, podcast)
    for _ in range(_READINGS):
        errors: list[RecordError] = []
        slugs = slugs_in(layout, errors)
        parse = functools.partial(_parsed, layout)
        parsed = shared(parse, slugs, pack=packed, unpack=unpacked)
        read = [
            _made(layout, slug, podcast, tables) or _read(layout, slug, podcast, errors)
            for slug, tables in zip(slugs, parsed, strict=True)
        ]
        if slugs_in(layout, []) == slugs and None not in read:
            break
    if errors:
        raise together(errors)
    there = [pair for pair in read if pair]
    return OpenShow(
        layout=layout,
        podcast=podcast,
        episodes=newest_first([episode for episode, _ in there]),
        renditions={episode.slug: made for episode, made in there},
        members=members,
    )


def _parsed(layout: Layout, slug: str) -> list[Any] | None:
    """The tables of an episode's record, its notes, the tables of its renditions; None: see `_read`."""
    try:
        text, notes = episode_file.read(layout, slug)
        made = renditions_file.read(layout.place(slug, renditions_file.NAME), "")
        return [parse_toml(text, ""), notes, parse_toml(made, "") if made else {}]
    except PodkitError:
        return None


def _made(
    layout: Layout, slug: str, podcast: Podcast, parsed: list[Any] | None
) -> tuple[Episode, dict[str, Rendition]] | None:
    """What the tables stand for, if nothing is wrong with them."""
    if parsed is None:
        return None
    tables, notes, made = parsed
    with suppress(RecordError):
        episode = episode_file.from_tables(tables, layout, slug, podcast=podcast, notes=notes)
        return episode, renditions_file.from_tables(made, slug)
    return None


def _read(
    layout: Layout, slug: str, podcast: Podcast, errors: list[RecordError]
) -> tuple[Episode, dict[str, Rendition]] | tuple[()] | None:
    """An episode with its renditions, nothing when it has faults, None when it has just gone."""
    where = f"episodes/{slug}/{renditions_file.NAME}"
    try:
        episode = episode_file.load(layout, slug, podcast=podcast)
        return episode, renditions_file.load(layout.renditions(slug), where=where)
    except RecordError as error:
        errors.append(error)
        return ()
    except FileError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise


def slugs_in(layout: Layout, errors: list[RecordError]) -> list[str]:
    """The names of folders in episodes/ that hold a record; links that lead out are faults."""
    found = []
    try:
        entries = sorted(os.scandir(layout.episodes), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    root = os.path.realpath(layout.root)
    for entry in entries:
        if entry.name.startswith(".") or not os.path.lexists(os.path.join(entry.path, RECORD_FILE)):
            continue
        if entry.is_symlink() and not os.path.realpath(entry.path).startswith(root + os.sep):
            fault = Fault(key=(), message="the link leads out of the show's folder")
            errors.append(record_error(f"episodes/{entry.name}", [fault]))
            continue
        found.append(entry.name)
    return found


def newest_first(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    """By date, newest first; undated drafts lead; those of one moment by slug."""
    by_slug = sorted(episodes, key=lambda e: e.slug)
    undated = [e for e in by_slug if e.published is None]
    dated = [(e.published, e) for e in by_slug if e.published is not None]
    return (*undated, *(e for _, e in sorted(dated, key=lambda pair: pair[0], reverse=True)))


def select(
    show: OpenShow,
    words: Sequence[str],
    *,
    where: Sequence[str] = (),
    now: datetime,
    paths: bool = True,
) -> tuple[Episode, ...]:
    """The episodes that words on the command line mean, in their order, each once.

    Args:
        show: the open show.
        words: slugs, GUIDs, `#12`, `s2e5`, `latest`, globs over slugs; none: every episode.
        where: `KEY=VALUE`; an episode must fit all of them.
        now: what `latest` and `status` are judged by.
        paths: whether the command takes paths too, so that a word may be both.

    Raises:
        UsageError: a word means no episode, several where it should mean one, or a file as well.
    """
    conditions = [_condition(text) for text in where]
    chosen: dict[str, Episode] = {}
    for word in words:
        for episode in _meant(show, word, now, paths=paths):
            chosen[episode.slug] = episode
    if not words:
        chosen = {episode.slug: episode for episode in show.episodes}
    return tuple(
        episode
        for episode in chosen.values()
        if all(_fits(episode, key, value, now) for key, value in conditions)
    )


def _meant(show: OpenShow, word: str, now: datetime, *, paths: bool) -> Sequence[Episode]:
    if (exact := show.known(word)) is not None:
        if paths and Path(word).is_file():
            raise UsageError(
                f"{word!r} is an episode and a file in this folder",
                hint=f"write ./{word} for the file, or --where slug={word} for the episode",
            )
        return [exact]
    if by_guid := [e for e in show.episodes if e.guid == word]:
        return _only_one(word, by_guid)
    if word == "latest":
        live = [e for e in show.episodes if e.status(now) is Status.PUBLISHED]
        if not live:
            raise UsageError(
                "there is no latest episode: none is published yet",
                hint="podkit list shows them" if show.episodes else "podkit add FILE makes one",
            )
        return live[:1]
    if (found := _NUMBER.fullmatch(word)) and (
        numbered := [e for e in show.episodes if e.number == float(found[1])]
    ):
        return _only_one(word, numbered)
    if (found := _SEASON_AND_NUMBER.fullmatch(word)) and (
        numbered := [
            e for e in show.episodes if e.season == int(found[1]) and e.number == float(found[2])
        ]
    ):
        return _only_one(word, numbered)
    if any(c in word for c in "*?[") and (
        fitting := [e for e in show.episodes if fnmatchcase(e.slug, word)]
    ):
        return fitting
    raise _no_such(word, show)


def _only_one(word: str, episodes: Sequence[Episode]) -> Sequence[Episode]:
    if len(episodes) > 1:
        names = ", ".join(e.slug for e in episodes)
        raise UsageError(f"{word!r} means several episodes: {names}", hint="name one by its slug")
    return episodes


def _no_such(word: str, show: OpenShow) -> UsageError:
    advice = did_you_mean(word, [e.slug for e in show.episodes])
    if not advice.startswith("did"):
        advice = (
            "podkit list shows them" if show.episodes else "there are none yet: podkit add FILE"
        )
    return UsageError(f"there is no episode {word!r}", hint=advice)


def _condition(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    known = [*(name for name in Episode.__slots__ if name != "notes"), "status"]
    if not equals:
        raise UsageError(f"--where wants KEY=VALUE, not {text!r}", hint="as in --where season=2")
    if key.split(".")[0] not in known:
        raise UsageError(f"unknown key {key!r} in --where", hint=did_you_mean(key, known))
    return key, value


def _fits(episode: Episode, key: str, value: str, now: datetime) -> bool:
    """Whether any spelling of the key's value is `value`, which may be a glob; case does not count."""
    found: Any = episode
    for part in key.split("."):
        if key == "status":
            found = episode.status(now)
        elif isinstance(found, Mapping):
            found = found.get(part)
        else:
            found = getattr(found, part, None)
    wanted = value.casefold()
    return any(fnmatchcase(text.casefold(), wanted) for text in _spellings(found))


def _spellings(value: Any) -> Iterator[str]:
    if value is None or (isinstance(value, tuple | Mapping) and not value):
        yield ""
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, float):
        yield f"{value:g}"
    elif isinstance(value, datetime):
        yield value.isoformat()
        yield f"{value:%Y-%m-%d}"
        yield f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, tuple | Mapping):
        for member in value:
            yield from _spellings(member)
    elif (bare := getattr(value, "BARE", None)) is not None:
        yield from _spellings(getattr(value, bare))
    else:
        yield str(value)

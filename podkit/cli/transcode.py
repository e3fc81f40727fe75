"""`podkit transcode`: episodes or any files, and which of the two a word means."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from podkit import files
from podkit.cli import report as reports
from podkit.cli.options import (
    PATH,
    damaged_option,
    dry_run_option,
    episodes_named,
    jobs_option,
    json_option,
    named,
    where_option,
)
from podkit.cli.probe import loudness_text
from podkit.cli.session import Session
from podkit.cli.terminal import counted, size
from podkit.errors import UsageError
from podkit.model.text import display
from podkit.model.timecode import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from podkit.steps.open_show import OpenShow
    from podkit.steps.stale import TranscodeOrder
    from podkit.steps.transcode_report import TranscodeReport


@named(
    "transcode",
    examples=[
        "podkit transcode",
        "podkit transcode latest -p opus",
        "podkit transcode ./talk.wav -p mp3 -p m4a -o encoded",
        "podkit transcode recordings/ -r --include '*.flac' -j 4 --report jobs.jsonl",
        "podkit transcode ./talk.wav -p mp3 --set bit_rate=96000 -n",
    ],
)
@click.argument("sources", nargs=-1, metavar="[EPISODE|FILE|DIR]...")
@click.option(
    "-p", "--preset", "presets", multiple=True, metavar="NAME", help="What to make; repeatable."
)
@click.option(
    "-o", "--output", type=PATH, metavar="DIR", help="Where files go; default: transcoded."
)
@jobs_option
@click.option(
    "--set", "set", multiple=True, metavar="KEY=VALUE", help="Change a preset's key; repeatable."
)
@click.option(
    "--trim-silence",
    is_flag=True,
    help="Cut off silence at head and tail: --set trim_silence=true.",
)
@click.option(
    "--engine",
    default="local",
    metavar="NAME",
    show_default=True,
    help="Where the work runs.",
)
@click.option("--force", is_flag=True, help="Also what is there already.")
@click.option("--refresh", is_flag=True, help="Also what was published: it gets a new URL.")
@click.option("--tags-only", is_flag=True, help="With --refresh: new tags, the sound as it is.")
@damaged_option
@click.option("-r", "--recursive", is_flag=True, help="Go into folders.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only names like this; repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="No names like this; repeatable.")
@click.option("--files-from", metavar="FILE|-", help="Read paths from a file, one to a line.")
@click.option("--report", "log", type=PATH, metavar="FILE", help="Write a JSON line for each job.")
@where_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    sources: tuple[str, ...],
    where: tuple[str, ...],
    files_from: str | None,
    log: Path | None,
    dry_run: bool,
    trim_silence: bool,
    **given: Any,
) -> int:
    """Encode episodes (none named: all that are stale), or any files and folders.

    Loudness is measured and brought to its target, and every result is decoded to its end before it
    gets its name. A word with a slash, or the name of a file that is there, is a path.
    """
    from podkit.steps.stale import TranscodeOrder

    listed = _listed(session, files_from)
    show = session.show_or_none()
    words, paths = split_sources(session, show, sources, where=bool(where))
    with session.progress() as progress:
        if trim_silence:
            given["set"] = (*given["set"], "trim_silence=true")
        order = TranscodeOrder(**given)
        if paths or files_from is not None:
            chosen = [*paths, *listed]
            report = _files(session, show, chosen, order, dry_run=dry_run, progress=progress)
        else:
            how = {"dry_run": dry_run, "progress": progress}
            report = _episodes(session, show, words, where, order, **how)
    if log is not None and not dry_run:
        files.write(log, _log(report).encode())
    lines = partial(text, verbose=session.verbose)
    return session.emit(report, lines, dry_run=dry_run)


def _files(
    session: Session,
    show: OpenShow | None,
    paths: Sequence[Path],
    order: TranscodeOrder,
    **how: Any,
) -> TranscodeReport:
    from dataclasses import replace

    from podkit.steps.transcode_files import transcode_files

    placed = replace(order, output=order.output or session.path("transcoded"))
    return transcode_files(paths, placed, show=show, **how)


def _episodes(
    session: Session,
    show: OpenShow | None,
    words: Sequence[str],
    where: Sequence[str],
    order: TranscodeOrder,
    **how: Any,
) -> TranscodeReport:
    from podkit.steps.transcode import transcode_episodes

    if order.output is not None:
        raise UsageError(
            "-o is for files", hint="renditions of episodes have their place in the show"
        )
    show = show or session.show()  # which says why there is none
    episodes = episodes_named(session, show, words, where)
    return transcode_episodes(show, episodes, order, **how)


def _listed(session: Session, files_from: str | None) -> list[Path]:
    """The paths that a list names, one to a line; `-` is stdin."""
    if files_from is None:
        return []
    if files_from == "-":
        content = sys.stdin.buffer.read()
    else:
        with files.open_regular(session.path(files_from)) as stream:
            content = stream.read()
    found = (line.removesuffix(b"\r") for line in content.split(b"\n"))
    return [session.path(os.fsdecode(line)) for line in found if line]


def split_sources(
    session: Session, show: OpenShow | None, words: Sequence[str], *, where: bool = False
) -> tuple[list[str], list[Path]]:
    """The words that are episodes, and those that are paths.

    A word with a slash, or one that names something that is there, is a path. So is, outside of any
    show, every word.

    Raises:
        UsageError: a word is both, or the command names both.
    """
    slugs = {episode.slug for episode in show.episodes} if show is not None else set()
    episodes: list[str] = []
    paths: list[Path] = []
    for word in words:
        path = session.path(word)
        is_there = "/" not in word and os.path.lexists(path)
        if is_there and word in slugs and show is not None:
            if not files.same_file(path, show.layout.episode(word)):
                raise UsageError(
                    f"{word!r} is an episode and a file in this folder",
                    hint=f"write ./{word} for the file, --where slug={word} for the episode",
                )
            is_there = False  # we stand in episodes/, and it is the episode's own folder
        if "/" in word or is_there or show is None:
            paths.append(path)
        elif _is_file_name(word) and word not in {episode.guid for episode in show.episodes}:
            raise UsageError(
                f"there is no file {word!r} in this folder, and no such episode",
                hint="podkit list shows the episodes; a file elsewhere is named with its folder",
            )
        else:
            episodes.append(word)
    if paths and (episodes or where):
        raise UsageError(
            "episodes and files in one command", hint="transcode them one after another"
        )
    return episodes, paths


def _is_file_name(word: str) -> bool:
    """Whether the word can only be meant as a file: no slug, number or pattern has a suffix."""
    return bool(Path(word).suffix) and not word.startswith("#") and not set("*?[") & set(word)


def text(report: TranscodeReport, *, verbose: bool = False) -> list[str]:
    """A line for each rendition that was made, and how many needed nothing."""
    lines = []
    for one in report.done:
        loud = loudness_text(one.loudness)
        said = f"{format_duration(one.duration)}, {size(one.bytes)}" + (f", {loud}" if loud else "")
        lines.append(display(f"made {one.output} ({said})"))
        lines += [display(f"     {warning}") for warning in one.warnings]
        if verbose:
            lines += [display(f"     {note}") for note in one.notes]
    if report.skipped:
        lines.append(f"{counted(len(report.skipped), 'rendition')} up to date")
    return lines or ([] if report.failed else ["nothing to do"])


def _log(report: TranscodeReport) -> str:
    parts: dict[str, Iterable[Any]] = {
        "done": report.done,
        "skipped": report.skipped,
        "failed": report.failed,
    }
    return "".join(
        reports.dumps({"result": result} | reports.to_json(one), indent=None) + "\n"
        for result, items in parts.items()
        for one in items
    )

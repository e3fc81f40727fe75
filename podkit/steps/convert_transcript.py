"""A transcript from a file or an episode, moved, with its speakers named, and in another format."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.errors import FormatError, UsageError
from podkit.formats import transcripts as shelf
from podkit.model.plan import Change
from podkit.model.transcript import LONGEST, Cue, Transcript, ended, named, shifted
from podkit.steps.attachments import read_text
from podkit.steps.companions import beside, main_master
from podkit.steps.text_source import TextSource, check_place, format_of, is_media, write_text
from podkit.tags import files as tag_files

if TYPE_CHECKING:
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow

_TIMED = frozenset(["vtt", "srt", "json"])
_REPLACED = frozenset(["vtt", "srt", "json", "html"])  # any prose is a transcript in plain text


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptOrder:
    """What `podkit transcript` was asked; `shift` in seconds.

    `to` is a format's name, empty: by the name of `output`, else vtt, or text where there are no
    times. `language` chooses among an episode's transcripts, and is written where it can be.
    """

    source: TextSource
    to: str = ""
    shift: float = 0.0
    language: str = ""
    output: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptReport:
    """The cues as they came out; `text` is them in `format`, `warnings` what it cannot hold."""

    source: str
    format: str
    language: str
    cues: tuple[Cue, ...]
    text: str = field(repr=False)
    output: str | None = None
    warnings: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()


def convert_transcript(
    order: TranscriptOrder, *, show: OpenShow | None = None, dry_run: bool = False
) -> TranscriptReport:
    """Read, move, name and write.

    Raises:
        UsageError: there is no such format, or none of such files, or the episode has several
            languages.
        FormatError: the source does not parse, has no words, or no times where they are needed.
        FileError: it cannot be read, or `output` holds something else.
    """
    read = _read(order, show)
    found = read.transcript
    if not found.cues:
        raise FormatError("it holds no transcript", where=order.source.name)
    names = {} if show is None else {key: p.name for key, p in show.podcast.people.items()}
    known = named(found, names)
    moved = replace(
        known,
        cues=shifted(ended(known.cues), order.shift),
        language=order.language or found.language,
    )
    if order.output is not None:
        check_place(order.output, holds, "a transcript")
    usual = "vtt" if found.timed else "text"
    name = order.to or format_of(order.output, shelf.FORMATS, usual)
    _check(order, found, moved, name)
    text = shelf.format(moved, name)
    report = TranscriptReport(
        source=order.source.name,
        format=name,
        language=moved.language,
        cues=moved.cues,
        text=text,
        output=None if order.output is None else str(order.output),
        warnings=(*read.warnings, *_warnings(found, moved, name)),
        plan=_plan(order.output, len(moved.cues), name),
    )
    if order.output is not None and not dry_run:
        write_text(order.output, text, holds, "a transcript")
    return report


def _plan(output: Path | None, count: int, name: str) -> tuple[Change, ...]:
    if output is None:
        return ()
    return (Change(action="write", subject=str(output), detail=f"{count} cues as {name}"),)


def _check(order: TranscriptOrder, found: Transcript, moved: Transcript, name: str) -> None:
    if not found.timed and (name in _TIMED or order.shift):
        raise FormatError(
            "it has no times",
            where=order.source.name,
            hint="podkit transcribe makes a timed one from the sound; --to text and html need none",
        )
    if not moved.cues:
        raise FormatError("no cue is left", where=order.source.name, hint="look at --shift")


def holds(name: str, text: str) -> bool:
    """Whether a file is certainly a transcript."""
    kind = shelf.detect(name, text)
    return kind in _REPLACED and shelf.parse(text, kind).timed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    transcript: Transcript
    warnings: tuple[str, ...] = ()


def _read(order: TranscriptOrder, show: OpenShow | None) -> _Read:
    source = order.source
    if source.episode is not None and show is not None:
        path, language = _of_episode(show, source.episode, order.language)
        text, name = read_text(path), path.name
    elif source.path is not None and is_media(source.path):
        text, name, language = _lyrics(source.path), "lyrics.txt", ""
    else:
        path = source.path or Path(source.name)
        text = source.text if source.text is not None else read_text(path)
        name, language = source.name, ""
    try:
        kind = shelf.FORMATS.get(shelf.detect(name, text))
        found = kind.parse(text)
    except FormatError as error:
        raise FormatError(error.message, where=source.name, hint=error.hint) from error
    odd = sum("59" in what for _, what in kind.odd(text))
    over = (f"{_lines(odd)} minutes or seconds over 59, counted on",) if odd else ()
    return _Read(
        transcript=replace(found, language=found.language or language),
        warnings=(*kind.left_out(text), *over),
    )


def _lines(count: int) -> str:
    return "1 line of times has" if count == 1 else f"{count} lines of times have"


def _lyrics(path: Path) -> str:
    text = tag_files.read(path).fields.get("lyrics", "")
    if not text:
        raise FormatError(
            "there is no transcript in its tags",
            where=path,
            hint="podkit transcribe FILE makes one",
        )
    return text


def _of_episode(show: OpenShow, episode: Episode, language: str) -> tuple[Path, str]:
    """The episode's transcript, of the wanted language where it has several."""
    master = main_master(episode)
    held = master.transcripts if master is not None else ()
    fitting = [t for t in held if not language or t.language in {"", language}]
    exact = [t for t in fitting if t.language == language]
    chosen = exact if language and exact else fitting
    if not chosen:
        lacks = f"no transcript in {language!r}" if held else "no transcript"
        hint = f"podkit attach {episode.slug} FILE"
        raise FormatError(f"the episode has {lacks}", where=episode.slug, hint=hint)
    if len(chosen) > 1:
        known = ", ".join(t.language or t.file for t in chosen)
        raise UsageError(f"{episode.slug} has several transcripts: {known}", hint="--language CODE")
    return beside(show.layout, episode, chosen[0].file), chosen[0].language


def _warnings(found: Transcript, moved: Transcript, name: str) -> tuple[str, ...]:
    said = []
    carries = shelf.FORMATS.get(name).carries
    lost = len(found.cues) - len(moved.cues)
    if lost:
        said.append(f"{lost} cue{'s' * (lost != 1)} ended before the start; left out")
    backwards = sum(cue.end < cue.start for cue in found.cues)
    if backwards and "ends" in carries:
        count = "1 cue ended before it" if backwards == 1 else f"{backwards} cues ended before they"
        said.append(
            f"{count} began; written to end where the next begins, "
            f"{LONGEST:g} seconds later at most"
        )
    if found.timed and "times" not in carries:
        said.append(f"{name} holds no times")
    if any(cue.speaker for cue in moved.cues) and "speaker" not in carries:
        said.append(f"{name} holds no speakers")
    return tuple(said)

"""A transcript made from the sound of a file or an episode, by a transcriber from the shelf."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files, transcribers
from podkit.errors import FileError, MediaError, UsageError
from podkit.formats import transcripts as shelf
from podkit.media import hearing, tools
from podkit.media.probe import probe
from podkit.model.plan import Change
from podkit.model.progress import QUIET, Progress
from podkit.model.speech import cues_of
from podkit.model.transcript import Cue, Transcript
from podkit.steps.attach import keep_transcript
from podkit.steps.attachments import read_text
from podkit.steps.companions import beside, main_master
from podkit.steps.convert_transcript import holds
from podkit.steps.open_show import open_show
from podkit.steps.text_source import TextSource, check_place, format_of, write_text
from podkit.transcribers.transcriber import Listening, transcriber

if TYPE_CHECKING:
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow

assert transcribers  # noqa: S101 (its import fills the shelf)

_NOTE = "NOTE Made by podkit transcribe with {engine}, uncorrected: {mark}\n"
_MADE = re.compile(
    r"^NOTE Made by podkit transcribe with \S+, uncorrected: (\w{16})$", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOrder:
    """What `podkit transcribe` was asked.

    `to` is a format's name, empty: by the name of `output`, else vtt; `language` empty: the
    episode's or the show's, or what the engine hears. `force` replaces what a person made.
    """

    source: TextSource
    engine: str = "pocketsphinx"
    language: str = ""
    model: Path | None = None
    to: str = ""
    output: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeReport:
    """What was heard; `duration` in seconds, `output` None where the text is all there is."""

    source: str
    engine: str
    format: str
    language: str
    duration: float
    words: int
    cues: tuple[Cue, ...]
    text: str = field(repr=False)
    output: str | None = None
    warnings: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """The sound, who listens how, and where the words go."""

    sound: Path
    listening: Listening
    format: str
    attaches: bool = False


def transcribe(
    order: TranscribeOrder,
    *,
    show: OpenShow | None = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> TranscribeReport:
    """Decode the sound, hear the words, and write them; nothing is written when anything fails.

    Raises:
        UsageError: no such engine, language or format.
        ToolError: the engine is not installed, or failed.
        FileError: the model or the sound is not there, or a person's transcript is.
        MediaError: it has no sound, or no words were heard in it.
        Cancelled: everything is being stopped.
    """
    engine = transcriber(order.engine)
    task = _task(order, show)
    engine.check(task.listening)
    _refuse_replacing(order, show, task)
    media = probe(task.sound)
    if not media.audio:
        raise MediaError("it has no sound", where=task.sound)
    if dry_run:
        return _planned(order, task, media.duration)
    name = order.source.name
    progress.start(name, total=media.duration)
    with tempfile.TemporaryDirectory(prefix="podkit-") as folder:
        samples = Path(folder, "speech")
        ran = hearing.decode(tools.find_ffmpeg(), task.sound, media, samples)
        duration = samples.stat().st_size / (2 * hearing.RATE)
        words, language = engine.hear(samples, task.listening, partial(progress.advance, name))
    cues = cues_of(words)
    if not cues:
        raise MediaError("no words were heard in it", where=task.sound)
    progress.finish(name, note=f"{len(words)} words")
    text = _text(Transcript(cues=cues, language=language), task.format, order.engine)
    output = _put(order, show, task, text, language)
    warnings = (f"damaged sound, words may lack: {ran.errors[0]}",) if ran.errors else ()
    return TranscribeReport(
        source=name,
        engine=order.engine,
        format=task.format,
        language=language,
        duration=round(duration, 3),
        words=len(words),
        cues=cues,
        text=text,
        output=output,
        warnings=warnings,
    )


def _planned(order: TranscribeOrder, task: _Task, duration: float | None) -> TranscribeReport:
    """The report of a dry run."""
    spoken = task.listening.language
    goal = "as the episode's transcript" if task.attaches else f"as {task.format}"
    detail = f"with {order.engine}, {goal}" + (f", in {spoken}" if spoken else "")
    subject = order.source.name if order.output is None else str(order.output)
    return TranscribeReport(
        source=order.source.name,
        engine=order.engine,
        format=task.format,
        language=spoken,
        duration=duration or 0.0,
        words=0,
        cues=(),
        text="",
        plan=(Change(action="transcribe", subject=subject, detail=detail),),
    )


def _task(order: TranscribeOrder, show: OpenShow | None) -> _Task:
    source = order.source
    language, sound = order.language, source.path
    if source.episode is not None and show is not None:
        master = main_master(source.episode)
        if master is None:
            raise MediaError("the episode has no sound yet", where=source.name)
        sound = beside(show.layout, source.episode, master.file)
        spoken = master.language or source.episode.language or show.podcast.show.language
        language = language or spoken
    if sound is None:
        raise UsageError("sound cannot come from standard input", hint="name a file or an episode")
    attaches = source.episode is not None and order.output is None
    if attaches and order.to not in {"", "vtt"}:
        raise UsageError("an episode gets WebVTT", hint=f"write it elsewhere: -o talk.{order.to}")
    if order.output is not None:
        check_place(order.output, holds, "a transcript")
    return _Task(
        sound=sound,
        listening=Listening(language=language, model=order.model),
        format=_known(order.to) or format_of(order.output, shelf.FORMATS, "vtt"),
        attaches=attaches,
    )


def _known(name: str) -> str:
    """The format's name, after it was found on the shelf; an empty one stays empty."""
    if name:
        shelf.FORMATS.get(name)
    return name


def _refuse_replacing(order: TranscribeOrder, show: OpenShow | None, task: _Task) -> None:
    """See that nothing is in the way that a person made, before anything is heard."""
    if order.force:
        return
    there: list[Path] = []
    if order.output is not None:
        there = [order.output] if order.output.is_file() else []
    elif task.attaches and show is not None and order.source.episode is not None:
        there = _same_language(show, order.source.episode, task.listening.language)
    for path in there:
        if not is_untouched(path):
            raise FileError(
                "a transcript is there that podkit did not make, or that somebody corrected",
                where=path,
                hint="--force puts another in its place",
            )


def _same_language(show: OpenShow, episode: Episode, language: str) -> list[Path]:
    master = main_master(episode)
    spoken = episode.language or show.podcast.show.language
    held = master.transcripts if master is not None else ()
    folder = show.layout.episode(episode.slug)
    return [folder / t.file for t in held if (t.language or spoken) == language]


def is_untouched(path: Path) -> bool:
    """Whether podkit made this transcript and nobody has changed a word of it since."""
    if not path.is_file():
        return True
    text = read_text(path)
    found = _MADE.search(text)
    return found is not None and found[1] == _mark(text[found.end() :])


def _mark(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def _text(transcript: Transcript, name: str, engine: str) -> str:
    """The transcript as text; WebVTT says who made it, so that a later run may replace it."""
    text = shelf.format(transcript, name)
    if name != "vtt":
        return text
    head, _, cues = text.partition("\n\n")
    note = _NOTE.format(engine=engine, mark=_mark(cues))
    return f"{head}\n\n{note}\n{cues}"


def _put(
    order: TranscribeOrder, show: OpenShow | None, task: _Task, text: str, language: str
) -> str | None:
    """Write the text where it was wanted; its path, or None for standard output."""
    if order.output is not None:
        if order.force or is_untouched(order.output):
            write_text(order.output, text, holds, "a transcript")
            return str(order.output)
        raise FileError("it was changed meanwhile", where=order.output, hint="--force replaces it")
    if not task.attaches or show is None or order.source.episode is None:
        return None
    fresh = open_show(show.layout.root)  # a long time has passed
    episode = next((e for e in fresh.episodes if e.guid == order.source.episode.guid), None)
    if episode is None:
        raise FileError("the episode was taken away meanwhile", where=order.source.name)
    folder = show.layout.episode(episode.slug)
    replaced = _same_language(fresh, episode, language)
    if not order.force and not all(map(is_untouched, replaced)):
        raise FileError("it was changed meanwhile", where=replaced[0], hint="--force replaces it")
    name = _free_name(folder, language)
    keep_transcript(
        fresh,
        episode,
        name=name,
        text=text,
        language=language,
        without=frozenset(path.name for path in replaced),
    )
    return f"episodes/{episode.slug}/{name}"


def _free_name(folder: Path, language: str) -> str:
    """A name that is free, or a file that podkit made: what a person made stays beside it."""
    stem = "transcript" + (f".{language}" if language else "")
    name, number = f"{stem}.vtt", 2
    while not is_untouched(folder / name) or not files.inside(folder, folder / name):
        name, number = f"{stem}-{number}.vtt", number + 1
    return name

"""What an imported item names elsewhere, brought here: sound, chapters, transcripts, a picture."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from podkit import files
from podkit.errors import (
    Cancelled,
    DamagedMediaError,
    FormatError,
    NotMediaError,
    PodkitError,
)
from podkit.formats import chapters as chapter_formats
from podkit.formats import transcripts as transcript_formats
from podkit.model.episode import Master, TranscriptFile
from podkit.model.media import MIME_OF_EXTENSION
from podkit.model.text import clean
from podkit.steps.attachments import PICTURE_LIMIT, TEXT_LIMIT, Attachments
from podkit.steps.examine import Examined, chapters_text, examine, without_ends
from podkit.steps.import_items import Draft, left_where_it_is
from podkit.steps.import_report import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from podkit.model.podcasting import TranscriptLink
    from podkit.model.progress import Progress
    from podkit.web.fetch import Fetcher
    from podkit.workspace.layout import Layout

MEDIA_LIMIT: Final = 16 << 30
ORIGINAL: Final = "original"
_ENDINGS: Final = {
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/srt": ".srt",
    "text/srt": ".srt",
    "application/json": ".json",
    "text/html": ".html",
    "text/plain": ".txt",
}
_BEST: Final = (".vtt", ".srt", ".json", ".html", ".txt")
_CONTAINERS: Final = {"mp4": "m4a", "matroska": "mka"}


def place_of(layout: Layout, url: str) -> Path:
    """Where the download of an address lies until its episode is there, through killed runs too."""
    return layout.cache / "import" / hashlib.sha256(url.encode()).hexdigest()[:24]


def fetch_media(
    draft: Draft, layout: Layout, fetcher: Fetcher, stop: threading.Event, progress: Progress
) -> Path:
    """Download a draft's enclosure, or what is missing of it; on any thread.

    Raises:
        PodkitError: it cannot be had now.
        Cancelled: the run was stopped.
    """
    assert draft.enclosure is not None  # noqa: S101 (the caller looked)
    url = draft.enclosure.url
    path = place_of(layout, url)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)

    def tell(done: int, total: int | None) -> None:
        if stop.is_set():
            raise Cancelled
        if total:
            progress.advance(url, done / total)

    progress.start(url, total=1.0)
    fetcher.download(url, path, limit=MEDIA_LIMIT, on_bytes=tell)
    progress.finish(url, note="downloaded")
    return path


@contextlib.contextmanager
def downloads(
    drafts: Sequence[Draft],
    layout: Layout,
    fetcher: Fetcher,
    *,
    jobs: int,
    stop: threading.Event,
    progress: Progress,
) -> Iterator[list[Future[Path] | None]]:
    """The drafts' downloads, so many at a time; when the block ends they stop at the next piece."""
    pool = ThreadPoolExecutor(max_workers=jobs)
    begun: dict[str, Future[Path]] = {}  # two items may name one file: it is written once
    try:
        for draft in drafts:
            if draft.enclosure is not None and draft.enclosure.url not in begun:
                begun[draft.enclosure.url] = pool.submit(
                    fetch_media, draft, layout, fetcher, stop, progress
                )
        yield [begun[d.enclosure.url] if d.enclosure else None for d in drafts]
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def take_media(
    draft: Draft, path: Path, *, allow_damaged: bool, progress: Progress
) -> Examined | None:
    """Make the downloaded file the draft's master, byte for byte; None when it is no sound or film.

    Raises:
        DamagedMediaError: it ends early, and that was not allowed.
        NotMediaError: a page came in the place of a sound.
    """
    assert draft.enclosure is not None  # noqa: S101 (the caller looked)
    try:
        found = examine(
            path, allow_damaged=allow_damaged, progress=progress, name=draft.enclosure.url
        )
    except DamagedMediaError as error:
        error.where = draft.enclosure.url  # where it lies for now says nothing to anybody
        if path.stat().st_size != draft.enclosure.length:  # the next run asks for it anew
            path.unlink()
        raise
    except NotMediaError as error:
        if draft.enclosure.type.startswith(("audio/", "video/")) and _is_page(path):
            path.unlink()
            raise NotMediaError(
                "the server sent a page in place of the sound",
                where=draft.enclosure.url,
                hint="try again later; --no-media leaves all sound where it is",
            ) from error
        draft.fates.note("enclosure", Fate.CHANGED, "no sound or film: it stays where it is")
        return None
    said = draft.enclosure.length
    if said and said != found.media.bytes:
        why = "the feed gives another length than the file has"
        draft.fates.note("enclosure", Fate.CHANGED, why)
    master = Master(
        file=f"master.{_ending(draft.enclosure.url, found)}",
        sha256=found.sha256,
        bytes=found.media.bytes,
        duration=round(found.decoded.duration, 3),
        video=bool(found.media.video),
        damaged=found.damaged,
    )
    draft.episode = replace(
        draft.episode,
        enclosure=ORIGINAL,
        presets=(ORIGINAL,),
        alternates=(),
        masters={"main": master},
    )
    return found


def _is_page(path: Path) -> bool:
    """Whether it begins as a page or an error in HTML, XML or JSON does."""
    with files.open_regular(path) as stream, files.translating(path, "read"):
        return stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{"))


def _ending(url: str, found: Examined) -> str:
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    if MIME_OF_EXTENSION.get(ending, "").startswith(("audio/", "video/")):
        return ending
    container = found.media.container
    if found.media.video and container == "mp4":
        return "mp4"
    return _CONTAINERS.get(container, container)


def take_texts(draft: Draft, fetcher: Fetcher, tags_from: Examined) -> Attachments:
    """Fetch picture, chapters and transcripts; what cannot be had stays named where it is."""
    beside = Attachments()
    _try(draft, ("image",), lambda: _picture(draft, beside, fetcher))
    _try(
        draft, ("chapters", "simple_chapters"), lambda: _chapters(draft, beside, fetcher, tags_from)
    )
    _try(draft, ("transcripts",), lambda: _transcripts(draft, beside, fetcher))
    left_where_it_is(draft, ("alternates", "thumbnails"), "its files stay where they are")
    master = replace(
        draft.episode.masters["main"], chapters=beside.chapters, transcripts=beside.transcripts
    )
    draft.episode = replace(draft.episode, image=beside.image, masters={"main": master})
    beside.notes = draft.settle_notes(
        chapters=bool(beside.chapters), transcript=bool(beside.transcripts)
    )
    return beside


def _try(draft: Draft, names: tuple[str, ...], take: object) -> None:
    if not any(getattr(draft, name) for name in names):
        return
    try:
        take()  # type: ignore[operator]
    except Cancelled:
        raise
    except PodkitError as error:
        left_where_it_is(draft, names, f"left where it is: {error.message}")
    else:
        draft.fates.note(names[0])


def _picture(draft: Draft, beside: Attachments, fetcher: Fetcher) -> None:
    beside.put_picture(fetcher.read(draft.image, limit=PICTURE_LIMIT).content)


def _chapters(draft: Draft, beside: Attachments, fetcher: Fetcher, _found: Examined) -> None:
    if draft.chapters is not None:
        text = _text(fetcher, draft.chapters.url)
        chapter_formats.parse(text, chapter_formats.detect("chapters.json", text))
        beside.chapters = beside.put_text("chapters.json", text)
    elif draft.simple_chapters is not None:
        name, text = chapters_text(without_ends(draft.simple_chapters.chapters))
        beside.chapters = beside.put_text(name, text)


def _transcripts(draft: Draft, beside: Attachments, fetcher: Fetcher) -> None:
    """One transcript for each language, in the format that says most; podkit publishes one each."""
    best: dict[str, TranscriptLink] = {}
    for link in draft.transcripts:
        rank = _rank(link)
        if link.language not in best or rank < _rank(best[link.language]):
            best[link.language] = link
    kept = []
    for language, link in best.items():
        ending = _ending_of(link)
        text = _text(fetcher, link.url)
        middle = f".{language}" if language.replace("-", "").isalnum() else ""
        name = f"transcript{middle}{ending}"
        transcript_formats.parse(text, transcript_formats.detect(name, text))
        kept.append(TranscriptFile(file=beside.put_text(name, text), language=language))
    beside.transcripts = tuple(kept)
    if len(best) < len(draft.transcripts):
        why = "of several formats in one language the one that says most is kept"
        draft.fates.note("transcripts", Fate.CHANGED, why)


def _ending_of(link: TranscriptLink) -> str:
    mime = link.type.partition(";")[0].strip().lower()
    ending = "." + urlsplit(link.url).path.rpartition(".")[2].lower()
    return _ENDINGS.get(mime) or (ending if ending in _BEST else ".txt")


def _rank(link: TranscriptLink) -> int:
    return _BEST.index(_ending_of(link))


def _text(fetcher: Fetcher, url: str) -> str:
    try:
        return clean(fetcher.read(url, limit=TEXT_LIMIT).content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormatError(f"it is not UTF-8 text (byte {error.start})", where=url) from error

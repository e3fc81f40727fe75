"""What is in a media file: container, streams, duration, tags, chapters, artwork."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from podkit import child, files
from podkit.errors import Cancelled, DamagedMediaError, NotMediaError, PodkitError
from podkit.media import ends
from podkit.media.sniff import DECODERS, DEMUXERS, sniff
from podkit.media.worker import Worker, WorkerDied
from podkit.model.chapter import Chapter
from podkit.model.media import Artwork, AudioStream, Container, MediaInfo, VideoStream

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator

_MODULE = "podkit.media.probe_worker"
_LIMITS = child.Limits(deadline=60.0, memory=4 << 30, file_bytes=0)
_TRIES = 2  # a worker may have died for a reason that is not the file's


def probe(path: str | os.PathLike[str], *, cancel: threading.Event | None = None) -> MediaInfo:
    """What is in one file.

    Raises:
        NotMediaError: it is not sound or video, or nothing in it can be decoded.
        DamagedMediaError: it is a WAV that is larger than its header can tell.
        FileError: it cannot be read, or is not a regular file.
        Cancelled: `cancel` was set.
    """
    with Worker(_MODULE, limits=_LIMITS) as worker:
        return _probe(worker, path, cancel)


def probe_many(
    paths: Iterable[str | os.PathLike[str]], *, cancel: threading.Event | None = None
) -> Iterator[MediaInfo | PodkitError]:
    """What is in each file, in order; in place of a refused one its error. One child for all.

    Raises:
        Cancelled: `cancel` was set.
    """
    with Worker(_MODULE, limits=_LIMITS) as worker:
        for path in paths:
            try:
                yield _probe(worker, path, cancel)
            except Cancelled:
                raise
            except PodkitError as error:
                yield error


class Prober:
    """Probes for several threads, with one child that is kept for the next file.

    A child dies with the thread that started it, so one thread of its own asks it.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="podkit-probe")
        self._worker = Worker(_MODULE, limits=_LIMITS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._worker.close).result()
        self._thread.shutdown()

    def begin(self) -> None:
        """Start the child, while other things are looked after."""
        self._thread.submit(self._worker.begin)

    def probe(
        self, path: str | os.PathLike[str], *, cancel: threading.Event | None = None
    ) -> MediaInfo:
        """What is in one file; see `probe` for what it raises."""
        return self._thread.submit(_probe, self._worker, path, cancel).result()


def _probe(
    worker: Worker, path: str | os.PathLike[str], cancel: threading.Event | None
) -> MediaInfo:
    container = sniff(path)
    if ends.overflows(Path(path), container):
        raise DamagedMediaError(
            "it is larger than the 4 GiB that a WAV header can count",
            where=path,
            hint="give it a long header: ffmpeg -ignore_length 1 -i IN.wav -c copy -rf64 auto OUT.wav",
        )
    question = {"demuxer": DEMUXERS[container], "decoders": DECODERS}
    for left in reversed(range(_TRIES)):
        try:
            with files.open_regular(path) as stream:
                answer = worker.ask(question, file=stream, cancel=cancel)
            break
        except WorkerDied as error:
            if child.cancelled(cancel):
                raise Cancelled from error
            if not left:
                raise NotMediaError(
                    f"its beginning cannot be decoded: {error}", where=path
                ) from error
    if "refused" in answer:
        cut = ends.fault(Path(path), container)
        raise NotMediaError(
            f"it cannot be decoded: {cut}" if cut else answer["refused"],
            where=path,
            hint="get the whole file" if cut else "",
        )
    return _parsed(answer, path, container)


def _parsed(
    answer: dict[str, Any], path: str | os.PathLike[str], container: Container
) -> MediaInfo:
    chapters = tuple(
        Chapter(
            start=found["start"],
            end=found["end"] if found["end"] > found["start"] else None,
            title=found["title"],
        )
        for found in answer["chapters"]
    )
    if container is Container.MP4 and len(chapters) > 1 and not chapters[0].title:
        chapters = chapters[1:]  # a track of titles begins at zero, whenever the first chapter does
    return MediaInfo(
        path=os.fspath(path),
        container=container,
        duration=answer["duration"],
        bytes=os.path.getsize(path),
        bit_rate=answer["bit_rate"],
        audio=tuple(AudioStream(**found) for found in answer["audio"]),
        video=tuple(VideoStream(**found) for found in answer["video"]),
        tags=answer["tags"],
        chapters=chapters,
        artwork=tuple(Artwork(**found) for found in answer["artwork"]),
    )

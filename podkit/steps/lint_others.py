"""What a word of `podkit lint` names, as the rules look at it: an address, or a file of any kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.artwork.anatomy import is_picture, kind_of
from podkit.artwork.read import examine
from podkit.errors import PodkitError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.positions import read_document
from podkit.rules.subject import ChapterList, Subject, TranscriptText
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes
from podkit.steps.lint_live import with_answers
from podkit.steps.lint_media import media_subject
from podkit.steps.lint_texts import text_of
from podkit.steps.read_feed import is_address
from podkit.web.fetch import Fetcher

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.model.media import Artwork
    from podkit.model.progress import Progress
    from podkit.steps.lint_live import Live


def subject_of(word: str, now: datetime, progress: Progress, live: Live | None) -> Subject:
    """What the rules look at: what lies behind the address, or is in the file.

    Args:
        word: an address or a path, as the rules shall call it.
        now: what counts as now.
        progress: told how far the decoding of media is.
        live: how to ask the servers of a feed, where they shall be asked.

    Raises:
        FileError: it cannot be read.
        FormatError: it is too large.
        TryAgainError: the server cannot be reached.
    """
    if is_address(word):
        with Fetcher(word, hosts=live.hosts if live is not None else ()) as fetcher:
            fetched = fetcher.read(word, limit=MAX_BYTES)
        document = read_document(fetched.content)
        subject = Subject(name=word, document=document, now=now, feed_url=fetched.url)
    else:
        subject = _in_file(word, now, progress)
    return subject if live is None else with_answers(subject, live, progress)


def _in_file(word: str, now: datetime, progress: Progress) -> Subject:
    path = Path(word)
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(4096)
    if is_picture(kind_of(head)):
        return Subject(name=word, artwork={word: _picture(path)}, now=now)
    heard = media_subject(path, word, now, progress)
    if heard is not None:
        return heard
    held = text_of(path)
    if isinstance(held, ChapterList):
        return Subject(name=word, chapters=(held,), now=now)
    if isinstance(held, TranscriptText):
        return Subject(name=word, transcripts=(held,), now=now)
    return Subject(name=word, document=read_document(read_bytes(path, MAX_BYTES)), now=now)


def _picture(path: Path) -> Artwork | str:
    try:
        return examine(read_bytes(path, PICTURE_LIMIT))
    except PodkitError as error:
        return error.message

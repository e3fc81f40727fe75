"""Asking the rules about the show as it would be published, or about any file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podkit import files
from podkit.errors import Cancelled, PodkitError, UsageError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.positions import read_document
from podkit.model.plan import FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.rules.subject import Subject
from podkit.steps.lint_findings import LintReport, asked, report_of
from podkit.steps.uncollected import uncollected

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.rules.check import Checked
    from podkit.steps.lint_live import Live
    from podkit.steps.open_show import OpenShow

_HEAD: Final = 4096
_SUFFIXES: Final = frozenset([".xml", ".rss"])
_RSS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*"
    rb"(?:<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"'](?:utf|UTF)-8[\"'])?\s*\?>\s*)?<rss[\s>]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LintOrder:
    """What `podkit lint` was asked; without subjects it is the show itself."""

    subjects: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    live: Live | None = None


def lint(
    show: OpenShow | None, order: LintOrder, *, now: datetime, progress: Progress = QUIET
) -> LintReport:
    """Ask every rule about every subject.

    Raises:
        UsageError: an unknown rule, or no show and no subject.
    """
    if not order.subjects:
        if show is None:
            raise UsageError("there is no show here", hint="name a feed: podkit lint feed.xml")
        from podkit.steps.lint_show import lint_show  # noqa: PLC0415 - a feed alone needs none of it
        from podkit.steps.trace import traced  # noqa: PLC0415

        report = lint_show(
            show,
            now=now,
            select=order.select,
            ignore=order.ignore,
            live=order.live,
            progress=progress,
        )
        return traced(show, report)
    checked: list[Checked] = []
    failed: list[FailedFile] = []
    for word in order.subjects:
        try:
            checked.append(_checked(word, show, order, now, progress))
        except (UsageError, Cancelled):
            raise
        except PodkitError as error:
            failed.append(FailedFile.of(word, error))
    return report_of(checked, failed)


def _checked(
    word: str, show: OpenShow | None, order: LintOrder, now: datetime, progress: Progress
) -> Checked:
    """What is found in the file or behind the address that a word names."""
    content = _feed_in(Path(word)) if order.live is None else None
    if content is not None:
        with uncollected():
            return _in_feed(word, content, show, order, now)
    from podkit.steps.lint_others import subject_of  # noqa: PLC0415 - a feed alone needs none of it

    return asked(subject_of(word, now, progress, order.live), show, order.select, order.ignore)


def _in_feed(
    word: str, content: bytes, show: OpenShow | None, order: LintOrder, now: datetime
) -> Checked:
    """What is found in a feed; whoever calls does not hold what was read of it."""
    subject = Subject(name=word, document=read_document(content), now=now)
    return asked(subject, show, order.select, order.ignore)


def _feed_in(path: Path) -> bytes | None:
    """The bytes of a file that is an RSS feed by its name and by how it begins.

    None for whatever might be something else too, or is too large: that is looked at closely.
    """
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return None
    with files.open_regular(path) as stream, files.translating(path, "read"):
        if _RSS.match(stream.read(_HEAD)) is None:
            return None
        stream.seek(0)
        content = stream.read(MAX_BYTES + 1)
    return content if len(content) <= MAX_BYTES else None

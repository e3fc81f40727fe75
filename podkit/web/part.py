"""A download under way: its bytes so far, whose they are, and when the rest may follow them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from podkit import files
from podkit.errors import FormatError, TryAgainError
from podkit.model.text import display
from podkit.staging import place
from podkit.web.unpack import is_packed

if TYPE_CHECKING:
    from podkit.web.patience import Patience

SLOWEST: Final = 1024
"""Bytes a second below which, after the first patience, a download is given up."""
UNSAID: Final = 2 << 30
"""Bytes that a server may send without having said how many they are: an endless body ends here."""

_TOTAL = re.compile(r"bytes (\d+)-\d+/(\d+)")
_AGAIN = "the same command again goes on where it stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Validator:
    """What tells whether the rest of a download belongs to its beginning."""

    url: str = ""
    etag: str = ""
    modified: str = ""

    @property
    def condition(self) -> str:
        """What If-Range may say: a weak tag promises nothing of bytes (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def fits(self, answer: httpx.Response) -> bool:
        """Whether what an answer says of its file is not another file's.

        Some servers send a part whatever If-Range says.
        """
        pairs = ((self.etag, "ETag"), (self.modified, "Last-Modified"))
        return all(answer.headers.get(name, mine) == mine for mine, name in pairs if mine)


class Part:
    """The file `NAME.part` beside a path, and `NAME.part.json` with its validator.

    Args:
        path: where the whole will lie.
        url: where it is.
        limit: bytes that it may have.
        on_bytes: told how many are there, and of how many when that is known.
        patience: a block of it is open; what comes earns more.
    """

    def __init__(
        self,
        path: Path,
        url: str,
        *,
        limit: int,
        on_bytes: Callable[[int, int | None], None],
        patience: Patience,
    ) -> None:
        self._patience = patience
        self._begun = time.monotonic()
        self._first = patience.rest
        self._gained = 0
        self._path = path
        self._url = url
        self._limit = limit
        self._on_bytes = on_bytes
        self._bytes = path.with_name(path.name + ".part")
        self._known = path.with_name(path.name + ".part.json")

    @property
    def size(self) -> int:
        """How many bytes are there."""
        return self._bytes.stat().st_size if self._bytes.exists() else 0

    def asks(self) -> dict[str, str]:
        """The headers that ask for what is missing."""
        condition = self._load().condition
        headers = {"Accept-Encoding": "identity"}
        if condition and self.size:
            headers |= {"Range": f"bytes={self.size}-", "If-Range": condition}
        return headers

    def take(self, answer: httpx.Response) -> int:
        """Take in what the server sends; how many bytes there are when all are there.

        Raises:
            FormatError: it is larger than the limit, or packed.
            TryAgainError: another part came than was asked for, or not all of it.
        """
        start, total = self._range_of(answer)
        limit = self._limit if total is not None else min(self._limit, UNSAID)
        if total is not None and total > limit:
            raise self._too_large(limit)
        if not start:
            self.drop()  # before the validator: old bytes must never lie beside a new one
            self._keep(answer)
        done = self._receive(answer, start, total, limit)
        if total is None or done == total:
            return done
        if done > total:
            self.drop()
        raise TryAgainError(f"{done} bytes came of {total}", where=display(self._url), hint=_AGAIN)

    def finish(self) -> None:
        """Give the whole its name."""
        place(self._bytes, self._path)
        with suppress(OSError):
            self._known.unlink()

    def drop(self) -> None:
        """Forget what is there: it is no beginning of what the server has."""
        for path in (self._known, self._bytes):
            path.unlink(missing_ok=True)

    def _range_of(self, answer: httpx.Response) -> tuple[int, int | None]:
        """Where the answer's bytes belong, and how many there are in all, if that is said."""
        packed = is_packed(answer.headers.get("Content-Encoding", ""))
        if packed:
            raise FormatError("it is packed, which nobody asked for", where=display(self._url))
        declared = answer.headers.get("Content-Length", "")
        if answer.status_code != 206:
            return 0, int(declared) if declared.isdigit() else None
        found = _TOTAL.fullmatch(answer.headers.get("Content-Range", "").strip())
        there = self.size
        if found is None or int(found[1]) != there or not self._load().fits(answer):
            self.drop()
            raise TryAgainError("the server sends another part than was asked for")
        return there, int(found[2])

    def _receive(self, answer: httpx.Response, start: int, total: int | None, limit: int) -> int:
        done = start
        try:
            with files.translating(self._bytes, "write"), self._bytes.open("ab") as out:
                out.truncate(start)
                for chunk in answer.iter_raw():
                    done += len(chunk)
                    if done > limit:
                        raise self._too_large(limit)
                    out.write(chunk)
                    self._on_bytes(done, total)
                    self._earn(len(chunk))
        except httpx.HTTPError as error:  # what came is kept for the next try
            raise TryAgainError(
                f"the connection broke after {done} bytes", where=display(self._url), hint=_AGAIN
            ) from error
        return done

    def _earn(self, count: int) -> None:
        """Let what came pay for the time that it took."""
        self._gained += count
        worth = max(self._first, self._gained / SLOWEST)
        self._patience.renew(worth - (time.monotonic() - self._begun))

    def _too_large(self, limit: int) -> FormatError:
        self.drop()
        return FormatError(f"it is larger than {limit >> 20} MB", where=display(self._url))

    def _keep(self, answer: httpx.Response) -> None:
        validator = _Validator(
            url=self._url,
            etag=answer.headers.get("ETag", ""),
            modified=answer.headers.get("Last-Modified", ""),
        )
        files.write(self._known, json.dumps(asdict(validator)).encode())

    def _load(self) -> _Validator:
        with suppress(OSError, ValueError, TypeError):
            found = _Validator(**json.loads(self._known.read_text(encoding="utf-8")))
            if found.url == self._url:
                return found
        return _Validator()

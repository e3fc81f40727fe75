"""The one fetcher: http and https only, few redirects, each checked, limits of bytes and of time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from podkit import __version__
from podkit.errors import FileError, FormatError, PodkitError, TryAgainError
from podkit.model.text import MEDIA_SCHEMES, display, is_safe_url
from podkit.web.gate import GuardedBackend, is_loopback
from podkit.web.part import Part
from podkit.web.patience import Patience
from podkit.web.unpack import is_packed, unpacked

if TYPE_CHECKING:
    from pathlib import Path

REDIRECTS: Final = 5
TRIES: Final = 4
DEADLINE: Final = 60.0
"""Seconds for a text, from asking to its last byte; for a download, until it earns more."""

T = TypeVar("T")

_ERRNO: Final = re.compile(r"^\[Errno -?\d+\] ")
_REDIRECT = frozenset([301, 302, 303, 307, 308])
_LATER = frozenset([408, 425, 429, 500, 502, 503, 504])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A text from the web: `url` where it was found in the end, `type` as the server says."""

    url: str
    content: bytes
    type: str = ""


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over connections that the gate has checked; no proxy, which would hide them."""

    def __init__(self, backend: GuardedBackend) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=backend, max_connections=8
        )


class Fetcher:
    """Asks servers politely; use it in a `with`. Several threads may ask at once.

    Args:
        start: the address that a person typed: where it is on this machine, others here may be
            asked too.
        hosts: private hosts that a person allowed.
        pause: seconds before the second try; doubled for each further one.
        deadline: seconds for a text in all, and for a download until something comes.
    """

    def __init__(
        self,
        start: str = "",
        *,
        hosts: Iterable[str] = (),
        pause: float = 0.5,
        deadline: float = DEADLINE,
    ) -> None:
        loopback = is_safe_url(start, MEDIA_SCHEMES) and is_loopback(urlsplit(start).hostname or "")
        self._pause = pause
        self._deadline = deadline
        self._patience = Patience()
        backend = GuardedBackend(hosts=hosts, loopback=loopback, patience=self._patience)
        self._client = httpx.Client(
            transport=GuardedTransport(backend),
            headers={"User-Agent": f"podkit/{__version__}", "Accept": "*/*"},
            timeout=httpx.Timeout(20.0),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def read(self, url: str, *, limit: int) -> Fetched:
        """The whole of a text, picture or feed.

        Args:
            url: where it is.
            limit: bytes, of what was sent and of what it unpacks to.

        Raises:
            FileError: the address is none, forbidden, or answers that there is nothing.
            FormatError: it is larger than the limit.
            TryAgainError: the server cannot be reached, or is too slow.
        """
        with self._patience.of(self._deadline):
            return self._patiently(url, lambda: self._read(url, limit))

    def download(
        self,
        url: str,
        path: Path,
        *,
        limit: int,
        on_bytes: Callable[[int, int | None], None] = lambda _done, _total: None,
    ) -> int:
        """Bring a file to a path; what an earlier run left there is gone on with, if it may be.

        The path appears only when every byte is there. Returns the file's size.

        Raises:
            FileError: as for `read`, or the file cannot be written.
            FormatError: it is larger than the limit.
            TryAgainError: it could not be brought to its end; the next run goes on.
        """
        before = 0
        with self._patience.of(self._deadline):
            part = Part(path, url, limit=limit, on_bytes=on_bytes, patience=self._patience)
            while True:
                try:
                    size = self._patiently(url, lambda: self._download(url, part))
                    break
                except TryAgainError:
                    # nothing came, or too little: no use to ask on
                    if part.size <= before or self._patience.over:
                        raise
                    before = part.size
        part.finish()
        return size

    def _patiently(self, url: str, once: Callable[[], T]) -> T:
        """Try again a few times, later each time, when the server may just be busy."""
        for number in range(TRIES):
            last = number + 1 == TRIES
            try:
                return once()
            except TryAgainError as error:
                if self._patience.over:
                    raise _too_slow(url) from error
                if last:
                    raise
            except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, OSError) as error:
                if self._patience.over:
                    raise _too_slow(url) from error
                if last or isinstance(error, httpx.InvalidURL):
                    raise _unreachable(url, error) from error
            time.sleep(min(self._pause * 2**number, self._patience.rest))
        raise TryAgainError("the server did not answer", where=display(url))

    @contextmanager
    def _asked(self, url: str, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
        """The last answer of a chain of redirects, each of which is checked like the first address."""
        here = url
        for _ in range(REDIRECTS + 1):
            check_address(here)
            with self._client.stream("GET", here, headers=headers) as answer:
                if answer.status_code not in _REDIRECT:
                    yield here, answer
                    return
                there = joined(here, answer.headers.get("Location", ""))
            if _scheme(here) == "https" and _scheme(there) == "http":
                raise FileError("it leads from https to http", where=display(url))
            here = there
        raise FileError(f"it is redirected more than {REDIRECTS} times", where=display(url))

    def _read(self, url: str, limit: int) -> Fetched:
        with self._asked(url, {"Accept-Encoding": "gzip"}) as (here, answer):
            _check_status(answer, here)
            out = bytearray()
            packed = answer.headers.get("Content-Encoding", "")
            for chunk in unpacked(answer.iter_raw(), packed, limit):
                out += chunk
                if len(out) > limit:
                    raise FormatError(f"it is larger than {limit >> 20} MB", where=display(url))
            if not is_packed(packed):
                _check_complete(answer, len(out), url)
            return Fetched(
                url=here, content=bytes(out), type=answer.headers.get("Content-Type", "")
            )

    def _download(self, url: str, part: Part) -> int:
        with self._asked(url, part.asks()) as (here, answer):
            if answer.status_code == 416:  # what is there is no beginning of what the server has
                part.drop()
                raise TryAgainError("the server has another file by now", where=display(url))
            _check_status(answer, here, parts=True)
            return part.take(answer)


def check_address(url: str) -> None:
    """Refuse what is no address on the web.

    Raises:
        FileError: another scheme, or no host.
    """
    if not is_safe_url(url, MEDIA_SCHEMES):
        raise FileError("it is no http or https address", where=display(url[:200]))


def joined(base: str, there: str) -> str:
    """Where a redirect leads; a broken address stays as it is, to be refused as one."""
    try:
        return urljoin(base, there)
    except ValueError:  # a broken address is told as one
        return there


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower()


def _check_status(answer: httpx.Response, url: str, *, parts: bool = False) -> None:
    """Only an answer that has the thing will do; a part of it only to who asked for parts."""
    code = answer.status_code
    if code == 200 or (code == 206 and parts):
        return
    if code in _LATER:
        raise TryAgainError(f"the server answers {code}", where=display(url))
    raise FileError(f"the server answers {code} {answer.reason_phrase}".strip(), where=display(url))


def _check_complete(answer: httpx.Response, size: int, url: str) -> None:
    declared = answer.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) != size:
        raise TryAgainError(f"{size} bytes came of {declared}", where=display(url))


def _too_slow(url: str) -> TryAgainError:
    return TryAgainError(
        "the server is too slow",
        where=display(url),
        hint="try again later; what has come of a download is kept",
    )


def _unreachable(url: str, error: Exception) -> PodkitError:
    why = _ERRNO.sub("", str(error)) or type(error).__name__
    return TryAgainError(
        f"the server cannot be reached: {display(why)}",
        where=display(url),
        hint="look at the address, or try again later",
    )

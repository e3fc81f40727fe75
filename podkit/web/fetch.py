"""The one fetcher: http and https only, few redirects, each checked, limits of bytes and of time."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from podkit import __version__, files
from podkit.errors import FileError, FormatError, PodkitError, TryAgainError
from podkit.model.text import MEDIA_SCHEMES, display, is_safe_url
from podkit.staging import place
from podkit.web.gate import GuardedBackend, is_loopback

if TYPE_CHECKING:
    from pathlib import Path

REDIRECTS: Final = 5
TRIES: Final = 4
DEADLINE: Final = 60.0
"""Seconds for a text, from asking to its last byte."""
SLOWEST: Final = 1024
"""Bytes a second below which, after a deadline's time, a download is given up."""

T = TypeVar("T")

_REDIRECT = frozenset([301, 302, 303, 307, 308])
_LATER = frozenset([408, 425, 429, 500, 502, 503, 504])
_TOTAL = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A text from the web: `url` where it was found in the end, `type` as the server says."""

    url: str
    content: bytes
    type: str = ""


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
    """

    def __init__(self, start: str = "", *, hosts: Iterable[str] = (), pause: float = 0.5) -> None:
        loopback = is_safe_url(start, MEDIA_SCHEMES) and is_loopback(urlsplit(start).hostname or "")
        self._pause = pause
        self._client = httpx.Client(
            transport=GuardedTransport(GuardedBackend(hosts=hosts, loopback=loopback)),
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
        part = path.with_name(path.name + ".part")
        known = path.with_name(path.name + ".part.json")
        before = -1
        while True:
            try:
                size = self._patiently(
                    url, lambda: self._download(url, part, known, limit, on_bytes)
                )
                break
            except TryAgainError:
                there = part.stat().st_size if part.exists() else 0
                if there <= max(before, 0):  # nothing came: no use to ask on
                    raise
                before = there
        place(part, path)
        with suppress(OSError):
            known.unlink()
        return size

    def _patiently(self, url: str, once: Callable[[], T]) -> T:
        """Try again a few times, later each time, when the server may just be busy."""
        for number in range(TRIES):
            try:
                return once()
            except TryAgainError:
                if number + 1 == TRIES:
                    raise
                time.sleep(self._pause * 2**number)
            except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, OSError) as error:
                if number + 1 == TRIES or isinstance(error, httpx.InvalidURL):
                    raise _unreachable(url, error) from error
                time.sleep(self._pause * 2**number)
        raise TryAgainError("the server did not answer", where=display(url))

    @contextmanager
    def _asked(self, url: str, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
        """The last answer of a chain of redirects, each of which is checked like the first address."""
        here = url
        for _ in range(REDIRECTS + 1):
            check_address(here)
            with self._client.stream("GET", here, headers=headers) as answer:
                if answer.status_code not in _REDIRECT:
                    _check_status(answer, here)
                    yield here, answer
                    return
                there = urljoin(here, answer.headers.get("Location", ""))
            if here.startswith("https:") and not there.startswith("https:"):
                raise FileError("it leads from https to http", where=display(url))
            here = there
        raise FileError(f"it is redirected more than {REDIRECTS} times", where=display(url))

    def _read(self, url: str, limit: int) -> Fetched:
        begun = time.monotonic()
        with self._asked(url, {"Accept-Encoding": "gzip"}) as (here, answer):
            out = bytearray()
            packed = answer.headers.get("Content-Encoding", "").strip().lower()
            for chunk in _unpacked(answer.iter_raw(), packed, limit):
                out += chunk
                if len(out) > limit:
                    raise FormatError(f"it is larger than {limit >> 20} MB", where=display(url))
                if time.monotonic() - begun > DEADLINE:
                    raise TryAgainError("the server is too slow", where=display(url))
            _check_complete(answer, packed, len(out), url)
            return Fetched(
                url=here, content=bytes(out), type=answer.headers.get("Content-Type", "")
            )

    def _download(
        self,
        url: str,
        part: Path,
        known: Path,
        limit: int,
        on_bytes: Callable[[int, int | None], None],
    ) -> int:
        validator = _load(known, url)
        there = part.stat().st_size if part.exists() and validator.condition else 0
        headers = {"Accept-Encoding": "identity"}
        if there:
            headers |= {"Range": f"bytes={there}-", "If-Range": validator.condition}
        with self._asked(url, headers) as (_, answer):
            start, total = _range_of(answer, there)
            if total is not None and total > limit:
                raise FormatError(f"it is larger than {limit >> 20} MB", where=display(url))
            if not start:
                _keep(known, url, answer)
            done = _receive(answer, part, start, total, limit, on_bytes, url)
        if total is not None and done != total:
            if done > total:
                part.unlink()
            raise TryAgainError(
                f"{done} bytes came of {total}",
                where=display(url),
                hint="the same command again goes on where it stopped",
            )
        return done


def check_address(url: str) -> None:
    """Refuse what is no address on the web.

    Raises:
        FileError: another scheme, or no host.
    """
    if not is_safe_url(url, MEDIA_SCHEMES):
        raise FileError("it is no http or https address", where=display(url[:200]))


def _check_status(answer: httpx.Response, url: str) -> None:
    code = answer.status_code
    if code in {200, 206}:
        return
    if code in _LATER:
        raise TryAgainError(f"the server answers {code}", where=display(url))
    if code == 416:  # what is there is no beginning of what the server has
        raise TryAgainError("the server has another file by now", where=display(url))
    raise FileError(f"the server answers {code} {answer.reason_phrase}".strip(), where=display(url))


def _unpacked(chunks: Iterator[bytes], packed: str, limit: int) -> Iterator[bytes]:
    """The bytes as they were before packing, never more at once than a little."""
    if packed in {"", "identity"}:
        yield from chunks
        return
    if packed not in {"gzip", "x-gzip", "deflate"}:
        raise FormatError(f"it is packed in a way that nobody asked for ({display(packed)})")
    unpacker = zlib.decompressobj(wbits=47 if "gzip" in packed else 15)
    sent = 0
    for chunk in chunks:
        sent += len(chunk)
        if sent > limit:
            raise FormatError(f"it is larger than {limit >> 20} MB")
        rest = chunk
        while rest:
            try:
                yield unpacker.decompress(rest, 1 << 20)
            except zlib.error as error:
                raise FormatError(f"it cannot be unpacked: {error}") from error
            rest = unpacker.unconsumed_tail


def _check_complete(answer: httpx.Response, packed: str, size: int, url: str) -> None:
    declared = answer.headers.get("Content-Length", "")
    if not packed and declared.isdigit() and int(declared) != size:
        raise TryAgainError(f"{size} bytes came of {declared}", where=display(url))


def _range_of(answer: httpx.Response, there: int) -> tuple[int, int | None]:
    """Where the answer's bytes belong, and how many there are in all, if that is said."""
    if answer.status_code == 206:
        found = _TOTAL.fullmatch(answer.headers.get("Content-Range", "").strip())
        if found is None or int(found[1]) != there:
            raise TryAgainError("the server sends another part than was asked for")
        return there, int(found[2])
    declared = answer.headers.get("Content-Length", "")
    packed = answer.headers.get("Content-Encoding", "identity").lower() != "identity"
    return 0, int(declared) if declared.isdigit() and not packed else None


def _receive(
    answer: httpx.Response,
    part: Path,
    start: int,
    total: int | None,
    limit: int,
    on_bytes: Callable[[int, int | None], None],
    url: str,
) -> int:
    begun = time.monotonic()
    done = start
    try:
        with part.open("ab") as out:
            out.truncate(start)
            for chunk in answer.iter_raw():
                done += len(chunk)
                if done > limit:
                    raise FormatError(f"it is larger than {limit >> 20} MB", where=display(url))
                out.write(chunk)
                on_bytes(done, total)
                spent = time.monotonic() - begun
                if spent > DEADLINE and done - start < spent * SLOWEST:
                    raise TryAgainError("the server is too slow", where=display(url))
    except httpx.HTTPError as error:  # what came is kept for the next try
        raise TryAgainError(
            f"the connection broke after {done} bytes",
            where=display(url),
            hint="the same command again goes on where it stopped",
        ) from error
    return done


def _keep(known: Path, url: str, answer: httpx.Response) -> None:
    validator = _Validator(
        url=url,
        etag=answer.headers.get("ETag", ""),
        modified=answer.headers.get("Last-Modified", ""),
    )
    files.write(known, json.dumps(asdict(validator)).encode())


def _load(known: Path, url: str) -> _Validator:
    with suppress(OSError, ValueError, TypeError):
        found = _Validator(**json.loads(known.read_text(encoding="utf-8")))
        if found.url == url:
            return found
    return _Validator()


def _unreachable(url: str, error: Exception) -> PodkitError:
    why = str(error) or type(error).__name__
    return TryAgainError(
        f"the server cannot be reached: {display(why)}",
        where=display(url),
        hint="look at the address, or try again later",
    )

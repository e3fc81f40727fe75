"""Asking servers as Apple does: HEAD, the first byte, a byte in the middle; each once, with a deadline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpcore
import httpx

from podkit import __version__
from podkit.errors import PodkitError
from podkit.model.served import ORIGIN, Answer, Kind, Served
from podkit.model.text import display
from podkit.web.fetch import GuardedTransport, check_address, joined
from podkit.web.gate import GuardedBackend, is_loopback
from podkit.web.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable

HOPS: Final = 10
"""Redirects that are followed; a rule says how many are too many."""
_REDIRECT = frozenset([301, 302, 303, 307, 308])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One address to look at: `length` in bytes as the feed says, 0 unknown; `whole` reads it all.

    What has more than `limit` bytes is not read to its end, nor what has the marks that are `known`.
    """

    url: str
    kind: Kind
    length: int = 0
    whole: bool = False
    limit: int = 0
    known: tuple[str, str, str] | None = None


def look(
    questions: Sequence[Question],
    *,
    start: str = "",
    hosts: Iterable[str] = (),
    at_once: int = 4,
    deadline: float = 30.0,
    tell: Callable[[str], None] = lambda _url: None,
) -> tuple[Served, ...]:
    """Ask about every address; whatever a server does, each has its answer after the deadline.

    Args:
        questions: what to ask; an address that comes twice is asked once.
        start: the feed's own address; on this machine, others here may be asked too.
        hosts: private hosts that a person allowed.
        at_once: how many are asked at once.
        deadline: seconds for each address (ten times as many where media is read whole).
        tell: told of each address that is done.
    """
    loopback = is_loopback(urlsplit(start).hostname or "") if start else False
    allowed = tuple(hosts)

    patience = Patience()

    def one(question: Question) -> Served:
        backend = GuardedBackend(hosts=allowed, loopback=loopback, patience=patience)
        with (
            patience.of(deadline * (10 if question.whole and not question.limit else 1)),
            httpx.Client(
                transport=GuardedTransport(backend),
                headers={"User-Agent": f"podkit/{__version__}", "Accept": "*/*", "Origin": ORIGIN},
                timeout=httpx.Timeout(min(deadline, 20.0)),
                trust_env=False,
            ) as client,
        ):
            served = _asked(client, question)
            late = patience.over and served.fault
        tell(question.url)
        return replace(served, fault="it did not answer in time") if late else served

    with ThreadPoolExecutor(max_workers=max(at_once, 1)) as pool:
        return tuple(pool.map(one, dict.fromkeys(questions)))


def _asked(client: httpx.Client, question: Question) -> Served:
    served = Served(url=question.url, kind=question.kind)
    try:
        check_address(question.url)
        served = _headed(client, served)
        if question.kind is Kind.FEED:
            return _fed(client, served)
        if question.kind is Kind.MEDIA:
            served = _ranged(client, served, question.length)
        known = served.first is not None and served.first.marks == question.known
        return _read(client, served, question.limit) if question.whole and not known else served
    except PodkitError as error:
        return replace(served, fault=error.message)
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, OSError) as error:
        return replace(served, fault=display(str(error) or type(error).__name__))


def _headed(client: httpx.Client, served: Served) -> Served:
    """Follow the redirects by HEAD, and by GET where a server refuses HEAD."""
    hops: list[str] = []
    here, method = served.url, "HEAD"
    refused: Answer | None = None
    while True:
        check_address(here)
        answer, there = _once(client, method, here, {})
        if answer.status in _REDIRECT and there:
            if len(hops) == HOPS:
                return replace(served, hops=tuple(hops), fault=f"over {HOPS} redirects")
            if there in hops or there == served.url:
                return replace(served, hops=(*hops, there), fault="its redirects go in a circle")
            hops.append(there)
            here = there
        elif method == "HEAD" and answer.status in {403, 404, 405, 501}:
            refused, method = answer, "GET"
        else:
            return replace(served, head=refused or answer, hops=tuple(hops), first=answer)


def _once(
    client: httpx.Client, method: str, url: str, headers: Mapping[str, str]
) -> tuple[Answer, str]:
    """One answer without its body, and where it leads."""
    asked = {"Accept-Encoding": "identity", **headers}
    with client.stream(method, url, headers=asked) as answer:
        found = Answer(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
        )
        there = answer.headers.get("Location", "")
        return found, joined(url, there) if there else ""


def _ranged(client: httpx.Client, served: Served, length: int) -> Served:
    first, _ = _once(client, "GET", served.final, {"Range": "bytes=0-0"})
    known = first.headers.get("content-range", "").rpartition("/")[2]
    whole = int(known) if known.isdigit() else length
    middle_at = max(whole // 2, 1)
    middle, _ = _once(client, "GET", served.final, {"Range": f"bytes={middle_at}-{middle_at}"})
    return replace(served, first=first, middle=middle, middle_at=middle_at)


def _fed(client: httpx.Client, served: Served) -> Served:
    """A feed is asked again with its validators: unchanged, it answers 304."""
    first, _ = _once(client, "GET", served.final, {})
    conditions = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
    headers = {n: first.headers[k] for n, k in conditions.items() if k in first.headers}
    again = _once(client, "GET", served.final, headers)[0] if headers else None
    return replace(served, first=first, again=again)


def _read(client: httpx.Client, served: Served, limit: int) -> Served:
    digest, read = hashlib.sha256(), 0
    with client.stream("GET", served.final, headers={"Accept-Encoding": "identity"}) as answer:
        if answer.status_code != 200:
            return served
        for chunk in answer.iter_raw(1 << 16):
            digest.update(chunk)
            read += len(chunk)
            if limit and read > limit:
                return served
    return replace(served, sha256=digest.hexdigest())

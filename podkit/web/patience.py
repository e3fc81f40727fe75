"""How long podkit waits for a server in all: every wait on a connection ends when the time is over."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl


class Patience(threading.local):
    """What is left of the time for the request that this thread makes.

    A server that sends a byte now and then never lets a single wait time out; the sum of all waits
    does, be it in a handshake, in a header or in a body.
    """

    def __init__(self) -> None:
        self._until = math.inf

    @contextmanager
    def of(self, seconds: float) -> Iterator[None]:
        """Spend at most so many seconds on what the block asks; an outer block may allow less."""
        before = self._until
        self._until = min(before, time.monotonic() + seconds)
        try:
            yield
        finally:
            self._until = before

    def renew(self, seconds: float) -> None:
        """From now on so many seconds, in the block that is open: what came earned them."""
        self._until = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether the time is spent."""
        return time.monotonic() >= self._until

    @property
    def rest(self) -> float:
        """Seconds that are left, not less than none."""
        return max(self._until - time.monotonic(), 0.0)

    def wait(self, timeout: float | None) -> float:
        """How long one wait may take.

        Raises:
            httpcore.ReadTimeout: no time is left.
        """
        if self.over:
            raise httpcore.ReadTimeout("the time is over")
        return self.rest if timeout is None else min(timeout, self.rest)


class PatientStream(httpcore.NetworkStream):
    """A connection whose every wait is cut to what is left."""

    def __init__(self, stream: httpcore.NetworkStream, patience: Patience) -> None:
        self._stream = stream
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes."""
        return self._stream.read(max_bytes, self._patience.wait(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, self._patience.wait(timeout))

    def close(self) -> None:
        """Let go of it, whatever the time."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Shake hands; the same patience counts for what comes after."""
        inner = self._stream.start_tls(ssl_context, server_hostname, self._patience.wait(timeout))
        return PatientStream(inner, self._patience)

    def get_extra_info(self, info: str) -> Any:
        """What the connection says of itself."""
        return self._stream.get_extra_info(info)

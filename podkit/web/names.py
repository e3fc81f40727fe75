"""Where a host is, as the system's resolver says it, and for how long podkit waits to hear it."""

from __future__ import annotations

import socket
import threading
from queue import Empty, SimpleQueue

import httpcore


def addresses_of(host: str, port: int, seconds: float) -> list[str]:
    """Every address of a host, each once, in the resolver's order.

    A resolver waits for its servers as long as the system says, often half a minute for each look-up
    and more where several servers or search domains are listed, and nobody can stop it. So it is
    asked on a thread of its own: when the time is over that thread is left to itself, and ends when
    the resolver does.

    Args:
        host: as it stands in a URL, without brackets.
        port: goes into the look-up as it is.
        seconds: how long to wait.

    Raises:
        httpcore.ConnectError: there is no such host.
        httpcore.ConnectTimeout: nobody said in time.
    """
    heard: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:  # UnicodeError among them: no name can be so written
            heard.put(error)
        else:
            heard.put(list(dict.fromkeys(str(info[4][0]) for info in found)))

    try:
        threading.Thread(target=ask, name=f"look-up of {host}", daemon=True).start()
    except RuntimeError as error:  # there may be no more threads
        raise httpcore.ConnectError(f"nobody can ask where {host} is: {error}") from error
    try:
        answer = heard.get(timeout=seconds)
    except Empty:
        raise httpcore.ConnectTimeout(f"no name server says where {host} is") from None
    if isinstance(answer, Exception):
        raise httpcore.ConnectError(f"there is no host {host}") from answer
    return answer

"""Which machines podkit may talk to: an address is checked after the name is resolved, and then used.

Only public addresses, unless a person named the host, or the feed itself lies on this machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

import httpcore

from podkit.errors import FileError
from podkit.web.names import addresses_of
from podkit.web.patience import Patience, PatientStream

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
# All that is given out in public; what lies outside of it hides, maps or is local (RFC 4291, 2.4).
_UNICAST = ipaddress.IPv6Network("2000::/3")
_RELAYS = ipaddress.IPv4Network("192.88.99.0/24")  # RFC 7526: whoever is near answers


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet, seen through every way to hide another in it."""
    try:
        found: IPv4Address | IPv6Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return _is_public_4(found)
    inside = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
    if found in _NAT64:
        inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if inside is not None:
        return _is_public_4(inside)
    return found in _UNICAST and found.is_global


def _is_public_4(found: IPv4Address) -> bool:
    return found.is_global and not found.is_multicast and found not in _RELAYS


def is_loopback(host: str) -> bool:
    """Whether a host, as it stands in a URL, means this machine."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


class GuardedBackend(httpcore.SyncBackend):
    """Connects to the very address that it has checked, so that a second look-up cannot differ.

    Args:
        hosts: names that a person allowed.
        loopback: whether this machine may be asked.
        patience: how long a thread waits in all.
    """

    def __init__(
        self,
        *,
        hosts: Iterable[str] = (),
        loopback: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self._hosts = {host.strip("[]").rstrip(".").lower() for host in hosts}
        self._loopback = loopback
        self._patience = patience or Patience()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that may be asked and answers.

        Raises:
            FileError: none of them may be asked.
            httpcore.ConnectError: no such host, or nobody answers.
            httpcore.ConnectTimeout: nobody said in time where the host is, or it did not answer.
        """
        addresses = self._allowed(host, port, timeout)
        error: Exception | None = None
        for address in addresses:
            wait = self._patience.wait(timeout)
            try:
                stream = super().connect_tcp(address, port, wait, local_address, socket_options)
                return PatientStream(stream, self._patience)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error or httpcore.ConnectError(f"{host} has no address")

    def _allowed(self, host: str, port: int, timeout: float | None) -> list[str]:
        addresses = addresses_of(host, port, self._patience.wait(timeout))
        if host.strip("[]").rstrip(".").lower() in self._hosts:
            return addresses
        good = [a for a in addresses if is_public(a) or (self._loopback and is_loopback(a))]
        if not good:
            raise FileError(
                f"{host} is in a private network, where a feed has no business",
                hint=f"if you trust it: --allow-host {host}",
            )
        return good

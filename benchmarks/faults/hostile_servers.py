"""What the web can be at its worst: servers on loopback, URL forms, feeds that bite."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

Answer = Callable[[socket.socket, str], None]
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@contextmanager
def server(answer: Answer, host: str = "127.0.0.1") -> Iterator[tuple[int, list[str]]]:
    """A server that gives each connection to a function; yields its port and the requests so far."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, 0), family=family)
    asked: list[str] = []

    def serve(client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            client.settimeout(120)
            asked.append(client.recv(65536).decode("latin-1"))
            answer(client, asked[-1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


CERTIFICATE = Path(__file__).resolve().parents[2] / "tests" / "web" / "loopback.pem"

_LOOK_UP = """
import sys, time
from podkit.errors import TryAgainError
from podkit.web.fetch import Fetcher
begun = time.monotonic()
try:
    with Fetcher("https://podcast.example/", deadline=float(sys.argv[1])) as fetcher:
        fetcher.read("http://silent.example/feed.xml", limit=1000)
except TryAgainError:
    print(time.monotonic() - begun)
"""


@contextmanager
def sealed(answer: Answer) -> Iterator[str]:
    """A server under TLS whose certificate counts as good meanwhile; yields its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with closing(client), suppress(OSError):
                    answer(client, client.recv(65536).decode("latin-1"))

    threading.Thread(target=serve, daemon=True).start()
    os.environ["SSL_CERT_FILE"] = str(CERTIFICATE)
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        del os.environ["SSL_CERT_FILE"]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def unanswered_look_up(folder: Path, deadline: float) -> tuple[float, bool]:
    """How many seconds a fetch takes whose name server never answers, and whether that was asked.

    The name server is a socket on loopback, which only a process with its own /etc/resolv.conf sees.
    """
    own = folder / "resolv.conf"
    own.write_text("nameserver 127.0.0.99\n")
    mounted = f'mount --bind {own} /etc/resolv.conf && exec "$@"'
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounted, "sh"]
    command += [sys.executable, "-c", _LOOK_UP, str(deadline)]
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.settimeout(1.0)
        try:
            silent.bind(("127.0.0.99", 53))
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
            asked = b"silent" in silent.recv(512)
        except OSError:  # no such rights, no such program, or nobody asked
            return 0.0, False
    return float(done.stdout), asked


def saying(content: bytes) -> Answer:
    """Always the same answer."""
    return lambda client, _asked: client.sendall(content)


def dripping(begun: bytes, wait: float) -> Answer:
    """An answer that goes on for ever, a byte (or, without a wait, a lot) at a time."""

    def answer(client: socket.socket, _asked: str) -> None:
        client.sendall(begun)
        piece = b"x" if wait else b"x" * (1 << 20)
        while not threading.Event().wait(wait):
            client.sendall(piece)

    return answer


class Watch:
    """Every connection that this process tries; those to other than the allowed are refused."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.allowed: set[tuple[str, int]] = set()
        self.on = False
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.on or event != "socket.connect":
            return
        address = arguments[1]
        if isinstance(address, tuple) and tuple(address[:2]) in self.allowed:
            return
        self.tried.append(str(address))
        raise ConnectionRefusedError("watched")

    @contextmanager
    def watching(self, *allowed: tuple[str, int]) -> Iterator[list[str]]:
        """Watch in the block; yields what was tried."""
        self.tried, self.allowed, self.on = [], set(allowed), True
        try:
            yield self.tried
        finally:
            self.on = False


INSIDE = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "0x7f.0x0.0x0.0x1", "127.000.000.001", "127.255.255.254", "0", "0.0.0", "0x0", "localhost",
    "LOCALHOST", "localhost.", "127.0.0.1.", "user@127.0.0.1", "user:word@127.0.0.1",
    "podcast.example@127.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::80ff:fffe]", "[fe80::1]",
    "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[::ffff:10.0.0.1]",
    "[::ffff:0:127.0.0.1]", "169.254.169.254", "0xa9fea9fe", "2852039166", "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.1.255", "100.64.0.1", "198.18.0.1", "192.0.0.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "%31%32%37.0.0.1", "\uff11\uff12\uff17.0.0.1",
    "127\u30020\u30020\u30021", "\u2460\u2461\u2466.0.0.1",
)  # fmt: skip
"""Hosts as they stand in a URL, none of which may be asked."""

ELSEWHERE = ("file:///etc/passwd", "ftp://127.0.0.1/", "//[::1]/", "/again", "", "http://[")
"""Where else a redirect may lead."""

SCHEMES = (
    "file:///etc/passwd", "FILE:/etc/passwd", "file://localhost/etc/passwd", "ftp://127.0.0.1/x",
    "data:text/xml,<rss/>", "gopher://127.0.0.1/x", "jar:file:///etc/passwd!/x", "/etc/passwd",
    "dict://127.0.0.1/x", "../../../../../../etc/passwd",
)  # fmt: skip
"""What is given in the place of a feed's address."""


def tls_hang(client: socket.socket, _asked: str) -> None:
    """Say nothing to a handshake."""
    with suppress(OSError, ssl.SSLError):
        client.recv(1)


def xxe(canary: str, url: str) -> list[bytes]:
    """Feeds that would show a file, or ask a server, if entities were looked at."""
    item = (
        "<rss version='2.0'><channel><title>{}</title><item><guid>1</guid></item></channel></rss>"
    )
    declared = (
        f"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://{canary}'>]>",
        f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{url}'>]>",
        f"<!DOCTYPE rss [<!ENTITY x PUBLIC 'p' '{url}'>]>",
        f"<!DOCTYPE rss SYSTEM '{url}'>",
        f"<!DOCTYPE rss PUBLIC '-//p' '{url}'>",
        f"<!DOCTYPE rss [<!ENTITY % p SYSTEM '{url}'> %p;]>",
        f"<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file://{canary}'> %p; <!ENTITY x 'a'>]>",
        f"<!-- c --><?p q?>\n<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://{canary}'>]>",
    )
    found = [(one + item.format("&x;")).encode() for one in declared]
    first = declared[0] + item.format("&x;")
    include = (
        f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' parse='text' href='{canary}'/>"
    )
    sheet = f"<?xml-stylesheet type='text/xsl' href='{url}'?>"
    found += [first.encode("utf-16"), (sheet + first).encode("utf-16-be")]
    return [*found, (sheet + item.format("a")).encode(), item.format(include).encode()]


def bombs(size: int) -> dict[str, bytes]:
    """Files of about so many bytes, each costly to a parser in another way."""
    open_, close = b"<rss version='2.0'><channel><title>t</title>", b"</channel></rss>"
    laughs = b"<!DOCTYPE r [<!ENTITY a0 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    attributes = b"".join(b"<!ATTLIST r a%d CDATA 'x'>" % n for n in range(size // 60))
    used = b"".join(b" a%d=' x '" % n for n in range(size // 40))
    space = b"<rss version='2.0' xmlns:a='" + b"u" * (size // 2) + b"'><channel>"
    item = b"<item><title>a</title><guid>g</guid>%s</item>"
    return {
        "billion laughs": laughs + b"]><r>&a11;</r>",
        "quadratic": b"<!DOCTYPE r [<!ENTITY a '" + b"x" * (size // 2) + b"'>]><r>" + b"&a;" * (size // 6),
        "default attributes": b"<!DOCTYPE r [" + attributes + b"]><r" + used + b"/>",
        "deep nesting": open_ + b"<a>" * (size // 3),
        "deep, within bounds": open_ + (b"<a>" * 150 + b"</a>" * 150) * (size // 1100) + close,
        "many attributes": open_ + b"<a" + b"".join(b" a%d=''" % n for n in range(size // 11)) + b"/>" + close,
        "huge text": open_ + b"<description>" + b"x" * size + b"</description>" + close,
        "huge namespace": space + b"<a:b a:c=''/>" * (size // 26) + close,
        "many namespaces": open_ + b"".join(b"<x%d:a xmlns:x%d='u:%d'/>" % (n, n, n) for n in range(size // 30)) + close,
        "many elements": open_ + b"<a/>" * (size // 4) + close,
        "unknown elements": open_ + item % (b"<o:x xmlns:o='urn:o'>1</o:x>" * (size // 28)) + close,
        "own, never closed": open_ + b"<generator>podkit</generator>" + item % (b"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>" + b"&lt;h2&gt;People&lt;/h2&gt;&lt;ul&gt;" * (size // 36) + b"</c:encoded>") + close,
        "many categories": open_ + b"<category>x</category>" * (size // 22) + close,
        "unclosed": open_ + b"<item><title>" * (size // 13),
        "bare ampersands": open_ + b"<title>" + b"&" * size + b"</title>" + item % b"" + close,
        "a long comment": b"<!--" + b"-x" * (size // 2) + b"--><rss/>",
    }  # fmt: skip

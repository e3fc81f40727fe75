"""Servers that mean harm: they drip, cut, bend and unpack without end, and get nothing for it."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from podkit.errors import FileError, FormatError, TryAgainError
from podkit.web.fetch import Fetcher
from podkit.web.gate import is_public
from podkit.web.unpack import unpacked

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@contextmanager
def server(answer: Callable[[socket.socket, str], None]) -> Iterator[str]:
    """A server that gives each connection and its request to a function."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            client.settimeout(60)
            answer(client, client.recv(65536).decode("latin-1"))

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def saying(content: bytes) -> Callable[[socket.socket, str], None]:
    """A server's answer, always the same."""
    return lambda client, _asked: client.sendall(content)


def dripping(content: bytes) -> Callable[[socket.socket, str], None]:
    """An answer that goes on with a byte now and then, for as long as anybody listens."""

    def answer(client: socket.socket, _asked: str) -> None:
        client.sendall(content)
        while not threading.Event().wait(0.02):
            client.sendall(b"x")

    return answer


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD + b"\r\n"])
def test_a_drip_is_given_up(begun: bytes, tmp_path: Path) -> None:
    """A header or a body that comes byte by byte has an end: no wait is long, but their sum counts."""
    with server(dripping(begun)) as url, Fetcher(url, pause=0.01, deadline=0.6) as fetcher:
        with pytest.raises(TryAgainError, match="too slow"):
            fetcher.read(url, limit=1 << 30)
        with pytest.raises(TryAgainError, match="too slow"):
            fetcher.download(url, tmp_path / "out", limit=1 << 30)
    assert not (tmp_path / "out").exists()


def test_no_handshake_is_given_up(tmp_path: Path) -> None:
    """A server that takes the connection and never says anything, under TLS too."""

    def silent(client: socket.socket, _asked: str) -> None:
        with suppress(OSError):
            client.recv(1)

    with server(silent) as url, Fetcher(url, pause=0.01, deadline=0.6) as fetcher:
        for there in (url, url.replace("http:", "https:")):
            with pytest.raises(TryAgainError, match="too slow"):
                fetcher.read(there, limit=1000)
            with pytest.raises(TryAgainError, match="too slow"):
                fetcher.download(there, tmp_path / "out", limit=1000)


def test_cut_packing_is_not_whole() -> None:
    """A gzip body whose end is missing is not taken for a shorter one; several members are one body."""
    whole = gzip.compress(b"feed" * 5000) + gzip.compress(b"end")
    assert b"".join(unpacked(iter([whole]), "gzip", 1 << 20)) == b"feed" * 5000 + b"end"
    assert b"".join(unpacked((whole[i : i + 1] for i in range(len(whole))), "GZIP ", 1 << 20))[
        -3:
    ] == (b"end")
    with pytest.raises(TryAgainError, match="ends before"):
        list(unpacked(iter([whole[:-9]]), "gzip", 1 << 20))
    with pytest.raises(FormatError, match="nobody asked"):
        list(unpacked(iter([b"x"]), "br", 1 << 20))
    cut = HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"feed" * 5000)[:-9]
    with (
        server(saying(cut)) as url,
        Fetcher(url, pause=0.01) as fetcher,
        pytest.raises(TryAgainError, match="ends before"),
    ):
        fetcher.read(url, limit=1 << 20)


def test_a_piece_that_fills_the_window_is_not_lost() -> None:
    """What the unpacker holds back because it did not fit comes with the next piece."""
    content = bytes(5 << 20)
    assert b"".join(unpacked(iter([gzip.compress(content)]), "gzip", 1 << 20)) == content


def test_a_part_nobody_asked_for(tmp_path: Path) -> None:
    """A part in place of the whole, another file's rest, a packed download: none is taken for the file."""
    part = b"HTTP/1.1 206 Partial Content\r\nConnection: close\r\nContent-Range: bytes 0-3/9\r\n"
    with (
        server(saying(part + b"Content-Length: 4\r\n\r\nabcd")) as url,
        Fetcher(url, pause=0.01) as fetcher,
        pytest.raises(FileError, match="206"),
    ):
        fetcher.read(url, limit=1000)
    packed = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"
    with (
        server(saying(packed)) as url,
        Fetcher(url, pause=0.01) as fetcher,
        pytest.raises(FormatError, match="packed"),
    ):
        fetcher.download(url, tmp_path / "out", limit=1000)
    assert not list(tmp_path.glob("out*"))


def test_another_files_rest(tmp_path: Path) -> None:
    """A server that sends the rest of a new file although If-Range named the old one: begun anew."""
    old, new = b"o" * 1000, b"n" * 1000

    def answer(client: socket.socket, asked: str) -> None:
        if "Range: bytes=" in asked:
            said = 'HTTP/1.1 206 X\r\nETag: "new"\r\nContent-Range: bytes 400-999/1000\r\n'
            client.sendall(said.encode() + b"Content-Length: 600\r\n\r\n" + new[400:])
        elif not begun:
            begun.append(1)
            client.sendall(HEAD + b'ETag: "old"\r\nContent-Length: 1000\r\n\r\n' + old[:400])
        else:
            client.sendall(HEAD + b'ETag: "new"\r\nContent-Length: 1000\r\n\r\n' + new)

    begun: list[int] = []
    with server(answer) as url, Fetcher(url, pause=0.01) as fetcher:
        fetcher.download(url, tmp_path / "out", limit=1 << 20)
    assert (tmp_path / "out").read_bytes() == new


def test_nothing_left_to_ask_for(tmp_path: Path) -> None:
    """A run killed after the last byte: the server has no rest (416), and the next run still ends."""
    sound = b"s" * 1000

    def answer(client: socket.socket, asked: str) -> None:
        if "Range: bytes=" in asked:
            client.sendall(
                b"HTTP/1.1 416 X\r\nContent-Range: bytes */1000\r\nContent-Length: 0\r\n\r\n"
            )
        else:
            client.sendall(HEAD + b'ETag: "e"\r\nContent-Length: 1000\r\n\r\n' + sound)

    with server(answer) as url, Fetcher(url, pause=0.01) as fetcher:
        (tmp_path / "out.part").write_bytes(sound)
        (tmp_path / "out.part.json").write_text(
            f'{{"url": "{url}", "etag": "\\"e\\"", "modified": ""}}'
        )
        assert fetcher.download(url, tmp_path / "out", limit=1 << 20) == 1000
    assert (tmp_path / "out").read_bytes() == sound


@pytest.mark.parametrize("there", ["http://[", "//[::1", "http://a b/", "\\\\x", "http://%zz/"])
def test_a_broken_redirect(there: str) -> None:
    """A redirect to what is no address is an error in words."""
    said = f"HTTP/1.1 302 X\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode()
    with (
        server(saying(said)) as url,
        Fetcher(url, pause=0.001) as fetcher,
        pytest.raises((FileError, TryAgainError)),
    ):
        fetcher.read(url, limit=1000)


@pytest.mark.parametrize(
    "inside",
    [
        "::7f00:1",
        "fec0::1",
        "64:ff9b:1::7f00:1",
        "::ffff:0:7f00:1",
        "fe80::1%eth0",
        "fd00::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:a00:1::",
        "192.88.99.1",
        "240.0.0.1",
        "5f00::1",
    ],
)
def test_addresses_inside(inside: str) -> None:
    """IPv6 that hides, maps or is local does not count as public."""
    assert not is_public(inside)
    assert is_public("64:ff9b::808:808")

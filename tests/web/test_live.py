"""Servers that do not let go: whatever they do, each address has its answer after the deadline."""

from __future__ import annotations

import hashlib
import socket
import threading
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from podkit.model.served import Kind
from podkit.web.live import Question, look


@pytest.fixture
def drip():
    """A server that sends a byte of a header now and then, for as long as it is listened to."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve(client) -> None:
        with closing(client), suppress(OSError):
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                client.sendall(b"x")

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/a.mp3"
    stop.set()
    server.close()


def test_a_slow_drip_is_given_up(drip):
    """A header that never ends is a fault and no hang."""
    (served,) = look([Question(url=drip, kind=Kind.MEDIA)], start=drip, deadline=0.5)
    assert served.fault
    assert served.head is None


@pytest.fixture
def picture():
    """The address of a picture of 1,000 bytes, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.command)
            self.send_response(200)
            for name, value in (("Content-Type", "image/png"), ("ETag", '"1"')):
                self.send_header(name, value)
            self.send_header("Content-Length", "1000")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            with suppress(OSError):
                self.wfile.write(b"x" * 1000)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/c.png", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("limit", "known", "is_read", "requests"),
    [
        (1000, None, True, ["HEAD", "GET"]),
        (999, None, False, ["HEAD", "GET"]),
        (1000, ('"1"', "", "1000"), False, ["HEAD"]),
        (1000, ('"0"', "", "1000"), True, ["HEAD", "GET"]),
    ],
)
def test_a_picture_is_read_once_and_within_its_limit(picture, limit, known, is_read, requests):
    """One that has the marks that are known is not read, one that is too large not to its end."""
    url, asked = picture
    question = Question(url=url, kind=Kind.ARTWORK, whole=True, limit=limit, known=known)
    (served,) = look([question], start=url)
    assert served.fault == ""
    assert served.sha256 == (hashlib.sha256(b"x" * 1000).hexdigest() if is_read else "")
    assert asked == requests


def test_nobody_there_is_a_fault():
    """A port where nobody listens, a host in a private network, and what is no address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    gone = f"http://127.0.0.1:{port}/"
    questions = [
        Question(url=gone, kind=Kind.FEED),
        Question(url="http://10.0.0.1/a.mp3", kind=Kind.MEDIA),
        Question(url="ftp://example.com/a.mp3", kind=Kind.MEDIA),
    ]
    answers = look(questions, start=gone, deadline=5.0)
    assert [bool(one.fault) for one in answers] == [True, True, True]
    assert "private network" in answers[1].fault
    assert "http" in answers[2].fault

"""I04: no redirect takes podkit from a sealed connection to an open one; a server here has both."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from podkit.errors import FileError
from podkit.model.served import Kind
from podkit.web.fetch import Fetcher
from podkit.web.live import Question, look

CERTIFICATE = Path(__file__).with_name("loopback.pem")  # of 127.0.0.1, with its key; for tests only


@contextmanager
def web(paths: list[str], *, leads_to: str = "", sealed: bool = False) -> Iterator[str]:
    """A server that notes what it is asked for, and answers, or leads elsewhere; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(302 if leads_to else 200)
            if leads_to:
                self.send_header("Location", leads_to)
            self.send_header("Content-Length", "0" if leads_to else "4")
            self.end_headers()
            if not leads_to and self.command == "GET":
                self.wfile.write(b"fine")

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if sealed:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http{'s' * sealed}://127.0.0.1:{server.server_port}/a"
        server.shutdown()


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of the test counts as good."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def test_never_from_https_to_http(tmp_path: Path) -> None:
    """Refused in words for a text and for a download, and the open server is not asked."""
    asked: list[str] = []
    with (
        web(asked) as open_,
        web([], leads_to=open_, sealed=True) as url,
        Fetcher(url, pause=0.01) as fetcher,
    ):
        with pytest.raises(FileError, match="leads from https to http"):
            fetcher.read(url, limit=1000)
        with pytest.raises(FileError, match="leads from https to http"):
            fetcher.download(url, tmp_path / "out", limit=1000)
    assert asked == []


def test_from_http_to_https() -> None:
    """The other way is followed, and the certificate is looked at."""
    with (
        web([], sealed=True) as sealed,
        web([], leads_to=sealed) as url,
        Fetcher(url, pause=0.01) as fetcher,
    ):
        found = fetcher.read(url, limit=1000)
    assert (found.url, found.content) == (sealed, b"fine")


def test_a_live_check_tells(tmp_path: Path) -> None:
    """Lint follows it, as an app would, and keeps every address on the way for the rule to tell."""
    with web([]) as open_, web([], leads_to=open_, sealed=True) as url:
        (served,) = look([Question(url=url, kind=Kind.MEDIA)], start=url)
    assert served.hops == (open_,)
    assert not served.fault

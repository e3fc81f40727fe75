"""Looking up a host has an end whatever name servers do, and one look-up is all that counts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from podkit.errors import FileError, TryAgainError
from podkit.model.served import Kind
from podkit.web.fetch import Fetcher
from podkit.web.live import Question, look


@pytest.fixture
def gave_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A system whose name servers are silent; the event says that its resolver stopped waiting."""
    over, stopped = threading.Event(), threading.Event()

    def resolver(*_: object, **__: object) -> None:
        over.wait(60)
        stopped.set()
        raise socket.gaierror(socket.EAI_AGAIN, "no server could be reached")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    yield stopped
    over.set()


def test_a_silent_name_server_is_given_up(gave_up: threading.Event, tmp_path: Path) -> None:
    """I08: the deadline of a text, of a download and of a live check ends the look-up too."""
    url = "http://silent.example/a.mp3"
    with Fetcher("https://podcast.example/", pause=0.01, deadline=0.3) as fetcher:
        with pytest.raises(TryAgainError, match="too slow"):
            fetcher.read(url, limit=1000)
        with pytest.raises(TryAgainError, match="too slow"):
            fetcher.download(url, tmp_path / "out", limit=1000)
    (served,) = look([Question(url=url, kind=Kind.MEDIA)], deadline=0.3)
    assert served.fault == "it did not answer in time"
    assert not gave_up.is_set()  # none of them waited for the resolver


def test_no_such_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the resolver says, it says of a host; a name that nobody could have is no other error."""

    def resolver(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with Fetcher("https://podcast.example/", pause=0.001) as fetcher:
        with pytest.raises(TryAgainError, match="there is no host none"):
            fetcher.read("http://none.example/", limit=1000)
        with pytest.raises((FileError, TryAgainError)):
            fetcher.read(f"http://{'a' * 70}.example/", limit=1000)


def test_a_name_that_turns_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """I05: only addresses that were checked are connected to, whatever the next look-up says."""
    answers = iter(["8.8.8.8", "127.0.0.1", "127.0.0.1"])
    tried: list[str] = []

    def resolver(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(socket, "create_connection", connect)
    with (
        Fetcher("https://podcast.example/", pause=0.001) as fetcher,
        pytest.raises(FileError, match="private network"),
    ):
        fetcher.read("http://rebinding.example/", limit=1000)
    assert tried == ["8.8.8.8"]

"""The fetcher against real servers: whole files only, gone on with after a cut, and never a private host."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from web_servers import breaking_cable, free_port, nginx

from podkit.errors import FileError, FormatError, TryAgainError
from podkit.web.fetch import Fetcher
from podkit.web.gate import is_public

SOUND = os.urandom(900_000)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one large file in it."""
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(SOUND)
    return folder


@pytest.mark.need("nginx")
def test_goes_on_after_a_cut(root: Path, tmp_path: Path) -> None:
    """A connection that breaks again and again: every byte is there once, and only rests were asked."""
    port = free_port()
    with (
        nginx(root, tmp_path / "state", port=port),
        breaking_cable(port, after=200_000, times=3) as cable,
        Fetcher("http://127.0.0.1/", pause=0.01) as fetcher,
    ):
        size = fetcher.download(f"http://127.0.0.1:{cable}/a.mp3", tmp_path / "out", limit=1 << 30)
    assert size == len(SOUND)
    assert (tmp_path / "out").read_bytes() == SOUND
    log = (tmp_path / "state" / "access.log").read_text()
    assert [line.split('" ')[1][:3] for line in log.splitlines()] == ["200", "206", "206", "206"]
    assert not list(tmp_path.glob("out.part*"))


@pytest.mark.need("nginx")
def test_changed_file_begins_anew(root: Path, tmp_path: Path) -> None:
    """What an earlier run left of another version is not mixed with this one."""
    port = free_port()
    out = tmp_path / "out"
    with nginx(root, tmp_path / "state", port=port) as url, Fetcher(url, pause=0.01) as fetcher:
        (tmp_path / "out.part").write_bytes(b"old" * 1000)
        known = {"url": url + "a.mp3", "etag": '"old"', "modified": ""}
        (tmp_path / "out.part.json").write_text(json.dumps(known))
        fetcher.download(url + "a.mp3", out, limit=1 << 30)
    assert out.read_bytes() == SOUND


@pytest.mark.need("nginx")
def test_limits_and_redirects(root: Path, tmp_path: Path) -> None:
    """Too large, packed to look small, turning in a circle, leading to a file: refused with a reason."""
    (root / "bomb.xml.gz").write_bytes(gzip.compress(bytes(30_000_000)))
    more = (
        "gzip_static off;"
        "location /loop { return 302 /loop; }"
        "location /file { return 302 file:///etc/passwd; }"
        "location /inside { return 302 http://10.0.0.1/; }"
        f"location /bomb {{ alias {root}/bomb.xml.gz; add_header Content-Encoding gzip; }}"
        "location /busy { return 503; }"
    )
    with nginx(root, tmp_path / "state", more=more) as url, Fetcher(url, pause=0.01) as fetcher:
        assert fetcher.read(url + "a.mp3", limit=1_000_000).content == SOUND
        with pytest.raises(FormatError, match="larger"):
            fetcher.read(url + "a.mp3", limit=100_000)
        with pytest.raises(FormatError, match="larger"):
            fetcher.read(url + "bomb", limit=1_000_000)
        with pytest.raises(FormatError, match="larger"):
            fetcher.download(url + "a.mp3", tmp_path / "out", limit=100_000)
        with pytest.raises(FileError, match="redirected more than"):
            fetcher.read(url + "loop", limit=1000)
        with pytest.raises(FileError, match="no http"):
            fetcher.read(url + "file", limit=1000)
        with pytest.raises(FileError, match="private network"):
            fetcher.read(url + "inside", limit=1000)
        with pytest.raises(FileError, match="404"):
            fetcher.read(url + "none", limit=1000)
        with pytest.raises(TryAgainError, match="503"):
            fetcher.read(url + "busy", limit=1000)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://user:word@127.0.0.1/",
        "http://127.0.0.1./",
        "http://localhost/",
        "file:///etc/passwd",
        "ftp://podcast.example/x",
        "data:text/plain,x",
        "/etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_private_hosts(url: str) -> None:
    """However it is spelt, an address inside is not asked."""
    with Fetcher("https://podcast.example/feed.xml", pause=0.001) as fetcher:
        with pytest.raises((FileError, TryAgainError)) as refused:
            fetcher.read(url, limit=1000)
        assert "refused" not in refused.value.message


def test_public_addresses() -> None:
    """Ordinary addresses pass the gate, also when they are written as IPv6."""
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert not is_public("ff02::1")
    assert not is_public("224.0.0.1")
    assert not is_public("2002:7f00:1::")
    assert not is_public("nonsense")

"""`podkit lint --live` against a real nginx that does wrong what servers do wrong."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import closing

import pytest
from whole_runs import complaint, podkit

CONF = """\
daemon off;
master_process off;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
  uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
  types {{ application/rss+xml xml; audio/mpeg mp3; image/jpeg jpg; text/vtt vtt; }}
  default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{port};
    root {root}/www;
    location /cors/ {{ add_header Access-Control-Allow-Origin *; types {{ application/json+chapters json; text/vtt vtt; }} }}
    location /nohead/ {{ if ($request_method = HEAD) {{ return 405; }} }}
    location /norange/ {{ max_ranges 0; }}
    location /wrongtype/ {{ types {{ }} default_type text/plain; }}
    location /loop/ {{ return 302 /loop2/a.mp3; }}
    location /loop2/ {{ return 302 /loop/a.mp3; }}
    location ~ ^/hop/([0-9])/(.*)$ {{ return 302 /hop$1/$2; }}
    location /elsewhere/ {{ return 302 http://127.0.0.1:{port}/media/b.bin?id=7; }}
    location /secret/ {{ return 403; }}
    location /nodate/ {{ add_header Last-Modified ""; etag off; if_modified_since off; }}
  }}
}}
"""
FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
     xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>T</title>
<itunes:image href="{base}/{image}"/>
<item><title>One</title><guid>1</guid>
<enclosure url="{base}/{media}" length="{length}" type="audio/mpeg"/>
<podcast:chapters url="{base}/{chapters}" type="application/json+chapters"/>
<podcast:transcript url="{base}/{transcript}" type="text/vtt"/>
</item></channel></rss>
"""
GOOD = {
    "image": "media/cover.jpg",
    "media": "media/a.mp3",
    "length": 3000,
    "chapters": "cors/c.json",
    "transcript": "cors/t.vtt",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server on a free port of this machine, and the folder that it serves."""
    root = tmp_path_factory.mktemp("nginx")
    www = root / "www"
    for folder in ("media", "cors", "nohead", "norange", "wrongtype", "nodate", "plain"):
        (www / folder).mkdir(parents=True)
        (www / folder / "a.mp3").write_bytes(b"x" * 3000)
        (www / folder / "cover.jpg").write_bytes(b"\xff\xd8\xff" + b"x" * 100)
        (www / folder / "c.json").write_text("{}", encoding="utf-8")
        (www / folder / "t.vtt").write_text("WEBVTT\n", encoding="utf-8")
    (www / "media" / "b.bin").write_bytes(b"x" * 3000)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (root / "nginx.conf").write_text(CONF.format(root=root, port=port), encoding="utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    server = subprocess.Popen([program, "-p", root, "-c", root / "nginx.conf"])
    base = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    yield base, www
    server.terminate()
    server.wait()


def findings(site, feed="feed.xml", **changes: object):
    """What --live finds of the servers, by code."""
    base, www = site
    text = FEED.format(base=base, **(GOOD | changes))
    (www / feed).parent.mkdir(exist_ok=True)
    (www / feed).write_text(text, encoding="utf-8")
    said = podkit("lint", f"{base}/{feed}", "--live", "--select", "PK43,PK44", "--json", code=None)
    return {f["code"]: f["message"] for f in json.loads(said)["findings"]}


@pytest.mark.need("nginx")
def test_a_good_server_has_no_finding(site):
    """What nginx does by itself is right."""
    assert findings(site) == {}


@pytest.mark.need("nginx")
@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"media": "nohead/a.mp3"}, "PK432", "405"),
        ({"image": "nohead/cover.jpg"}, "PK432", "405"),
        ({"media": "media/none.mp3"}, "PK432", "404"),
        ({"media": "norange/a.mp3"}, "PK433", "200, not 206"),
        ({"length": 2999}, "PK433", "3000 bytes, the feed says 2999"),
        ({"media": "wrongtype/a.mp3"}, "PK434", "text/plain"),
        ({"media": "loop/a.mp3"}, "PK435", "circle"),
        ({"media": "elsewhere/a.mp3"}, "PK435", "no .mp3"),
        ({"image": "nodate/cover.jpg"}, "PK436", "Last-Modified"),
        ({"chapters": "plain/c.json"}, "PK438", "Access-Control-Allow-Origin"),
        ({"transcript": "plain/t.vtt"}, "PK438", "Access-Control-Allow-Origin"),
        ({"chapters": "wrongtype/c.json"}, "PK439", "text/plain"),
        ({"transcript": "cors/none.vtt"}, "PK440", "404"),
    ],
)
def test_each_fault_of_a_server_is_named(site, changes, code, said):
    """The rule that it breaks, with the address and what was answered."""
    found = findings(site, **changes)
    assert code in found
    assert said in found[code]


@pytest.mark.need("nginx")
def test_a_feed_without_dates_or_of_another_type(site):
    """PK437: no validator, another type; PK431 where it is refused."""
    found = findings(site, feed="nodate/feed.xml")
    assert "neither ETag nor Last-Modified" in found["PK437"]
    assert "text/plain" in findings(site, feed="wrongtype/feed.xml")["PK437"]


@pytest.mark.need("nginx")
def test_private_addresses_are_not_asked(site, tmp_path):
    """A feed from a file may not make podkit look around in a private network, unless allowed."""
    base, _ = site
    path = tmp_path / "feed.xml"
    path.write_text(FEED.format(base=base, **GOOD), encoding="utf-8")
    words = ("lint", path, "--live", "--select", "PK43,PK44", "--json")
    found = {f["code"]: f["message"] for f in json.loads(podkit(*words, code=None))["findings"]}
    assert "private network" in found["PK432"]
    assert json.loads(podkit(*words, "--allow-host", "127.0.0.1", code=None))["findings"] == []
    assert "http" in complaint("lint", "ftp://example.com/feed.xml")

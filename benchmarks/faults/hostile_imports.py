"""Imports from feeds that mean harm, that are broken, or from servers that cut: what becomes of the show."""

from __future__ import annotations

import hashlib
import random
import socket
import tempfile
import threading
import traceback
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import shows
from harness import NOW, PODKIT, Figures, must, podkit, portion, rng, run_and_kill
from hostile_servers import HEAD, saying, server

from podkit.errors import PodkitError
from podkit.feed.read import from_xml
from podkit.steps.import_feed import import_feed
from podkit.steps.import_report import ImportOrder
from podkit.web.fetch import Fetcher

ACTS = (
    "<script>pwned()</script>", "<img src=x onerror=pwned()>", "<a href='javascript:pwned()'>x</a>",
    "<svg onload=pwned()>", "<iframe src='javascript:pwned()'></iframe>", "'\"><script>pwned()</script>",
    "{{ pwned() }}", "[x](javascript:pwned())", "<a href='data:text/html,pwned'>x</a>", "]]><script>pwned()",
    "<math><mtext><style><img title='</style><img src=x onerror=pwned()>'>",
    "<object data='javascript:pwned()'></object>",
)  # fmt: skip
PLACES = (
    "title", "link", "description", "author", "category", "copyright", "generator", "language", "guid",
    "comments", "content:encoded", "itunes:author", "itunes:subtitle", "itunes:summary", "itunes:title",
    "itunes:keywords", "itunes:episodeType", "podcast:person", "podcast:location", "podcast:license",
    "podcast:soundbite", "podcast:funding", "podcast:season", "podcast:txt", "other:text",
)  # fmt: skip
LINKS = (
    "<itunes:image href='{0}'/>", "<podcast:chapters url='{0}' type='application/json+chapters'/>",
    "<podcast:transcript url='{0}' type='text/vtt'/>", "<podcast:funding url='{0}'>a</podcast:funding>",
    "<podcast:person href='{0}' img='{0}'>P</podcast:person>", "<atom:link rel='next' href='{0}'/>",
    "<atom:link rel='hub' href='{0}'/>", "<media:thumbnail url='{0}'/>", "<media:content url='{0}' medium='audio'/>",
    "<podcast:alternateEnclosure type='audio/mpeg'><podcast:source uri='{0}'/></podcast:alternateEnclosure>",
    "<podcast:images srcset='{0} 1w'/>", "<podcast:socialInteract uri='{0}' protocol='activitypub'/>",
    "<itunes:new-feed-url>{0}</itunes:new-feed-url>", "<image><url>{0}</url></image>", "<link>{0}</link>",
    "<podcast:trailer url='{0}' pubdate='Mon, 09 Nov 2026 06:00:00 GMT'>t</podcast:trailer>",
    "<podcast:license url='{0}'>l</podcast:license>", "<comments>{0}</comments>",
    "<content:encoded>&lt;img src='{0}'&gt;</content:encoded>",
)  # fmt: skip
_ROOT = (
    "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    " xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:atom='http://www.w3.org/2005/Atom'"
    " xmlns:media='http://search.yahoo.com/mrss/' xmlns:podcast='https://podcastindex.org/namespace/1.0'"
    " xmlns:other='urn:other'><channel>"
)
_SOUND = "<enclosure url='https://media.example/{0}.mp3' length='1' type='audio/mpeg'/>"


class _Acting(HTMLParser):
    """Finds what a browser would run for the feed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        for name, value in attrs:
            bare = "".join((value or "").split()).lower()
            acts = bare.startswith(("javascript:", "vbscript:", "data:text/html"))
            if acts or (name.startswith("on") and "pwned" in bare):
                self.found.append(f"<{tag} {name}={bare[:40]}>")

    def handle_data(self, data: str) -> None:
        if self._script and "pwned" in data:
            self.found.append("a script")

    def handle_endtag(self, tag: str) -> None:
        self._script = self._script and tag != "script"


def content_gate(folder: Path) -> Figures:
    """I09 and I11: every address in a feed leads inside, every text holds something active."""
    figures = Figures(name="I09 I11 what a feed holds")
    with server(saying(HEAD + b"\r\n")) as (port, asked):
        here = f"http://127.0.0.1:{port}/"
        text = _ROOT + "<title>Inside</title>" + "".join(LINKS).format(here)
        text += "<item><title>a</title><guid>a</guid>" + "".join(LINKS).format(here)
        text += (
            f"<enclosure url='{here}a.mp3' length='1' type='audio/mpeg'/></item></channel></rss>"
        )
        (folder / "inside.xml").write_text(text)
        for words in (("import", "inside.xml", "with-media"), ("import", "inside.xml", "without", "--no-media"),
                      ("lint", "inside.xml", "--live")):  # fmt: skip
            done = podkit(*words, cwd=folder)
            figures.tried += len(LINKS)
            if done.code not in {0, 1, 3, 4} or "Traceback" in done.err:
                figures.wrong.append(f"{words}: {done.code} {done.last()}")
        figures.wrong += [f"a request: {one[:60]}" for one in asked]
        figures.notes["hits"] = len(asked)
    for number, act in enumerate(rng("acts").sample(ACTS, max(portion(len(ACTS)), 2))):
        escaped = act.replace("&", "&amp;").replace("<", "&lt;")
        everywhere = "".join(f"<{place}>{escaped}</{place}>" for place in PLACES)
        item = "<item>" + everywhere + _SOUND.format(number) + "</item>"
        feed = folder / f"act-{number}.xml"
        feed.write_text(_ROOT + everywhere + item + "</channel></rss>")
        show = folder / f"act-{number}"
        done = podkit("import", feed, show, "--no-media")
        figures.tried += len(PLACES)
        if done.code not in {0, 4}:
            figures.wrong.append(f"{act}: import ended with {done.code}: {done.last()}")
            continue
        built = podkit("-C", show, "build", "--now", NOW)
        if built.code:
            figures.wrong.append(f"{act}: build ended with {built.code}: {built.last()}")
        figures.wrong += [f"{act}: {one}" for one in _acting(show / "public")]
    figures.notes["active"] = sum("<" in one for one in figures.wrong)
    return figures


def _acting(public: Path) -> list[str]:
    found = []
    for path in public.rglob("*.html"):
        page = _Acting()
        page.feed(path.read_text(encoding="utf-8"))
        found += [f"{path.name} {one}" for one in page.found]
    for path in public.glob("*.xml"):
        spec = from_xml(path.read_bytes())
        for item in spec.items:
            notes = _Acting()
            notes.feed(item.content + item.description)
            links = _Acting()
            links.feed(f'<a href="{quote(item.link, safe=":/")}">')
            found += [f"{path.name} {one}" for one in notes.found + links.found]
    return found


def broken(folder: Path) -> Figures:
    """I12: feeds that are damaged in many ways are taken, or refused in words; never a traceback."""
    figures = Figures(name="I12 broken feeds")
    outcomes: Counter[str] = Counter()
    item = "<item><title>Ж {0}</title><guid>g{0}</guid><pubDate>Mon, 09 Nov 2026 06:00:00 GMT</pubDate>"
    whole = _ROOT + "<title>Їжак</title><link>https://podcast.example/</link>"
    whole += (
        "".join(item.format(n) + _SOUND.format(n) + "</item>" for n in range(4))
        + "</channel></rss>"
    )
    for number in range(portion(100)):
        figures.tried += 1
        feed = folder / "odd.xml"
        feed.write_bytes(_odd(whole, number))
        with tempfile.TemporaryDirectory(dir=folder) as there:
            try:
                order = ImportOrder(feed=str(feed), folder=Path(there) / "s", media=False)
                report = import_feed(order, None)
                outcomes["partly" if report.failed else "taken"] += 1
            except PodkitError:
                outcomes["refused"] += 1
            except Exception:  # noqa: BLE001 (that is what is looked for)
                figures.wrong.append(f"{number}: {traceback.format_exc()[-300:]}")
    figures.notes = dict(outcomes)
    return figures


def _odd(whole: str, number: int) -> bytes:
    """The feed with one sort of damage; the sort by number, the place by chance."""
    chance = rng("odd", number)
    encodings = (
        "utf-8",
        "utf-16",
        "utf-16-be",
        "utf-32",
        "koi8-u",
        "cp1251",
        "iso8859-5",
        "mac-cyrillic",
    )
    said = chance.choice((*encodings, "utf-7", "idna", "bz2", "no-such", "ascii"))
    swaps = (
        ("<guid>g1</guid>", ""), ("<guid>g1</guid>", "<guid>g0</guid>"), ("<guid>g2</guid>", "<guid/>"),
        ("Mon, 09 Nov 2026 06:00:00 GMT", "gestern"), ("2026", "99999"), ("06:00:00 GMT", "25:61:99 +9999"),
        ("length='1'", "length='-1e99'"), ("length='1'", ""), ("type='audio/mpeg'", "type=''"),
        ("</item>", ""), ("<channel>", ""), ("<title>", "<title>&nbsp;&"), ("xmlns:itunes", "xmlns:x"),
        ("</channel></rss>", ""), ("version='2.0'", ""), ("<rss", "<rdf"), ("https://", "java\u0000script:"),
        ("<title>", "<title>\x0b"), ("https://media.example", "http://[::1"), ("<item>", "<item><item>"),
    )  # fmt: skip
    for old, new in chance.sample(swaps, 1 + number % 3):
        whole = whole.replace(old, new, chance.choice((1, -1)))
    content = f"<?xml version='1.0' encoding='{said}'?>".encode() * (number % 2)
    content += whole.encode(chance.choice(encodings), "replace")
    if number % 5 == 0:
        at = chance.randrange(len(content))
        content = content[:at] + chance.randbytes(9) + content[at + 3 :]
    return content[: chance.randrange(len(content))] if number % 7 == 0 else content


def killed(folder: Path) -> Figures:
    """I13 and I14: an import that is killed again and again, and servers that cut what they send."""
    figures = Figures(name="I13 killed imports")
    sound = shows.make_sound(folder / "sound.wav", seconds=3).read_bytes()
    rounds, episodes = portion(10), 6
    must("probe", folder / "sound.wav")

    def answer(client: socket.socket, asked: str) -> None:
        if "feed.xml" in asked:
            body, kind = feed.encode(), "text/xml"
        else:
            body, kind = sound, "audio/wav"
        start = 0
        status = "200 OK"
        if "Range: bytes=" in asked:
            start = int(asked.partition("Range: bytes=")[2].partition("-")[0])
            status = f"206 X\r\nContent-Range: bytes {start}-{len(body) - 1}/{len(body)}"
        head = (
            f'HTTP/1.1 {status}\r\nConnection: close\r\nETag: "{kind}"\r\nContent-Type: {kind}\r\n'
        )
        client.sendall(f"{head}Content-Length: {len(body) - start}\r\n\r\n".encode())
        for at in range(start, len(body), 20_000):
            client.sendall(body[at : at + 20_000])
            threading.Event().wait(0.005)

    with server(answer) as (port, _):
        base = f"http://127.0.0.1:{port}/"
        items = "".join(
            f"<item><title>E {n}</title><guid>g{n}</guid><enclosure url='{base}{n}.wav' length='{len(sound)}'"
            " type='audio/wav'/></item>" for n in range(episodes)
        )  # fmt: skip
        feed = f"{_ROOT}<title>Killed</title>{items}</channel></rss>"
        at_work = 0
        for number in range(rounds):
            show = folder / f"show-{number}"
            show.mkdir()
            order: list[str | Path] = ["import", base + "feed.xml", show]
            chance = rng("killed", number)
            for _ in range(4):
                after = chance.uniform(0.0, 2.5)
                at_work += run_and_kill([*PODKIT, *order], after, once_changed=show).at_work
                figures.tried += 1
            done = podkit(*order)
            if done.code:
                figures.wrong.append(
                    f"{number}: the last run ended with {done.code}: {done.last()}"
                )
            figures.wrong += _whole(show, episodes, sound)
        figures.notes = {"at work": at_work, "shows": rounds}
    _cut(folder, figures, sound)
    return figures


def _whole(show: Path, episodes: int, sound: bytes) -> list[str]:
    """What is wrong with a show that must have so many episodes, each with this sound."""
    listed = podkit("-C", show, "list", "--json").json()["episodes"]
    guids = sorted(one["guid"] for one in listed)
    wrong = [] if guids == [f"g{n}" for n in range(episodes)] else [f"{show.name}: {guids}"]
    masters = list(show.glob("episodes/*/master.wav"))
    if len(masters) != episodes or any(path.read_bytes() != sound for path in masters):
        wrong.append(f"{show.name}: {len(masters)} masters, or not as they were sent")
    left = [p.name for p in (show / ".podkit").rglob("*.part*")]
    return wrong + [f"{show.name}: left {name}" for name in left]


def _cut(folder: Path, figures: Figures, sound: bytes) -> None:
    """Downloads over a server that cuts, changes its file, and sends parts of the wrong one."""
    other = bytes(reversed(sound))
    wholes = {hashlib.sha256(one).digest() for one in (sound, other)}
    accepted = short = 0
    for number in range(portion(100)):
        chance = rng("cut", number)

        def answer(client: socket.socket, asked: str, chance: random.Random = chance) -> None:
            body = chance.choice((sound, other))
            tag = '"a"' if body is sound else '"b"'
            start = 0
            status = "200 OK"
            if "Range: bytes=" in asked and chance.random() < 0.8:
                start = int(asked.partition("Range: bytes=")[2].partition("-")[0])
                status = f"206 X\r\nContent-Range: bytes {start}-{len(body) - 1}/{len(body)}"
            end = chance.choice((len(body), chance.randrange(start, len(body) + 1)))
            head = f"HTTP/1.1 {status}\r\nConnection: close\r\nETag: {tag}\r\n"
            client.sendall(
                f"{head}Content-Length: {len(body) - start}\r\n\r\n".encode() + body[start:end]
            )

        path = folder / f"cut-{number}"
        figures.tried += 1
        with server(answer) as (port, _), Fetcher(f"http://127.0.0.1:{port}/", pause=0) as fetcher:
            try:
                fetcher.download(f"http://127.0.0.1:{port}/a", path, limit=1 << 30)
            except PodkitError:
                continue
        accepted += 1
        short += hashlib.sha256(path.read_bytes()).digest() not in wholes
    figures.notes |= {"I14 downloads": accepted, "short or mixed": short}
    if short:
        figures.wrong.append(f"{short} downloads are not what was sent")

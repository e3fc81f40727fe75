"""Gives podkit feeds and servers that mean harm, and counts what they get.

    python benchmarks/faults/feeds_hostile.py [ROW…]

Rows I01 to I14 but for names such as I01 given as words. Every server is on loopback; every
connection that is tried elsewhere is seen and refused before it leaves.
"""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from harness import PODKIT, Figures, environment, portion, rng, scratch
from hostile_imports import broken, content_gate, killed
from hostile_servers import (
    ELSEWHERE,
    HEAD,
    INSIDE,
    SCHEMES,
    Watch,
    bombs,
    dripping,
    saying,
    sealed,
    server,
    tls_hang,
    unanswered_look_up,
    xxe,
)  # fmt: skip

from podkit.errors import FileError, PodkitError
from podkit.web.fetch import Fetcher

CPU, MEMORY = 10.0, 512
WHOLE = portion(100) >= 100
SIZE = 10_000_000 if WHOLE else 1_000_000
WATCH = Watch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a command said and used: seconds of processor (its children included) and wall, MB at the most."""

    code: int
    out: str
    cpu: float
    wall: float
    mb: float


def spent(*words: object, cwd: Path) -> Spent:
    """Run podkit and measure it."""
    begun = time.monotonic()
    with (cwd / "said").open("w+b") as said:
        process = subprocess.Popen(
            [*PODKIT, *map(str, words)], cwd=cwd, stdout=said, stderr=said, env=environment(),
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        highest = 0.0
        while True:
            highest = max(highest, _highest(process.pid))
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        out = said.read().decode(errors="replace")
    return Spent(
        code=process.returncode, out=out, cpu=used.ru_utime + used.ru_stime,
        wall=time.monotonic() - begun, mb=highest,
    )  # fmt: skip


def _highest(pid: int) -> float:
    """The most that a process had in memory so far, in MB; wait4 would count what its parent had."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def judge(
    figures: Figures, what: str, done: Spent, *, cpu: float = CPU, mb: float = MEMORY
) -> None:
    """Count a run; wrong is a traceback, a bug, or more than it may use."""
    figures.tried += 1
    if done.code not in {0, 1, 3, 4, 75} or "Traceback" in done.out:
        figures.wrong.append(f"{what}: ended with {done.code}: {done.out.strip()[-200:]}")
    if done.mb > mb:
        figures.wrong.append(f"{what}: {done.mb:.0f} MB")
    if WHOLE and done.cpu > cpu:
        figures.wrong.append(f"{what}: {done.cpu:.1f} s")


def i01(folder: Path) -> Figures:
    """XXE: a canary in a file and a logger on loopback."""
    figures = Figures(name="I01 entities")
    canary = folder / "canary"
    canary.write_text("CANARY-5417")
    with server(saying(HEAD + b"\r\nCANARY-5417")) as (port, asked):
        attacks = xxe(str(canary), f"http://127.0.0.1:{port}/x.dtd")
        for number, content in enumerate(attacks[: portion(len(attacks))]):
            feed = folder / f"{number}.xml"
            feed.write_bytes(content)
            for words in (
                ("lint", feed),
                ("import", feed, folder / f"show-{number}", "--no-media"),
            ):
                done = spent(*words, cwd=folder)
                judge(figures, f"{words[0]} {number}", done)
                made = (p.read_bytes() for p in (folder).glob(f"show-{number}/**/*") if p.is_file())
                if "CANARY-5417" in done.out or any(b"CANARY-5417" in c for c in made):
                    figures.wrong.append(f"{words[0]} {number} shows the file")
        figures.wrong += [f"a request: {one[:60]}" for one in asked]
        figures.notes = {"payloads": len(attacks), "requests": len(asked)}
    return figures


def i02(folder: Path) -> Figures:
    """Files that are costly to parse."""
    figures = Figures(name="I02 bombs")
    made = bombs(SIZE)
    most = Counter[str]()
    for name in rng("bombs").sample(sorted(made), max(portion(len(made)), 3)):
        feed = folder / "bomb.xml"
        feed.write_bytes(made[name])
        show = folder / f"show-{name.replace(' ', '-')}"
        for words in (("lint", feed), ("import", feed, show, "--no-media")):
            done = spent(*words, cwd=folder)
            judge(figures, f"{name}: {words[0]}", done)
            print(
                f"  {name:22}{words[0]:8}{done.code:4}{done.cpu:8.1f} s{done.mb:8.0f} MB",
                flush=True,
            )
            most["s"] = max(most["s"], round(done.cpu))
            most["MB"] = max(most["MB"], round(done.mb))
    figures.notes = {"bytes": SIZE, **{f"at most {k}": v for k, v in most.items()}}
    return figures


def i03(_folder: Path) -> Figures:
    """URL forms that lead inside; every connection that is tried is seen."""
    figures = Figures(name="I03 forms")
    with server(saying(HEAD + b"\r\n")) as (port, asked), WATCH.watching() as tried:
        with Fetcher("https://podcast.example/", pause=0.0, deadline=20) as fetcher:
            for host in INSIDE:
                figures.tried += 1
                for url in (f"http://{host}:{port}/", f"HTTPS://{host}:{port}/"):
                    try:
                        fetcher.read(url, limit=1000)
                        figures.wrong.append(f"{url} was read")
                    except PodkitError:
                        continue
        figures.wrong += [f"connected to {one}" for one in tried] + asked
        figures.notes = {"hits": len(tried) + len(asked)}
    return figures


def i04(_folder: Path) -> Figures:
    """Redirects inside, to files, in a circle, from https to http, and with a password across hosts.

    The server that redirects is the one host that is allowed, 127.0.0.2.
    """
    figures = Figures(name="I04 redirects")
    inside = [f"http://{host}/" for host in INSIDE]
    for there in (*inside[: portion(len(inside))], *ELSEWHERE):
        figures.tried += 1
        said = f"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: {there}\r\n\r\n".encode()
        with server(saying(said), "127.0.0.2") as (port, asked):
            here = ("127.0.0.2", port)
            with WATCH.watching(here) as tried, Fetcher(hosts=["127.0.0.2"], pause=0) as fetcher:
                try:
                    fetcher.read(f"http://127.0.0.2:{port}/", limit=1000)
                    figures.wrong.append(f"{there} was read")
                except PodkitError:
                    pass
            figures.wrong += [f"{there}: connected to {one}" for one in tried]
            if len(asked) > 24:
                figures.wrong.append(f"{there}: {len(asked)} requests")
    with server(saying(HEAD + b"\r\nfine"), "127.0.0.2") as (port, asked):
        moved = f"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: http://127.0.0.2:{port}/\r\n\r\n"
        with server(saying(moved.encode())) as (first, before):
            with Fetcher(hosts=["127.0.0.1", "127.0.0.2"], pause=0) as fetcher:
                fetcher.read(f"http://olha:word@127.0.0.1:{first}/", limit=1000)
            figures.tried += 1
            if "Authorization" not in before[0] or "Authorization" in asked[0]:
                figures.wrong.append("a password went to another host")
    figures.tried += 1
    with server(saying(HEAD + b"\r\nfine")) as (port, asked):
        open_ = f"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:{port}/\r\n\r\n"
        with sealed(saying(open_.encode())) as url, Fetcher(url, pause=0) as fetcher:
            try:
                fetcher.read(url, limit=1000)
                figures.wrong.append("it was led from https to http")
            except FileError:  # TryAgainError would say that the sealed server was not reached
                pass
        figures.wrong += [f"from https to http: {one[:60]}" for one in asked]
    return figures


def i05(_folder: Path) -> Figures:
    """A resolver that answers with a public address first and with this machine then."""
    figures = Figures(name="I05 rebinding")
    real = socket.getaddrinfo
    asked: list[str] = []

    def flipping(host: str, port: int, *_: object, **__: object) -> list[object]:
        if host != "rebinding.example":  # an address stays itself
            return list(real(host, port))
        asked.append(host)
        address = "8.8.8.8" if len(asked) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    for _ in range(portion(50)):
        figures.tried += 1
        with WATCH.watching() as tried, Fetcher("https://podcast.example/", pause=0) as fetcher:
            socket.getaddrinfo = flipping  # type: ignore[assignment]
            try:
                fetcher.read("http://rebinding.example/", limit=1000)
            except PodkitError:
                pass
            finally:
                socket.getaddrinfo = real
        figures.wrong += [f"connected to {one}" for one in tried if "8.8.8.8" not in one]
    figures.notes = {"look-ups": len(asked)}
    return figures


def i06(folder: Path) -> Figures:
    """Files and other schemes in the place of a feed's address."""
    figures = Figures(name="I06 schemes")
    for number, word in enumerate(SCHEMES[: portion(len(SCHEMES))]):
        done = spent("import", word, folder / str(number), cwd=folder)
        judge(figures, word, done)
        if done.code != 1 or "root:" in done.out or (folder / str(number)).exists():
            figures.wrong.append(f"{word}: ended with {done.code}")
    return figures


def i07(folder: Path) -> Figures:
    """Bodies that unpack to 300 MB."""
    figures = Figures(name="I07 packed bombs")
    packed = gzip.compress(bytes(300_000_000), 6)
    length = f"Content-Length: {len(packed)}\r\n\r\n".encode()
    kinds = {
        "gzip": HEAD + b"Content-Encoding: gzip\r\n" + length + packed,
        "brotli": HEAD + b"Content-Encoding: br\r\n" + length + packed,
        "in a redirect": b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Encoding: gzip\r\n" + length + packed,
    }  # fmt: skip
    for name, content in kinds.items():
        with server(saying(content)) as (port, _):
            done = spent("import", f"http://127.0.0.1:{port}/", folder / "x", cwd=folder)
        judge(figures, name, done, mb=150)
        figures.notes[name] = f"{done.mb:.0f} MB"
        if done.code not in {1, 75}:
            figures.wrong.append(f"{name}: ended with {done.code}")
    return figures


def i08(folder: Path) -> Figures:
    """Servers that never come to an end."""
    figures = Figures(name="I08 no end")
    deadline, slack = 3.0, 1.0 if WHOLE else 60.0
    kinds: dict[str, tuple[str, Callable[..., None]]] = {
        "header drip": ("http", dripping(b"HTTP/1.1 200 OK\r\nX: ", 0.2)),
        "body drip": ("http", dripping(HEAD + b"\r\n", 0.2)),
        "endless": ("http", dripping(HEAD + b"\r\n", 0)),
        "TLS": ("https", tls_hang),
        "silence": ("http", tls_hang),
    }
    for name, (scheme, answer) in kinds.items():
        for how in ("read", "download"):
            if (name, how) == ("endless", "download"):
                continue  # what comes fast ends at the limit of bytes
            figures.tried += 1
            begun = time.monotonic()
            with server(answer) as (port, _):
                url = f"{scheme}://127.0.0.1:{port}/"
                try:
                    with Fetcher(url, deadline=deadline) as fetcher:
                        if how == "read":
                            fetcher.read(url, limit=64 << 20)
                        else:
                            fetcher.download(url, folder / "out", limit=64 << 20)
                    figures.wrong.append(f"{name}: {how} came to an end")
                except PodkitError:
                    pass
            took = time.monotonic() - begun
            figures.notes[f"{name} {how}"] = f"{took:.1f} s"
            if took > deadline + slack:
                figures.wrong.append(f"{name}: {how} took {took:.1f} s, allowed {deadline}")
    took, asked = unanswered_look_up(folder, deadline)
    if asked:
        figures.tried += 1
        if took > deadline + slack:
            figures.wrong.append(f"silent name server: {took:.1f} s, allowed {deadline}")
    figures.notes["silent name server"] = f"{took:.1f} s" if asked else "not tried: needs root"
    return figures


def i10(folder: Path) -> Figures:
    """Feeds beyond any size."""
    figures = Figures(name="I10 size")
    count = portion(100_000)
    one = "<item><title>Number {0}</title><guid>g{0}</guid><enclosure url='https://m.example/{0}.mp3' length='1' type='audio/mpeg'/></item>"
    items = "".join(one.format(n) for n in range(count))
    feeds = {
        f"{count} items": f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>",
        "100 MB": "<rss version='2.0'><channel><title>t</title>" + " " * portion(100_000_000) + "</channel></rss>",
        "1 MB title": "<rss version='2.0'><channel><title>" + "t" * 1_000_000 + "</title></channel></rss>",
    }  # fmt: skip
    for name, text in feeds.items():
        feed = folder / "large.xml"
        feed.write_text(text)
        for words in (("lint", feed), ("import", feed, folder / "show", "--no-media", "-n")):
            done = spent(*words, cwd=folder)
            judge(figures, f"{name}: {words[0]}", done, cpu=300, mb=4096)
            figures.notes[f"{name}: {words[0]}"] = f"{done.code} {done.cpu:.1f} s {done.mb:.0f} MB"
    return figures


ROWS: dict[str, Callable[[Path], Figures]] = {
    "I01": i01, "I02": i02, "I03": i03, "I04": i04, "I05": i05, "I06": i06, "I07": i07, "I08": i08,
    "I09": content_gate, "I10": i10, "I12": broken, "I13": killed,
}  # fmt: skip


def main() -> int:
    """Try each row and say its figures; 1 when any was wrong."""
    worst = 0
    for name in sys.argv[1:] or ROWS:
        with scratch() as folder:
            worst = max(worst, ROWS[name](folder).say())
    return worst


if __name__ == "__main__":
    sys.exit(main())

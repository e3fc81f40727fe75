"""Real servers on loopback: nginx over a folder, and a cable in front of it that breaks."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_CONFIG = """
daemon off;
pid {state}/pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
  access_log {state}/access.log;
  client_body_temp_path {state}/body; proxy_temp_path {state}/proxy;
  fastcgi_temp_path {state}/fastcgi; uwsgi_temp_path {state}/uwsgi; scgi_temp_path {state}/scgi;
  default_type application/octet-stream;
  types {{ audio/mpeg mp3; application/rss+xml xml; text/vtt vtt; application/json json; }}
  server {{ listen 127.0.0.1:{port}; root {root}; {more} }}
}}
"""


def free_port() -> int:
    """A port on loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def nginx(root: Path, state: Path, *, port: int = 0, more: str = "") -> Iterator[str]:
    """Serve a folder; yields the address of its root, with a slash."""
    port = port or free_port()
    state.mkdir()
    config = state / "nginx.conf"
    text = _CONFIG.format(state=state, root=root, port=port, more=more)
    if os.geteuid() == 0:
        text = "user root;\n" + text
    config.write_text(text)
    running = subprocess.Popen(
        ["nginx", "-p", str(state), "-c", str(config)], stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(600):
            if running.poll() is not None:
                raise AssertionError(running.stderr.read() if running.stderr else "")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.terminate()
        running.wait(timeout=60)
        if running.stderr:
            running.stderr.close()


@contextlib.contextmanager
def breaking_cable(port: int, *, after: int, times: int) -> Iterator[int]:
    """A port that leads to another; the first connections break after so many bytes of answer."""
    left = [times]
    listener = socket.create_server(("127.0.0.1", 0))

    def upward(client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := client.recv(65536):
                server.sendall(piece)

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=upward, args=(client, server), daemon=True).start()
            room = after if left[0] > 0 else 1 << 40
            left[0] -= 1
            with contextlib.suppress(OSError):
                while room > 0 and (piece := server.recv(min(65536, room))):
                    client.sendall(piece)
                    room -= len(piece)
            for end in (client, server):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=carry, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()

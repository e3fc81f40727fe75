"""Shows for the tests of workspace and steps: small, whole, made anew in a folder."""

from __future__ import annotations

from pathlib import Path

from podkit.model.show import Podcast, Show
from podkit.workspace.layout import Layout

GUID = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"

SHOW = f"""\
# The show.
[show]
title = "Ukraine Insights"
language = "en"
timezone = "Europe/Kyiv"
release_time = "06:00"
guid = "{GUID}"

[site]
url = "https://podcast.example/ui/"
"""

EPISODE = """\
# An episode with a person's own comments.
guid = "{guid}"   # for life
title = "{title}"
published = {published}  # a Friday
number = {number}
season = 1
# who speaks
people = ["host", {{ name = "Guest", role = "guest" }}]

# the sound
[masters.main]
file = "master.wav"   # as it was recorded
sha256 = "aa"
bytes = 10
duration = 61.5
"""

PODCAST = Podcast(show=Show(title="A show", timezone="Europe/Kyiv"))


def make_show(folder: Path, show: str = SHOW) -> Layout:
    """A show without episodes."""
    layout = Layout(folder)
    layout.episodes.mkdir(parents=True)
    layout.show_file.write_text(show, encoding="utf-8")
    return layout


def add_episode(layout: Layout, slug: str, text: str | None = None, **values: object) -> Path:
    """An episode's folder with its record."""
    folder = layout.episodes / slug
    folder.mkdir()
    known = {"guid": f"guid-{slug}", "title": slug.title(), "number": 1, "published": "2026-11-20"}
    written = EPISODE.format(**(known | values)) if text is None else text
    (folder / "episode.toml").write_text(written, encoding="utf-8")
    return folder

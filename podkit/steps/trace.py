"""From an element of one's own feed back to the key of the record that says it, with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podkit.errors import PodkitError
from podkit.feed.table import TAGS
from podkit.feed.tag import CHANNEL, ITEM
from podkit.model.show import Feed
from podkit.workspace.faults import dotted, read_text
from podkit.workspace.lines import KeyPath, key_lines

if TYPE_CHECKING:
    from podkit.model.finding import Finding
    from podkit.steps.lint_findings import LintReport
    from podkit.steps.open_show import OpenShow

_MOST: Final = 200
"""Records that are read for their lines; findings in more of them name the file alone."""

_STEP: Final = re.compile(r"([^\[]+)(?:\[(\d+)\])?")
_SOUND: Final = "masters"
# What RSS itself defines, and what podkit writes of a file; the others are known by their tags.
_OF_SHOW: Final = {
    "title": "title",
    "description": "description",
    "language": "language",
    "copyright": "copyright",
}
_OF_EPISODE: Final = {
    "title": "title",
    "link": "link",
    "guid": "guid",
    "pubDate": "published",
    "enclosure": _SOUND,
    "itunes:duration": _SOUND,
    "podcast:chapters": _SOUND,
    "podcast:transcript": _SOUND,
}
_PROSE: Final = frozenset(["description", "content:encoded"])
_OVERRIDDEN: Final = frozenset(field.name for field in fields(Feed))


def _keys_in(place: str) -> dict[str, str]:
    tags = (tag for tag in TAGS if place in tag.parents and tag.key)
    return {tag.prefixed: tag.key.partition(",")[0] for tag in tags}


_SHOW_KEYS: Final = _keys_in(CHANNEL) | _OF_SHOW
_EPISODE_KEYS: Final = _keys_in(ITEM) | _OF_EPISODE


def traced(show: OpenShow, report: LintReport) -> LintReport:
    """The report, each finding with the place in the records where what it is about is said."""
    trace = _Trace(show)
    return replace(
        report, findings=tuple(replace(f, record=trace.place_of(f)) for f in report.findings)
    )


class _Trace:
    def __init__(self, show: OpenShow) -> None:
        self._show = show
        self._slugs = frozenset(episode.slug for episode in show.episodes)
        self._feeds = {f"public/{feed.path}": name for name, feed in show.podcast.feeds.items()}
        self._lines: dict[Path, Mapping[KeyPath, int]] = {}

    def place_of(self, finding: Finding) -> str:
        """Such as `podkit.toml:12 show.language`; file and key, or the file alone, where that is all."""
        steps = [found for step in finding.element.split("/") if (found := _STEP.fullmatch(step))]
        if not steps or steps[0][1] != "channel":
            return ""
        if finding.episode in self._slugs:
            return self._of_episode(finding.episode, steps[2:3])
        if steps[1:2] and steps[1][1] == "item":  # it has no record
            return ""
        return self._of_show(finding.subject, steps[1:2])

    def _of_episode(self, slug: str, steps: list[re.Match[str]]) -> str:
        layout = self._show.layout
        path = layout.record(slug)
        name = steps[0][1] if steps else ""
        if name in _PROSE:
            return layout.shown(layout.notes(slug))
        key = _EPISODE_KEYS.get(name, "")
        lines = self._lines_of(path) if key else {}
        if not lines:
            return layout.shown(path)
        if key == _SOUND and ("enclosure",) in lines:
            key = "enclosure"
        if (key,) not in lines and ("show", key) in self._lines_of(layout.show_file):
            return self._shown(layout.show_file, ("show", key), "")
        return self._shown(path, (key,), steps[0][2])

    def _of_show(self, subject: str, steps: list[re.Match[str]]) -> str:
        path = self._show.layout.show_file
        name = steps[0][1] if steps else ""
        feed = self._feeds.get(subject, "")
        if name == "link":
            return self._shown(path, ("site", "url"), "")
        if name == "atom:link":
            own: KeyPath = ("feeds", feed, "url")
            return self._shown(path, own if own in self._lines_of(path) else ("site", "url"), "")
        key = _SHOW_KEYS.get(name, "")
        if not key:
            return self._show.layout.shown(path)
        own = ("feeds", feed, key)
        if key in _OVERRIDDEN and own in self._lines_of(path):
            return self._shown(path, own, steps[0][2])
        return self._shown(path, ("show", key), steps[0][2])

    def _shown(self, path: Path, key: KeyPath, number: str) -> str:
        """The place of a key, or of one member of a list that stands there."""
        lines = self._lines_of(path)
        member = (*key, int(number) - 1) if number else key
        at = member if member in lines else key
        shown = self._show.layout.shown(path)
        return f"{shown}:{lines[at]} {dotted(at)}" if at in lines else f"{shown} {dotted(at)}"

    def _lines_of(self, path: Path) -> Mapping[KeyPath, int]:
        if path not in self._lines:
            if len(self._lines) > _MOST:
                return {}
            try:
                self._lines[path] = key_lines(read_text(path, str(path)))
            except PodkitError:  # somebody took it away meanwhile
                self._lines[path] = {}
        return self._lines[path]

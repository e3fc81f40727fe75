"""What a new podkit.toml looks like: every key that a show needs, with what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import tomlkit

from podkit.model.show import Podcast
from podkit.workspace.rendering import text_value, to_table, toml_value

_HEAD: Final = (
    "# This file is the show; each folder in episodes/ is an episode.",
    "# After a change: podkit lint, then podkit build. A comment shows what may be added.",
)

# Keys of [show] that are written even when nothing was said, and what they are for.
_ALWAYS: Final = (
    "title",
    "description",
    "language",
    "timezone",
    "release_time",
    "explicit",
    "type",
)
_WHY: Final = {
    "timezone": "of dates that are written without one",
    "release_time": "of dates that are written without a time",
    "type": '"serial": to be heard from the first episode on',
    "guid": "podcast:guid; written once, never changed",
    "explicit": "true: not for children",
}
_EXAMPLES: Final = {
    "author": '"…"',
    "owner": '{ name = "…", email = "…" }',
    "categories": '["News > Politics"]',
    "image": '"cover.jpg"',
    "copyright": '"…"',
    "people": '["host"]',
    "funding": '{ url = "https://…", text = "…" }',
    "locked": "true",
}


def show_text(podcast: Podcast) -> str:
    """The whole of podkit.toml; loading it gives `podcast` again."""
    lines = [*_HEAD, "", "[show]", *_show_lines(podcast)]
    for name, person in podcast.people.items():
        lines += ["", f"[people.{_key(name)}]", *_pairs(to_table(person))]
    if not podcast.people:
        lines += [
            "",
            "# [people.host]   # once here, by id everywhere",
            '# name = "…"',
            '# role = "host"',
        ]
    site = to_table(podcast.site)
    lines += [
        "",
        "[site]",
        *(_pairs(site) or ['# url = "https://…/"   # public/ as the world sees it']),
    ]
    lines += ["", "[media]", *_media_lines(podcast)]
    for name, feed in podcast.feeds.items():
        said = {"path": toml_value(feed.path), "enclosure": toml_value(feed.enclosure)}
        lines += ["", f"[feeds.{_key(name)}]", *_pairs(said | to_table(feed))]
    for name, target in podcast.publish.items():
        lines += ["", f"[publish.{_key(name)}]", *_pairs(to_table(target))]
    if not podcast.publish:
        lines += [
            "",
            "# [publish.default]",
            '# url = "file:out"   # a folder, from here; secrets never stand in this file',
        ]
    for name, table in podcast.presets.items():
        values = {key: toml_value(value) for key, value in table.items()}
        lines += ["", f"[presets.{_key(name)}]", *_pairs(values)]
    if lint := to_table(podcast.lint):
        lines += ["", "[lint]", *_pairs(lint)]
    return "\n".join(lines) + "\n"


def _show_lines(podcast: Podcast) -> list[str]:
    said = to_table(podcast.show)
    lines = []
    for name in (f for f in podcast.show.__slots__):
        why = f"   # {_WHY[name]}" if name in _WHY else ""
        value = getattr(podcast.show, name)
        if name in said or (name in _ALWAYS and value is not None):
            item = text_value(value) if type(value) is str else toml_value(value)
            lines.append(f"{name} = {item.as_string()}{why}")
        elif name in _EXAMPLES:
            lines.append(f"# {name} = {_EXAMPLES[name]}")
    return lines


def _media_lines(podcast: Podcast) -> list[str]:
    said = {"presets": toml_value(podcast.media.presets)} | to_table(podcast.media)
    lines = _pairs(said)
    if not podcast.media.base_url:
        lines.append(
            '# base_url = "https://…/"   # public/media/ likewise; default: site url + media/'
        )
    return lines


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {value.as_string()}" for name, value in values.items()]

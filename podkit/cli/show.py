"""`podkit show`: everything known of one episode, or of the show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from podkit.cli import report as reports
from podkit.cli.options import json_option, named, one_episode
from podkit.cli.session import Session
from podkit.cli.terminal import lines
from podkit.model.text import display


@named("show", examples=["podkit show", "podkit show energy", "podkit show latest --json"])
@click.argument("episode", required=False)
@json_option
@click.pass_obj
def command(session: Session, /, episode: str | None) -> int:
    """Show the record of EPISODE with all that follows from it; without EPISODE, the show's."""
    from podkit.steps.list_show import describe

    show = session.show()
    chosen = None if episode is None else one_episode(session, show, episode)
    found = describe(show, chosen, now=session.now(show), stale=session.stale(show))
    return session.emit(found, outline, asked=True, code=0)


def outline(value: Any, depth: int = 0) -> list[str]:
    """A record as indented `key: value` lines; empty values are left out."""
    plain = reports.to_json(value)
    indent = "  " * depth
    found: list[str] = []
    for key, item in plain.items():
        if item is None or item in ("", [], {}):
            continue
        found += [f"{indent}{display(key)}:{first}" for first in _first(item)]
        found += _rest(item, depth + 1)
    return found


def _first(item: object) -> list[str]:
    """What stands on the key's own line."""
    if isinstance(item, Mapping):
        return [""]
    if isinstance(item, list):
        return [""] if any(isinstance(x, Mapping | list) for x in item) else [f" {_joined(item)}"]
    text = lines(_scalar(item))
    return [f" {text[0]}"] if len(text) == 1 else [""]


def _rest(item: object, depth: int) -> list[str]:
    """What stands below it."""
    indent = "  " * depth
    if isinstance(item, Mapping):
        return outline(item, depth)
    if isinstance(item, list) and any(isinstance(x, Mapping | list) for x in item):
        found: list[str] = []
        for entry in item:
            below = outline(entry, depth + 1) if isinstance(entry, Mapping) else []
            text = below or [f"{indent}  {display(_scalar(entry))}"]
            found += [f"{indent}- {text[0].lstrip()}", *text[1:]]
        return found
    if isinstance(item, str) and len(lines(item)) > 1:
        return [f"{indent}{line}" for line in lines(item)]
    return []


def _joined(items: list[Any]) -> str:
    return display(", ".join(_scalar(item) for item in items))


def _scalar(item: object) -> str:
    if isinstance(item, bool):
        return "yes" if item else "no"
    return f"{item:g}" if isinstance(item, float) and item.is_integer() else str(item)

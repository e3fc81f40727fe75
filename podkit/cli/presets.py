"""`podkit presets`: the shelf of presets, and one of them as TOML to start from."""

from __future__ import annotations

import click

from podkit.cli.options import json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import out
from podkit.model.text import display


@named(
    "presets",
    examples=["podkit presets", "podkit presets mp3", "podkit presets mp3 >> podkit.toml"],
)
@click.argument("name", required=False)
@json_option
@click.pass_obj
def command(session: Session, /, name: str | None) -> int:
    """List the presets, those of the show among them, or print NAME as a table of podkit.toml."""
    from podkit.steps.shelves import PresetsReport, list_presets, preset_named, preset_toml

    show = session.show_or_none()
    if name is None:
        return session.emit(list_presets(show), _text, asked=True)
    if session.json:
        return session.emit(PresetsReport(presets=(preset_named(name, show),)), _text)
    for line in preset_toml(name, show).splitlines():
        out(display(line))
    return 0


def _text(report: object) -> list[str]:
    from podkit.cli.tables import table

    presets = getattr(report, "presets", ())
    rows = [(one.name, one.kind, one.extension, one.about) for one in presets]
    return table(("preset", "kind", "ext", "what it makes"), rows)

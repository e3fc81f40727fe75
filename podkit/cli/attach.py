"""`podkit attach`: more files for an episode that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import PATH, damaged_option, dry_run_option, json_option, named, one_episode
from podkit.cli.session import Session
from podkit.model.text import display

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.steps.attach import AttachReport


@named(
    "attach",
    examples=[
        "podkit attach energy filmed.mp4 --as video",
        "podkit attach latest chapters.txt notes.md cover.jpg",
        "podkit attach '#12' transcript.vtt --language uk",
    ],
)
@click.argument("episode")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option(
    "--as", "as_", default="", metavar="NAME", help="The master's name, such as video or adfree."
)
@click.option("--language", default="", metavar="CODE", help="The language of the files.")
@damaged_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    episode: str,
    files: tuple[Path, ...],
    as_: str,
    language: str,
    allow_damaged: bool,
    dry_run: bool,
) -> int:
    """Add another master, chapters, a transcript, notes or a picture to EPISODE.

    What a file is shows from its content and name; each is checked as by `add`.
    """
    from podkit.steps.attach import AttachOrder, attach

    show = session.show()
    chosen = one_episode(session, show, episode)
    order = AttachOrder(files=files, as_=as_, language=language, allow_damaged=allow_damaged)
    with session.progress() as progress:
        report = attach(show, chosen, order, dry_run=dry_run, progress=progress)
    code = session.emit(report, _text, dry_run=dry_run)
    if report.attached:
        session.hint("podkit build")
    return code


def _text(report: AttachReport) -> list[str]:
    return [
        display(f"attached {one.file} to {report.episode} as {one.kind}: {one.name}")
        for one in report.attached
    ]

"""`podkit transcribe`: a transcript from the sound itself."""

from __future__ import annotations

from pathlib import Path

import click

from podkit.cli.chapters import file_of, located, put
from podkit.cli.options import PATH, dry_run_option, json_option, named, where_option
from podkit.cli.session import Session


@named(
    "transcribe",
    examples=[
        "podkit transcribe talk.mp3 -o talk.vtt",
        "podkit transcribe latest",
        "podkit transcribe latest --engine faster-whisper --model ~/models/small --language uk",
    ],
)
@click.argument("source", required=False, default="")
@where_option
@click.option(
    "--engine",
    metavar="NAME",
    default="pocketsphinx",
    show_default=True,
    help="Who listens: pocketsphinx, faster-whisper, or what a package brings.",
)
@click.option("--language", metavar="CODE", default="", help="What is spoken; else the episode's.")
@click.option(
    "--model", type=PATH, metavar="PATH", help="The engine's model, a folder; never downloaded."
)
@click.option("--to", metavar="FORMAT", default="", help="vtt, srt, json, html or text.")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write there; - is stdout.")
@click.option("--force", is_flag=True, help="Replace a transcript that a person made or corrected.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session, /, source: str, where: tuple[str, ...], engine: str, language: str,
    model: Path | None, to: str, output: Path | None, force: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Hear the words of SOURCE, an episode or a file, and write them down with their times.

    An episode gets the transcript, unless -o names a file; of a file it is printed. What
    pocketsphinx hears is rough: read and correct it before publishing.
    """
    from podkit.steps.transcribe import TranscribeOrder, transcribe

    show = session.show_or_none()
    order = TranscribeOrder(
        source=located(session, source, where, show),
        engine=engine,
        language=language,
        model=model,
        to=to,
        output=file_of(output),
        force=force,
    )
    with session.progress() as progress:
        report = transcribe(order, show=show, dry_run=dry_run, progress=progress)
    return put(session, report, dry_run=dry_run)

"""`podkit transcript`: a transcript from a file or an episode, in any format."""

from __future__ import annotations

from pathlib import Path

import click

from podkit.cli.chapters import Seconds, file_of, located, put
from podkit.cli.options import PATH, dry_run_option, json_option, named, where_option
from podkit.cli.session import Session


@named(
    "transcript",
    examples=[
        "podkit transcript talk.srt --to vtt -o talk.vtt",
        "podkit transcript talk.vtt --to text",
        "podkit transcript latest --to json",
        "podkit transcript talk.vtt --shift -12.5 -o moved.vtt",
    ],
)
@click.argument("source", required=False, default="")
@where_option
@click.option("--to", metavar="FORMAT", default="", help="vtt, srt, json, html or text.")
@click.option(
    "--shift", type=Seconds(negative=True), default=0.0, metavar="SECONDS", help="Move all."
)
@click.option(
    "--language", metavar="CODE", default="", help="Which one of an episode's; and its name."
)
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write there; - is stdout.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session, /, source: str, where: tuple[str, ...], to: str, shift: float,
    language: str, output: Path | None, dry_run: bool,
) -> int:  # fmt: skip
    """Print the transcript of SOURCE: a WebVTT, SRT, JSON, HTML or text file, or an episode.

    Speakers and times are kept where the format can hold them; speakers named by their ids in
    podkit.toml get their names. - reads standard input.
    """
    from podkit.steps.convert_transcript import TranscriptOrder, convert_transcript

    show = session.show_or_none()
    order = TranscriptOrder(
        source=located(session, source, where, show),
        to=to,
        shift=shift,
        language=language,
        output=file_of(output),
    )
    return put(session, convert_transcript(order, show=show, dry_run=dry_run), dry_run=dry_run)

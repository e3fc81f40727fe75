"""`podkit init`: asks on a terminal for what is missing, and never elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from podkit.cli.options import PATH, dry_run_option, json_option, named
from podkit.cli.session import Session
from podkit.cli.terminal import note
from podkit.errors import UsageError
from podkit.model.text import display

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.steps.start import StartReport

# Option → the question for it. All but the title may be left empty.
_QUESTIONS = {
    "title": "Title of the show",
    "description": "What it is about (empty: the title)",
    "author": "Author, as listeners see it",
    "email": "E-mail of the owner, for directories",
    "language": "Language",
    "link": "Address of its web site",
}


@named(
    "init",
    examples=[
        'podkit init my-show --title "My Show" --email me@podcast.example',
        'podkit init --title "Наша розмова" --language uk --timezone Europe/Kyiv --category "News > Politics"',
        'podkit init demo --title "A demo" --no-input --link https://podcast.example/',
    ],
)
@click.argument("folder", type=PATH, required=False, metavar="[DIR]")
@click.option("--title", default="", help="The show's name.")
@click.option("--description", default="", help="What it is about; default: the title.")
@click.option(
    "--link", default="", metavar="URL", help="The web site: public/ as the world sees it."
)
@click.option(
    "--feed-url", default="", metavar="URL", help="The feed's address; default: link + feed.xml."
)
@click.option(
    "--media-url", default="", metavar="URL", help="Where media lies; default: link + media/."
)
@click.option("--author", default="", help="Who makes it, as listeners see it.")
@click.option("--email", default="", help="The owner's e-mail address.")
@click.option("--language", default="", metavar="CODE", help="Such as en or uk; default: en.")
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="NAME",
    help='One of Apple\'s, such as "News > Politics"; repeatable.',
)
@click.option("--explicit/--no-explicit", default=None, help="Whether children should not hear it.")
@click.option(
    "--image", type=PATH, metavar="FILE", help="Square cover; default: a plain one with the title."
)
@click.option("--timezone", default="", metavar="ZONE", help="Such as Europe/Kyiv; default: UTC.")
@click.option("--publish-url", default="", metavar="URL", help="Where `publish` brings it.")
@click.option("--commit-masters", is_flag=True, help="Leave masters out of .gitignore.")
@dry_run_option
@json_option
@click.pass_obj
def command(session: Session, /, folder: Path | None, dry_run: bool, **given: Any) -> int:
    """Make a show in DIR, or here.

    On a terminal it asks for what is missing; --no-input never asks. It refuses where a
    podkit.toml is.
    """
    from podkit.steps.start import StartOrder, start

    if session.asks() and not given["title"]:
        given |= _ask(given)
    if not given["title"].strip():
        raise UsageError("a show needs a title", hint='podkit init DIR --title "My Show"')
    said = {key: value for key, value in given.items() if value not in {"", None}}
    order = StartOrder(folder=folder or session.here, **said)
    report = start(order, dry_run=dry_run)
    code = session.emit(report, _text, dry_run=dry_run)
    if not dry_run:
        session.hint(
            "podkit add FILE" if folder is None else f"podkit -C {display(folder)} add FILE"
        )
    return code


def _ask(given: dict[str, Any]) -> dict[str, str]:
    """What a person answers to the questions whose options were not given."""
    note("Return leaves a question open; podkit.toml can be edited at any time.")
    answers = {}
    for key, question in _QUESTIONS.items():
        if given[key]:
            continue
        default = {"language": "en"}.get(key, None if key == "title" else "")
        answers[key] = click.prompt(question, default=default, show_default=bool(default), err=True)
    return answers


def _text(report: StartReport) -> list[str]:
    lines = [display(f"made the show {report.title!r} in {report.folder}")]
    lines += [display(f"  {name}") for name in report.files]
    return lines + [display(f"warning: {text}") for text in report.warnings]

"""`podkit diff`: what will change for listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.lint_formats import brief
from podkit.cli.options import json_option, named
from podkit.cli.report import FOUND
from podkit.cli.session import Session
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.diff import DiffReport

_WORDS = {
    "published": "date",
    "enclosure.url": "address of the audio",
    "enclosure.length": "length of the audio",
    "enclosure.type": "type of the audio",
    "self_url": "address of the feed",
    "guid_permalink": "whether the GUID is an address",
    "new_feed_url": "new address of the feed",
}


@named(
    "diff",
    examples=[
        "podkit diff",
        "podkit diff https://podcast.example/feed.xml --exit-code",
        "podkit diff ../backup/feed.xml --json",
    ],
)
@click.argument("live", required=False, default="", metavar="[LIVE]")
@click.option("--feed", default="", metavar="NAME", help="Which built feed; default: the first.")
@click.option(
    "--exit-code", is_flag=True, help="End with 3 when listeners lose an episode or get one twice."
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Ask this host though it is in a private network; repeatable.",
)
@json_option
@click.pass_obj
def command(
    session: Session, /, live: str, feed: str, exit_code: bool, hosts: tuple[str, ...]
) -> int:
    """Compare the built feed with LIVE, a URL or a file; without it, with the feed's own address.

    New and gone episodes, the same audio or title under another GUID, changed audio, dates, titles;
    and what has to be done by hand on platforms that do not follow.
    """
    from podkit.steps.diff import DiffOrder, diff

    order = DiffOrder(live=live, feed=feed, here=session.here, hosts=hosts)
    report = diff(session.show(), order)
    code = FOUND if exit_code and report.harms else 0
    return session.emit(report, _text, asked=True, code=code)


def _text(report: DiffReport) -> list[str]:
    lines = [f"gone: {one.title} ({one.guid})" for one in report.removed]
    lines += [
        f"another GUID: {one.title}: {one.live} is now {one.built}, with {one.reason}; "
        "apps will download it again"
        for one in report.guid_changes
    ]
    lines += [f"new: {one.title} ({one.guid})" for one in report.added]
    for one in report.changed:
        what = _WORDS.get(one.field, one.field)
        whose = one.title or one.guid or "the show"
        lines.append(f"changed: {whose}: {what}: {one.live or 'none'} → {one.built or 'none'}")
    said = [display(line) for line in lines or ["the live feed and the built one say the same"]]
    # What else the guards find is told above, in words.
    return [*said, *brief(one for one in report.findings if one.code == "PK908")]

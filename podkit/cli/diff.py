"""`podkit diff`: what will change for listeners."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import click

from podkit.cli.lint_formats import brief
from podkit.cli.options import json_option, named
from podkit.cli.report import FOUND
from podkit.cli.session import Session
from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.comparison import Changed
    from podkit.steps.diff import DiffReport

_MANY = 10  # episodes with the same field changed: more are told in one line

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
    text = partial(_text, verbose=session.verbose)
    return session.emit(report, text, asked=True, code=code)


def _text(report: DiffReport, *, verbose: bool = False) -> list[str]:
    lines = [f"gone: {one.title} ({one.guid})" for one in report.removed]
    lines += [
        f"another GUID: {one.title}: {one.live} is now {one.built}, with {one.reason}; "
        "apps will download it again"
        for one in report.guid_changes
    ]
    lines += [f"new: {one.title} ({one.guid})" for one in report.added]
    lines += _changes(report.changed, _MANY if not verbose else len(report.changed))
    said = [display(line) for line in lines or ["the live feed and the built one say the same"]]
    # What else the guards find is told above, in words.
    return [*said, *brief(one for one in report.findings if one.code == "PK908")]


def _changes(changed: Sequence[Changed], many: int) -> list[str]:
    """A line for each change; of a field that changed in many episodes one line with an example."""
    episodes = Counter(one.field for one in changed if one.guid)
    lines, told = [], set()
    for one in changed:
        what = _WORDS.get(one.field, one.field)
        whose = one.title or one.guid or "the show"
        change = f"{one.live or 'none'} \u2192 {one.built or 'none'}"
        number = episodes[one.field] if one.guid else 0
        if number <= many:
            lines.append(f"changed: {whose}: {what}: {change}")
        elif one.field not in told:
            told.add(one.field)
            lines.append(f"changed: {number} episodes: {what}, such as {whose}: {change}")
    return lines if not told else [*lines, "(-v shows each)"]

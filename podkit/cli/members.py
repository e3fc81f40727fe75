"""`podkit members`: who has an address of the members' feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli import terminal
from podkit.cli.options import dry_run_option, json_option, named
from podkit.cli.session import Session
from podkit.errors import UsageError
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.members import MembersReport, Subscription

_ACTIONS = ("list", "add", "revoke")


@named(
    "members",
    examples=[
        "podkit members",
        "podkit members list --urls",
        'podkit members add "Anna Koval" olha@example.org',
        'podkit members add "Press office" --feed members',
        "podkit members revoke anna-koval",
    ],
)
@click.argument("action", default="list", type=click.Choice(_ACTIONS), metavar="[list|add|revoke]")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option(
    "--feed", "feeds", multiple=True, metavar="NAME", help="Add them to this feed only; repeatable."
)
@click.option("--urls", is_flag=True, help="List the addresses too; each one is a secret.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    action: str,
    names: tuple[str, ...],
    feeds: tuple[str, ...],
    urls: bool,
    dry_run: bool,
) -> int:
    """List, add or revoke those who have an address of their own for the members' feeds.

    The feeds are those with `{token}` in their path. `add` prints each new address: send it to its
    member, and to nobody else. After `revoke` and the next `publish` the address gives an empty feed
    that says that the subscription has ended. All is kept in members.toml, which git leaves alone.
    """
    from podkit.steps.members import add_members, list_members, revoke_members

    _check(action, names, feeds=feeds, urls=urls)
    show = session.show()
    now = session.now(show)
    if action == "add":
        report = add_members(show, names, feeds=feeds, now=now, dry_run=dry_run)
    elif action == "revoke":
        report = revoke_members(show, names, now=now, dry_run=dry_run)
    else:
        report = list_members(show, urls=urls)
    code = session.emit(
        report, _listed if action == "list" else _changed, dry_run=dry_run, asked=True
    )
    for warning in report.warnings:
        terminal.note(display(f"Note:  {warning}"))
    if report.plan and not dry_run:
        session.hint("podkit publish")
    return code


def _check(action: str, names: tuple[str, ...], *, feeds: tuple[str, ...], urls: bool) -> None:
    if action == "list" and names:
        raise UsageError(
            f"{names[0]!r}: list takes no names", hint="podkit members list shows everybody"
        )
    if feeds and action != "add":
        raise UsageError("--feed belongs to add", hint="podkit members add NAME --feed FEED")
    if urls and action != "list":
        raise UsageError("--urls belongs to list", hint="podkit members list --urls")


def _listed(report: MembersReport) -> list[str]:
    from podkit.cli.tables import table

    if not report.members:
        return ["no members yet"]
    rows = [
        (one.id, one.label, " ".join(one.feeds), _day(one.added), _day(one.revoked))
        for one in report.members
    ]
    found = table(("id", "label", "feeds", "added", "revoked"), rows)
    return found + [line for one in report.members for line in _addresses(one)]


def _changed(report: MembersReport) -> list[str]:
    found = []
    for one in report.members:
        found.append(display(f"{'revoked' if one.revoked else 'added'} {one.id}: {one.label}"))
        found += _addresses(one)
    return found + [display(f"revoked before: {name}") for name in report.skipped]


def _addresses(one: Subscription) -> list[str]:
    return [display(f"  {one.id} {name}: {url}") for name, url in (one.urls or {}).items()]


def _day(moment: object) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"

"""`podkit verify`: every byte read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podkit.cli.options import episodes_named, jobs_option, json_option, named, where_option
from podkit.cli.report import FOUND
from podkit.cli.session import Session
from podkit.cli.terminal import counted, size
from podkit.model.text import display

if TYPE_CHECKING:
    from podkit.steps.verify import VerifyReport


@named("verify", examples=["podkit verify", "podkit verify latest --json"])
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...")
@where_option
@jobs_option
@json_option
@click.pass_obj
def command(
    session: Session, /, episodes: tuple[str, ...], where: tuple[str, ...], jobs: int | None
) -> int:
    """Read every master and rendition again and compare each with its recorded hash.

    Exit 3 when one differs. A file that is not on this machine is named: a clone without masters is
    no fault.
    """
    from podkit.steps.verify import verify

    show = session.show()
    chosen = episodes_named(session, show, episodes, where)
    with session.progress() as progress:
        report = verify(show, chosen, jobs=jobs, progress=progress)
    code = FOUND if report.failed else 0
    return session.emit(report, _text, asked=True, code=code)


def _text(report: VerifyReport) -> list[str]:
    good = report.checked - len(report.failed)
    return [
        f"{counted(good, 'file')} as recorded ({size(report.bytes)} read)",
        *(f"not on this machine: {display(path)}" for path in report.missing),
    ]

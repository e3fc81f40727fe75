"""What moment a command means: the one that was typed, else the wall clock's."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from podkit.model.timecode import parse_moment

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow


def tell_time(typed: str = "", show: OpenShow | None = None) -> datetime:
    """The moment that counts as now; aware, whole seconds, in the show's zone.

    Args:
        typed: as people write moments; without a zone the show's counts, UTC outside of any.
        show: whose zone and release time count.

    Raises:
        UsageError: what was typed is no date, or an hour that the clocks skip.
    """
    zone = UTC if show is None else show.zone
    now = datetime.now(zone).replace(microsecond=0)
    if not typed:
        return now
    release = time() if show is None else show.podcast.show.release_time
    return parse_moment(typed, now=now, zone=zone, release_time=release)

"""Episodes that no feed can hold as their records are: looked for when a feed was refused, and left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from podkit.feed.write import refused
from podkit.model.episode import RemoteEnclosure
from podkit.steps import compose
from podkit.steps.ready import Broken, Gathered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from podkit.errors import FormatError
    from podkit.model.episode import Episode
    from podkit.model.feedspec import FeedSpec
    from podkit.steps.open_show import OpenShow

_HINT: Final = "mend it in the record"


def without_refused(
    show: OpenShow, gathered: Gathered, specs: Iterable[FeedSpec], *, now: datetime
) -> Gathered:
    """What was gathered, with the episodes that these feeds refuse among the broken ones.

    Args:
        show: the show.
        gathered: every episode, whatever its state.
        specs: its feeds, of which one could not be printed.
        now: what is due is decided against this moment.

    Raises:
        FormatError: it is a channel that is refused, or nothing would be left of the show.
    """
    found = [one for spec in specs for one in refused(spec)]
    reasons = {item.guid: error for item, error in reversed(found)}
    lost = [one.episode for one in gathered.ready if one.episode.guid in reasons]
    left = tuple(one for one in gathered.ready if one.episode.guid not in reasons)
    held = compose.held_back(show.podcast, left, now=now)
    if lost and len(held) == len(left):
        raise found[0][1]
    broken = [_broken(show, episode, reasons[episode.guid]) for episode in lost]
    return replace(gathered, ready=left, broken=(*gathered.broken, *broken))


def _broken(show: OpenShow, episode: Episode, error: FormatError) -> Broken:
    """It is the record that says what is refused; the address of media that it names, too."""
    says_where = isinstance(episode.enclosure, RemoteEnclosure) or not error.hint
    return Broken(
        slug=episode.slug,
        published=episode.published,
        place=show.layout.shown(show.layout.record(episode.slug)),
        message=error.message,
        hint=_HINT if says_where else error.hint,
    )

"""Whether the world can be told where the show's media lies, and what to write where it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from podkit.errors import RecordError
from podkit.model import address
from podkit.model.episode import RemoteEnclosure, Status
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.workspace.slugs import slug_for

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.model.show import Podcast
    from podkit.steps.open_show import OpenShow


_STAND_IN: Final = "https://podcast.invalid/media/"  # RFC 2606: a name that nobody will ever have


def as_if_located(show: OpenShow) -> OpenShow:
    """The show with an address of its media where podkit.toml says none, so that lint can look at it.

    That there is none is what PK210 finds.
    """
    if _is_located(show.podcast):
        return show
    media = replace(show.podcast.media, base_url=_STAND_IN)
    return replace(show, podcast=replace(show.podcast, media=media))


def refuse_nowhere(show: OpenShow, *, now: datetime) -> None:
    """Stop before anything is made for a feed that could not say where it lies.

    Raises:
        RecordError: an episode is due, and its media has no address.
    """
    own = (e for e in show.episodes if not isinstance(e.enclosure, RemoteEnclosure))
    if not _is_located(show.podcast) and any(e.status(now) is Status.PUBLISHED for e in own):
        raise RecordError(
            "the show has no address yet, so no feed can say where its media is",
            where=show.layout.shown(show.layout.show_file),
            hint=f'write below [site] in podkit.toml: url = "{_example(show.podcast)}"\n'
            "with the address at which the world will find what lies in public/",
        )


def _is_located(podcast: Podcast) -> bool:
    return is_safe_url(address.media_base(podcast), MEDIA_SCHEMES)


def _example(podcast: Podcast) -> str:
    """An address to start from: the folder of the feed, where its address is known."""
    feed = next((f.url for f in podcast.feeds.values() if f.url and not f.private), "")
    folder = feed.partition("?")[0].rpartition("/")[0]
    if folder.count("/") > 1:
        return address.with_slash(folder)
    return f"https://podcast.example/{slug_for(podcast.show.title, fallback='podcast')}/"

"""Every episode with all that was made for it: what `compose` decides about."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.errors import FormatError, PodkitError
from podkit.formats import notes_chapters
from podkit.model import address
from podkit.model.episode import RemoteEnclosure
from podkit.pages import notes as page_notes
from podkit.pages import prose
from podkit.share import shared
from podkit.steps import choose, compose, illustrate
from podkit.steps import companions as beside
from podkit.steps.compose import Held, Ready
from podkit.steps.illustrate import Artworks
from podkit.steps.write_site import page_of

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.model.episode import Episode
    from podkit.model.rendition import Rendition
    from podkit.steps.open_show import OpenShow

GENERATOR = "podkit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An episode that has to stay out for a fault: the file that has it, why, and what mends it."""

    slug: str
    published: datetime | None
    place: str
    message: str
    hint: str

    @property
    def held(self) -> Held:
        """It, as one that is held back."""
        reason = f"{self.place}: {self.message}" + (f"; {self.hint}" if self.hint else "")
        return Held(slug=self.slug, published=self.published, reason=reason, broken=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The episodes, the files beside them by path in public/, the pictures, and what has to stay out."""

    ready: tuple[Ready, ...]
    artworks: Artworks
    companions: dict[str, bytes] = field(default_factory=dict)
    broken: tuple[Broken, ...] = ()


def gather(show: OpenShow, *, skip: frozenset[str] = frozenset()) -> Gathered:
    """Read notes, chapters, transcripts and pictures of every episode.

    An episode with a fault is left out and named, with the reason, under `broken`.

    Raises:
        FileError: the show's own picture is not there.
    """
    artworks = Artworks()
    cover = illustrate.picture_of(show.layout, None, show.podcast.show.image)
    if cover is not None:
        bare = any(_is_film(show, e) for e in show.episodes if not e.image and e.slug not in skip)
        with illustrate.naming(show.layout.root / show.podcast.show.image):
            artworks.put(show.layout, "", cover, film=bare)
    for name, feed in show.podcast.feeds.items():
        own = illustrate.picture_of(show.layout, None, feed.image or "")
        if own is not None:
            with illustrate.naming(show.layout.root / (feed.image or "")):
                artworks.put(show.layout, cover_of(name), own)
    ready: list[Ready] = []
    files: dict[str, bytes] = {}
    broken: list[Broken] = []
    episodes = [episode for episode in show.episodes if episode.slug not in skip]
    rendered = prose.each_to_html([episode.notes for episode in episodes])
    for episode, notes in zip(episodes, rendered, strict=True):
        try:
            one, beside_it = _gather_one(show, episode, artworks, notes)
        except PodkitError as error:
            broken.append(_broken(show, episode, error))
            continue
        ready.append(one)
        files |= beside_it
    return Gathered(ready=tuple(ready), artworks=artworks, companions=files, broken=tuple(broken))


def _broken(show: OpenShow, episode: Episode, error: PodkitError) -> Broken:
    """What is wrong with an episode, in the file that the error is about, else in its record."""
    layout = show.layout
    path = Path(error.where) if error.where else layout.episode(episode.slug)
    if path == layout.episode(episode.slug):
        path = layout.record(episode.slug)
    return Broken(
        slug=episode.slug,
        published=episode.published,
        place=layout.shown(path),
        message=error.message,
        hint=error.hint
        or f"mend it, or take it out of {layout.shown(layout.record(episode.slug))}",
    )


def cover_of(name: str) -> str:
    """What a feed's own cover is called among the pictures; no slug has a dot."""
    return f"cover.{name}"


def _heard(show: OpenShow, episode: Episode) -> Rendition | None:
    """The file that most listeners get: the enclosure of the first feed that takes the episode."""
    made = show.renditions.get(episode.slug, {})
    feeds = (f for f in show.podcast.feeds.values() if choose.belongs(show.podcast, episode, f))
    found = (choose.recorded(show.podcast, episode, made, feed) for feed in feeds)
    return next(found, None)


def _is_film(show: OpenShow, episode: Episode) -> bool:
    """Whether there is something to watch."""
    if isinstance(episode.enclosure, RemoteEnclosure):
        return episode.enclosure.type.startswith("video/")
    made = show.renditions.get(episode.slug, {}).values()
    return any(one.height or one.mime.startswith("video/") for one in made)


def _gather_one(
    show: OpenShow, episode: Episode, artworks: Artworks, notes: prose.Prose | None
) -> tuple[Ready, dict[str, bytes]]:
    podcast = show.podcast
    film = _is_film(show, episode)
    if episode.image:
        picture = illustrate.picture_of(show.layout, episode, "")
        if picture is not None:
            with illustrate.naming(show.layout.episode(episode.slug) / episode.image):
                artworks.put(show.layout, episode.slug, picture, film=film)
    language = episode.language or podcast.show.language
    companions = beside.companions(
        show.layout,
        episode,
        language=language,
        url_of=functools.partial(address.companion_url, show.podcast, episode.slug),
        heard=_heard(show, episode),
    )
    one = Ready(
        episode=episode,
        renditions=show.renditions.get(episode.slug, {}),
        notes=prose.to_html(episode.notes) if notes is None else notes,
        chapters=companions.chapters,
        transcripts=companions.transcripts,
        image=artworks.feed_name(episode.slug) if episode.image else "",
        poster=artworks.poster(episode.slug) if film else None,
    )
    files = {f"{episode.slug}/{name}": content for name, content in companions.files.items()}
    return one, files


def for_feed(show: OpenShow, gathered: Gathered) -> tuple[Ready, ...]:
    """The episodes with their notes as apps shall show them: the prose, then the closing parts."""
    tell = functools.partial(_as_told, show, gathered.artworks, own_templates(show))
    return tuple(
        replace(one, description=description, notes=notes)
        for one, (description, notes) in zip(
            gathered.ready, shared(tell, gathered.ready), strict=True
        )
    )


def _as_told(
    show: OpenShow, artworks: Artworks, templates: Path | None, one: Ready
) -> tuple[str, str]:
    """An episode's description in the feed, and its notes there."""
    page = page_of(show.podcast, one, artworks)
    if _lists_chapters(one.episode.notes):
        page = replace(page, chapters=())
    language = show.podcast.show.language
    closing = page_notes.credits_html(page, language=language, templates=templates)
    html = one.notes or prose.to_html(one.episode.summary)
    return (
        page_notes.feed_description(html, closing=closing),
        page_notes.feed_content(html, closing=closing),
    )


def _lists_chapters(notes: str) -> bool:
    """Whether a person wrote the list of chapters into the notes: two lists would contradict."""
    if ":" not in notes:
        return False
    try:
        return len(notes_chapters.parse(notes)) > 2
    except FormatError:
        return False


def own_templates(show: OpenShow) -> Path | None:
    """The show's own templates folder, when it has one."""
    folder = show.layout.root / "templates"
    return folder if folder.is_dir() else None


def held(show: OpenShow, gathered: Gathered, *, now: datetime) -> tuple[Held, ...]:
    """Every episode that no feed may name now: not due, not made, or broken."""
    broken = (one.held for one in gathered.broken)
    return (*broken, *compose.held_back(show.podcast, gathered.ready, now=now))

"""From an item of any feed to an episode's record: pure, and it says what became of each field."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from podkit.errors import FormatError
from podkit.feed.kept import as_elements, is_harmless, is_sayable, media_of, name_of
from podkit.feed.tag import ITEM
from podkit.model.address import join, with_slash
from podkit.model.assumed import with_guids
from podkit.model.episode import Episode, EpisodeType, RemoteEnclosure
from podkit.model.feedspec import FeedSpec, Item
from podkit.model.identity import is_slug
from podkit.model.media import MIME_OF_EXTENSION
from podkit.model.person import Person
from podkit.model.podcasting import ChaptersLink, SimpleChapters, TranscriptLink
from podkit.model.show import Owner
from podkit.model.text import MEDIA_SCHEMES, clean_line, is_safe_url
from podkit.pages.markdown import from_html
from podkit.steps.choose import POSTER_SHAPE
from podkit.steps.import_closing import OwnNotes, own_notes
from podkit.steps.import_notes import Prose, prose_of
from podkit.steps.import_report import Fate, Fates
from podkit.workspace.slugs import slug_for

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Fields that an episode's record has under the same name and in the same shape.
_SAME = tuple(
    f.name
    for f in dataclasses.fields(Item)
    if f.name in {g.name for g in dataclasses.fields(Episode)}
    and f.name
    not in {"title", "guid", "guid_permalink", "link", "published", "summary", "author"}
    | {"enclosure", "duration", "image", "people", "alternates", "extra", "season"}
)
_LINKED = ("image", "chapters", "simple_chapters", "transcripts", "alternates", "thumbnails")


@dataclass(slots=True, kw_only=True)
class Draft:
    """An item on its way in: its record, and what lies elsewhere and can be fetched.

    `elements` are the elements that say where these things lie: those of what is not fetched are
    written out again as they were. `own` are the notes where podkit wrote them; `slug` is the one
    that the address of its page has, empty where podkit would not give it such an address.
    """

    episode: Episode
    enclosure: RemoteEnclosure | None = None
    image: str = ""
    chapters: ChaptersLink | None = None
    simple_chapters: SimpleChapters | None = None
    transcripts: tuple[TranscriptLink, ...] = ()
    elements: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: OwnNotes | None = None
    slug: str = ""
    fates: Fates = field(default_factory=Fates)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.episode.title or self.episode.guid

    @property
    def wanted(self) -> str:
        """The slug that it should have: the one in its page's address, else one of its title."""
        return self.slug or slug_for(self.episode.title)

    def settle_notes(self, *, chapters: bool, transcript: bool) -> str:
        """Leave in podkit's own notes what a build would not add, and give them.

        Args:
            chapters: whether the episode has its chapters here.
            transcript: whether it has a transcript here.
        """
        if self.own is not None:
            html = self.own.bare(chapters=chapters, transcript=transcript)
            if html != self.own.bare():
                with contextlib.suppress(FormatError):  # too long with them: they are left out
                    self.episode = replace(self.episode, notes=from_html(html))
        return self.episode.notes


def drafts_of(spec: FeedSpec, credit: Callable[[Person], Person]) -> list[Draft]:
    """Every item as a draft, in the feed's order.

    Args:
        spec: the feed.
        credit: makes of a person what an episode's record says: the id in the register.
    """
    drafts = []
    guids = [item.guid for item in with_guids(spec).items]
    for item, when, guid in zip(spec.items, _dates(spec.items), guids, strict=True):
        own = own_notes(spec, item)
        bare = replace(item, content=own.bare()) if own is not None else item
        base = next((b for b in (spec.base, item.link, spec.link) if b), "")
        prose = partial(prose_of, bare, base, own=own is not None)
        draft = _draft(bare, when, guid, credit, prose)
        drafts.append(replace(draft, own=own, slug=_slug(item.link, with_slash(spec.link))))
    return drafts


def _slug(link: str, site: str) -> str:
    """The slug of an episode whose page podkit would give just that address; empty where there is none."""
    slug = link.removeprefix(site).removesuffix("/")
    return slug if site and is_slug(slug) and link == join(site, f"{slug}/") else ""


def _dates(items: tuple[Item, ...]) -> list[datetime]:
    """Each item's date; one without gets one between its neighbours', so that the order stays."""
    dates: list[datetime] = []
    older = _EPOCH - timedelta(seconds=1)
    for item in reversed(items):
        with contextlib.suppress(OverflowError):  # nothing is later than the end of the year 9999
            older = item.published or older + timedelta(seconds=1)
        dates.append(older)
    return dates[::-1]


def _draft(
    item: Item,
    when: datetime,
    assumed: str,
    credit: Callable[[Person], Person],
    prose_with: Callable[[Fates], Prose],
) -> Draft:
    fates = Fates(episode=clean_line(item.title) or item.guid or item.link or "an item")
    said = {name: sayable(ITEM, name, getattr(item, name), fates) for name in _SAME}
    enclosure = _enclosure(item, fates)
    guid, permalink = _guid(item, assumed, fates)
    _tell_unread(item, fates)
    fates.note("title", *(() if item.title else (Fate.CHANGED, "the feed gives no title")))
    prose = prose_with(fates)
    episode = Episode(
        slug="new",
        guid=guid,
        guid_permalink=permalink,
        title=item.title or _file_name(enclosure) or "Untitled",
        published=when,
        link=_link(item.link, fates),
        summary=prose.summary,
        author=item.author,
        type=_type(item.episode_type, fates),
        notes=prose.notes,
        people=tuple(credit(p) for p in sayable(ITEM, "people", item.people, fates)) or None,
        enclosure=enclosure or "",
        draft=enclosure is None,
        imported=enclosure is not None,
        extra=kept(item.extra, fates),
        **said,
        **_numbers(item, fates),
    )
    linked = {name: sayable(ITEM, name, getattr(item, name), fates, quiet=True) for name in _LINKED}
    wide = {image.href for image in item.images if image.aspect_ratio == POSTER_SHAPE}
    linked["thumbnails"] = tuple(t for t in linked["thumbnails"] if t.url not in wide)
    return Draft(
        episode=episode,
        enclosure=enclosure,
        image=linked["image"] or "",
        chapters=linked["chapters"],
        simple_chapters=linked["simple_chapters"],
        transcripts=linked["transcripts"],
        elements={name: as_elements(ITEM, name, value) for name, value in linked.items()},
        fates=fates,
    )


def _tell_unread(item: Item, fates: Fates) -> None:
    """Note the date, and what is lost since nobody can read it."""
    unread = dict(item.unread)
    date = unread.pop("pubDate", "")
    if item.published is None:
        why = f"its date {date[:40]!r} cannot be read" if date else "the feed gives no date"
        fates.note("published", Fate.CHANGED, f"{why}; its place in the order is kept")
    else:
        fates.note("published")
    for name, text in unread.items():
        if getattr(item, name) in {None, ""}:  # else a second element said it
            fates.note(name, Fate.LOST, f"{text[:40]!r} cannot be read".removeprefix("'' "))


def _guid(item: Item, assumed: str, fates: Fates) -> tuple[str, bool]:
    """The GUID word for word; without one the address that apps take in its place."""
    if item.guid:
        fates.note("guid")
        return item.guid, item.guid_permalink
    fates.note(
        "guid", Fate.CHANGED, "the feed gives none; the address that apps take instead is it"
    )
    return assumed, False


def _enclosure(item: Item, fates: Fates) -> RemoteEnclosure | None:
    found = item.enclosure or media_of(item.extra)
    if found is None:
        fates.note(
            "enclosure", Fate.LOST, "the item has none: a draft until `podkit attach` gives one"
        )
        return None
    if not is_safe_url(found.url, MEDIA_SCHEMES):
        why = f"its address {found.url[:80]!r} is not on the web: a draft"
        fates.note("enclosure", Fate.LOST, why)
        return None
    mime = found.type
    if not mime:
        ending = urlsplit(found.url).path.rpartition(".")[2].lower()
        mime = MIME_OF_EXTENSION.get(ending, "audio/mpeg")
        fates.note("enclosure", Fate.CHANGED, f"the feed gives no type; {mime} by its name")
    else:
        fates.note("enclosure")
    if item.duration is not None:
        fates.note("duration")
    return RemoteEnclosure(url=found.url, length=found.length, type=mime, duration=item.duration)


def _file_name(enclosure: RemoteEnclosure | None) -> str:
    """What a file calls itself, for want of a title."""
    name = unquote(urlsplit(enclosure.url).path.rpartition("/")[2]) if enclosure else ""
    return clean_line(name.rpartition(".")[0] or name)


def _link(url: str, fates: Fates) -> str:
    if not url:
        return ""
    if is_safe_url(url, MEDIA_SCHEMES):
        fates.note("link")
        return url
    fates.note("link", Fate.LOST, "it leads nowhere on the web")
    return ""


def _type(word: str, fates: Fates) -> EpisodeType:
    known = word.strip().lower()
    if known in set(EpisodeType):
        fates.note("type")
        return EpisodeType(known)
    if known:
        fates.note("type", Fate.CHANGED, "there is no such type; full is assumed")
    return EpisodeType.FULL


def _numbers(item: Item, fates: Fates) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if item.episode is not None:
        fates.note("number")
        found |= {"number": item.episode.number, "display": item.episode.display}
    if item.season is not None:
        fates.note("season")
        found |= {"season": item.season.number, "season_name": item.season.name}
    return found


def sayable(place: str, name: str, value: Any, fates: Fates, *, quiet: bool = False) -> Any:
    """The value, or of several those, that a feed may say; the others are lost, and it is said why.

    Args:
        place: `channel` or `item`.
        name: the field.
        value: what it holds.
        fates: where it is noted.
        quiet: note only what is lost.
    """
    if isinstance(value, tuple):
        good: Any = tuple(one for one in value if is_sayable(place, name, (one,)))
        if name == "images":  # in a record, what is no URL is the name of a file beside it
            good = tuple(one for one in good if is_safe_url(one.href, MEDIA_SCHEMES))
        lost = len(value) - len(good)
    else:
        lost = 0 if is_sayable(place, name, value) else 1
        good = value if not lost else ("" if isinstance(value, str) else None)
    if lost:
        fates.note(name, Fate.LOST, "an address in it leads nowhere on the web")
    elif value not in (None, "", (), False, Owner()) and not quiet:
        fates.note(name)
    return good


def kept(elements: Iterable[str], fates: Fates) -> tuple[str, ...]:
    """The elements that may be written out again."""
    good = []
    for text in elements:
        if is_harmless(text):
            fates.note(f"<{name_of(text)}>")
            good.append(text)
        else:
            fates.note("an unknown element", Fate.LOST, "it holds what a browser would run")
    return tuple(good)


def left_where_it_is(draft: Draft, names: Iterable[str], why: str) -> None:
    """Write out again what is not fetched: its elements go among the kept ones."""
    texts = [text for name in names for text in draft.elements.get(name, ())]
    if texts:
        draft.episode = dataclasses.replace(draft.episode, extra=(*draft.episode.extra, *texts))
    for name in names:
        if draft.elements.get(name):
            draft.fates.note(name, Fate.KEPT, why)

"""From a feed to the record of a show that writes the same feed again: pure, each field accounted for."""

from __future__ import annotations

import dataclasses
import re
import uuid
from dataclasses import dataclass, replace
from typing import Any, Final

from podkit.feed.kept import as_elements
from podkit.feed.tag import CHANNEL
from podkit.model.address import MEDIA_FOLDER, join, with_slash
from podkit.model.feedspec import FeedSpec, Item
from podkit.model.identity import podcast_guid
from podkit.model.person import Person
from podkit.model.show import MediaSettings, Podcast, Show, ShowType, Site
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.steps.import_closing import is_own
from podkit.steps.import_items import kept, sayable
from podkit.steps.import_notes import plain
from podkit.steps.import_report import Fate, Fates
from podkit.steps.start import feed_at
from podkit.workspace.slugs import free_slug, slug_for

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PAGES: Final = frozenset(
    ["first", "last", "next", "previous", "prev", "current", "self", "alternate"]
)
_SPECIAL: Final = frozenset(
    [
        *("title", "description", "language", "type", "image", "guid", "people"),
        *("live_items", "base", "extra"),
    ]
)
# Fields that a show's record has under the same name and in the same shape.
_SAME: Final = tuple(
    f.name
    for f in dataclasses.fields(FeedSpec)
    if f.name in {g.name for g in dataclasses.fields(Show)} - _SPECIAL
)


class Register:
    """The people of a feed, each once: what credits then say is an id."""

    def __init__(self, known: dict[str, Person] | None = None, *, closed: bool = False) -> None:
        self.people: dict[str, Person] = dict(known or {})
        self._closed = closed
        self._ids = {(p.name, p.href, p.img): key for key, p in self.people.items() if not p.role}

    def credit(self, person: Person) -> Person:
        """The credit of a person, with the id that stands for who it is.

        A register that is closed (a show's own, which a person wrote) takes nobody in: who is not
        in it is written out in the episode's record.
        """
        who = (person.name, person.href, person.img)
        if who not in self._ids:
            if self._closed:
                return person
            key = free_slug(slug_for(person.name, fallback="person"), self.people)
            self.people[key] = Person(name=person.name, href=person.href, img=person.img)
            self._ids[who] = key
        return Person(name=self._ids[who], role=person.role, group=person.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShow:
    """The record of a show to be made, and where its picture lies."""

    podcast: Podcast
    image: str
    fates: Fates


def show_of(spec: FeedSpec, address: str, register: Register) -> NewShow:
    """The show that a feed describes.

    Args:
        spec: the feed.
        address: where it was read; empty for a file.
        register: of the feed's people, filled here and by the episodes.
    """
    fates = Fates()
    said = {
        name: sayable(CHANNEL, name, getattr(spec, name), fates, quiet=name == "trailers")
        for name in _SAME
    }
    if said["trailers"]:
        fates.note("trailers", Fate.KEPT, "their files stay where they are")
    feed_url = next((u for u in (spec.self_url, address) if is_safe_url(u, MEDIA_SCHEMES)), "")
    site = spec.link if is_safe_url(spec.link, MEDIA_SCHEMES) else ""
    if spec.link:
        fates.note("link", *(() if site else (Fate.LOST, "it leads nowhere on the web")))
    people = sayable(CHANNEL, "people", spec.people, fates)
    live = sayable(CHANNEL, "live_items", spec.live_items, fates)
    image = sayable(CHANNEL, "image", spec.image, fates, quiet=True)
    hub, links = _links(spec, fates)
    show = Show(
        title=_title(spec, fates),
        description=_description(spec, fates),
        language=_language(spec, fates),
        type=_type(spec, fates),
        guid=_guid(spec, feed_url, fates),
        people=tuple(map(register.credit, people)),
        live_items=tuple(
            replace(
                one,
                people=tuple(map(register.credit, one.people)),
                extra=kept(one.extra, fates),
            )
            for one in live
        ),
        hub=hub,
        base=spec.base if any(map(_is_relative, spec.items)) else "",
        extra=(*kept(spec.extra, fates), *links),
        **said,
    )
    feed = feed_at(with_slash(site), feed_url)
    return NewShow(
        podcast=Podcast(
            show=show, site=Site(url=site), media=_media(spec, site), feeds={"main": feed}
        ),
        image=image,
        fates=fates,
    )


def _is_relative(item: Item) -> bool:
    """Whether its GUID is an address that readers complete by the feed's base."""
    return item.guid_permalink and not is_safe_url(item.guid, MEDIA_SCHEMES)


def _media(spec: FeedSpec, site: str) -> MediaSettings:
    """Where a feed of podkit's own has its media: a file that is fetched keeps its name and address."""
    urls = [item.enclosure.url for item in spec.items if item.enclosure] if is_own(spec) else []
    folders = {url.rpartition("/")[0] + "/" for url in urls}
    usual = join(with_slash(site), MEDIA_FOLDER + "/")
    if len(folders) != 1 or folders == {usual} or not all(map(_is_folder, folders)):
        return MediaSettings()
    return MediaSettings(base_url=folders.pop())


def _is_folder(url: str) -> bool:
    return is_safe_url(url, MEDIA_SCHEMES) and not any(c in url for c in "?#")


def with_image_left(new: NewShow, why: str) -> NewShow:
    """The show with its picture where it is: the element is written out again."""
    if not new.image:
        return new
    new.fates.note("image", Fate.KEPT, why)
    show = new.podcast.show
    extra = (*show.extra, *as_elements(CHANNEL, "image", new.image))
    return replace(new, podcast=replace(new.podcast, show=replace(show, extra=extra)))


def _title(spec: FeedSpec, fates: Fates) -> str:
    fates.note("title", *(() if spec.title else (Fate.CHANGED, "the feed gives no title")))
    return spec.title or "Untitled"


def _description(spec: FeedSpec, fates: Fates) -> str:
    text = plain(spec.description)
    fates.note(
        "description", *((Fate.CHANGED, "markup became text") if text != spec.description else ())
    )
    return text


def _language(spec: FeedSpec, fates: Fates) -> str:
    word = spec.language.replace("_", "-")
    if _LANGUAGE.fullmatch(word):
        fates.note("language")
        return word
    said = f"{spec.language!r} is no language code" if spec.language else "the feed gives none"
    fates.note("language", Fate.CHANGED, f"{said}; en is assumed")
    return "en"


def _type(spec: FeedSpec, fates: Fates) -> ShowType:
    word = spec.type.strip().lower()
    if word in set(ShowType):
        fates.note("type")
        return ShowType(word)
    if word:
        fates.note("type", Fate.CHANGED, "there is no such type; episodic is assumed")
    return ShowType.EPISODIC


def _guid(spec: FeedSpec, feed_url: str, fates: Fates) -> str:
    """The show's GUID; without one the one that directories compute from the address."""
    try:
        given = str(uuid.UUID(spec.guid))
    except ValueError:
        fates.note("guid", Fate.CHANGED, "the feed gives none; it is computed from its address")
        return podcast_guid(feed_url) if feed_url else str(uuid.uuid4())
    fates.note("guid")
    return spec.guid if given == spec.guid.lower() else given


def _links(spec: FeedSpec, fates: Fates) -> tuple[str, tuple[str, ...]]:
    """The hub's address, and links of other kinds as elements; those between sheets are made anew."""
    links: Any = sayable(CHANNEL, "links", spec.links, fates, quiet=True)
    hubs = [link.href for link in links if link.rel == "hub"]
    others = tuple(k for k in links if k.rel not in _PAGES and k.href not in hubs[:1])
    if hubs:
        fates.note("hub")
    return (hubs[0] if hubs else ""), as_elements(CHANNEL, "links", others)

"""Rules 801 to 808: people, places, numbers and schedules in the podcast namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import PODCAST, Element
from podkit.model.episode import Episode
from podkit.model.finding import Severity
from podkit.registry import did_you_mean
from podkit.rules.countries import country_hint, is_country
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.view import Item
from podkit.rules.vocabulary import ALL_ROLES, LICENSES, ROLES, SERVICES

_SHORT = frozenset(
    ["funding", "person", "location", "license", "soundbite", "trailer", "updateFrequency"]
)
_LONGEST, _LONGEST_DISPLAY = 128, 32  # characters
# RFC 5870: latitude, longitude, perhaps an altitude, then parameters such as ;u=35
_GEO = re.compile(
    r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?(?:;.*)?", re.ASCII
)
_OSM = re.compile(r"[NWR][0-9]+(?:#[0-9]+)?")


def _everywhere(subject: Subject, name: str) -> Iterator[Element]:
    """Every element of that name of the namespace, in the channel, its items and its streams."""
    for node in subject.feed.live_items:
        yield from node.all(name, PODCAST)
    yield from subject.feed.in_places(name, PODCAST)


@rule("PK801", "long-label", Severity.WARNING, who="PC", source="PC20")
def long_text(subject: Subject) -> Iterator[Found]:
    """Names and labels of the podcast namespace have at most 128 characters.

    Directories cut what is longer, in the middle of a word.

    Bad:
        <podcast:funding url="https://example.com/join">… 200 characters …</podcast:funding>
    Good:
        <podcast:funding url="https://example.com/join">Become a member</podcast:funding>
    """
    for name in (*_SHORT, "season"):
        for element in _everywhere(subject, name):
            text = element.attributes.get("name", "") if name == "season" else element.text
            if len(text) > _LONGEST and (length := len(text.strip())) > _LONGEST:
                yield Found(f"{length} characters, at most {_LONGEST} are shown", at=element)


@rule("PK802", "episode-display", Severity.WARNING, who="PC", source="PC20")
def episode_number(subject: Subject) -> Iterator[Found]:
    """`podcast:episode` is a number, decimals allowed, and its `display` has at most 32 characters.

    Apps sort by the number and show `display` in a narrow place.

    Bad:
        <podcast:episode>two</podcast:episode>
    Good:
        <podcast:episode display="Day two">2</podcast:episode>
    """
    for element in _everywhere(subject, "episode"):
        if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", element.text.strip()):
            said = f"{element.text.strip()[:40]!r} is not a number from 0 up"
            yield Found(said, at=element, hint="decimals have a point: 2.5")
        display = element.attributes.get("display", "").strip()
        if len(display) > _LONGEST_DISPLAY:
            yield Found(
                f"display has {len(display)} characters, at most {_LONGEST_DISPLAY}", at=element
            )
    for item, record in _records(subject):
        if record.display and record.number is None:
            hint = "give number a value; display stands in its place"
            yield Found("display is in no feed without a number", at=item.element, hint=hint)


def _records(subject: Subject) -> Iterator[tuple[Item, Episode]]:
    """The items of one's own feed, each with the record that it was made from."""
    known = subject.by_guid
    return ((item, known[item.guid]) for item in subject.feed.items if item.guid in known)


@rule("PK803", "whole-season", Severity.WARNING, who="PC", source="PC20")
def season_number(subject: Subject) -> Iterator[Found]:
    """`podcast:season` is a whole number; what the season is called stands in `name`.

    Apps sort by the number and show the name.

    Bad:
        <podcast:season>Spring 2026</podcast:season>
    Good:
        <podcast:season name="Spring 2026">3</podcast:season>
    """
    for element in _everywhere(subject, "season"):
        text = element.text.strip()
        if not (text.isascii() and text.isdigit()):
            hint = 'write <podcast:season name="…">3</podcast:season>'
            yield Found(f"{text[:40]!r} is not a whole number from 0 up", at=element, hint=hint)
    for item, record in _records(subject):
        if record.season_name and record.season is None:
            hint = "give season a number; apps show its name in place of it"
            yield Found("season_name is in no feed without a season", at=item.element, hint=hint)


@rule("PK804", "person-words", Severity.WARNING, who="PC", source="PC20")
def person_words(subject: Subject) -> Iterator[Found]:
    """A `podcast:person` has a name, and role and group are words of the taxonomy.

    Apps group credits by these words; others are shown nowhere. The people of an episode replace
    those of the show.

    Bad:
        <podcast:person role="moderator">Olha</podcast:person>
    Good:
        <podcast:person role="host" group="cast">Olha</podcast:person>
    """
    for element in _everywhere(subject, "person"):
        if not element.text.strip():
            yield Found("the person has no name", at=element)
        group = element.attributes.get("group", "").strip().lower()
        role = element.attributes.get("role", "").strip().lower()
        if group and group not in ROLES:
            hint = did_you_mean(group, ROLES)
            yield Found(f"the group {group!r} is not in the taxonomy", at=element, hint=hint)
        known = ROLES.get(group, ALL_ROLES) if group else ALL_ROLES
        if role and role not in known:
            what = f"of the group {group}" if group in ROLES else "of the taxonomy"
            hint = did_you_mean(role, known)
            yield Found(f"the role {role!r} is none {what}", at=element, hint=hint)


@rule("PK805", "location-words", Severity.WARNING, who="PC", source="PC20", fixable=True)
def location_words(subject: Subject) -> Iterator[Found]:
    """A `podcast:location` has a name, `geo` by RFC 5870, `osm` as N, W or R with a number.

    `country` is an ISO 3166 code and `rel` is `subject` or `creator`. Maps cannot show anything else.

    Bad:
        <podcast:location geo="50.45,30.52">Kyiv</podcast:location>
    Good:
        <podcast:location geo="geo:50.45,30.52" osm="R421866" country="ua">Kyiv</podcast:location>
    """
    for element in _everywhere(subject, "location"):
        if not element.text.strip():
            yield Found("the location has no name", at=element)
        yield from _location(element)


def _location(element: Element) -> Iterator[Found]:
    said = {key: value.strip() for key, value in element.attributes.items()}
    geo = said.get("geo", "")
    found = _GEO.fullmatch(geo)
    if geo and (found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180):
        hint = "write it as geo:50.45,30.52: latitude, longitude"
        yield Found(f"geo is {geo!r}", at=element, hint=hint)
    if said.get("osm") and not _OSM.fullmatch(said["osm"]):
        yield Found(f"osm is {said['osm']!r}", at=element, hint="write N, W or R and the number")
    country = said.get("country", "")
    if country and not is_country(country):
        said_so = f"country is {country[:40]!r}, not an ISO 3166 code"
        yield Found(said_so, at=element, hint=country_hint(country))
    if said.get("rel") and said["rel"] not in {"subject", "creator"}:
        yield Found(f"rel is {said['rel']!r}", at=element, hint="write subject or creator")


@rule("PK806", "license-known", Severity.WARNING, who="PC", source="PC20")
def license_known(subject: Subject) -> Iterator[Found]:
    """A `podcast:license` is a slug of the namespace's list, or has the `url` of its text.

    A name that nobody can look up grants nothing.

    Bad:
        <podcast:license>free to use</podcast:license>
    Good:
        <podcast:license url="https://creativecommons.org/licenses/by/4.0/">cc-by-4.0</podcast:license>
    """
    for element in _everywhere(subject, "license"):
        slug = element.text.strip()
        if slug.lower() not in LICENSES and not element.attributes.get("url", "").strip():
            near = did_you_mean(slug.lower(), LICENSES)
            hint = near if near.startswith("did you mean") else "give the licence's url"
            yield Found(f"{slug!r} is not in the list and has no url", at=element, hint=hint)


@rule("PK807", "block-slug", Severity.WARNING, who="PC", source="PC20", fixable=True)
def block_slug(subject: Subject) -> Iterator[Found]:
    """The `id` of a `podcast:block` is a slug of the namespace's list of services.

    A platform looks for its own slug; a misspelt one blocks nobody.

    Bad:
        <podcast:block id="Amazon Music">yes</podcast:block>
    Good:
        <podcast:block id="amazon">yes</podcast:block>
    """
    for element in _everywhere(subject, "block"):
        slug = element.attributes.get("id", "").strip()
        if slug and slug not in SERVICES:
            hint = did_you_mean(slug.lower(), SERVICES)
            yield Found(f"{slug!r} is no slug of a service", at=element, hint=hint)
        if element.text.strip().lower() not in {"yes", "no"}:
            yield Found(
                f"the value is {element.text.strip()!r}", at=element, hint="write yes or no"
            )


@rule("PK808", "update-rule", Severity.WARNING, who="PC", source="PC20")
def update_rule(subject: Subject) -> Iterator[Found]:
    """The `rrule` of a `podcast:updateFrequency` is one of RFC 5545; with COUNT it has a `dtstart`.

    Apps tell listeners when to look again; a rule that they cannot read tells nothing.

    Bad:
        <podcast:updateFrequency rrule="every week">weekly</podcast:updateFrequency>
    Good:
        <podcast:updateFrequency rrule="FREQ=WEEKLY;BYDAY=FR">every Friday</podcast:updateFrequency>
    """
    for element in _everywhere(subject, "updateFrequency"):
        text = element.attributes.get("rrule", "").strip()
        if not text:
            continue
        from dateutil.rrule import rrulestr  # noqa: PLC0415 - few feeds have such a rule

        try:
            rrulestr(text.removeprefix("RRULE:"))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            hint = "write such as FREQ=WEEKLY;BYDAY=FR"
            yield Found(f"rrule {text[:80]!r} is no rule of RFC 5545", at=element, hint=hint)
            continue
        if "COUNT=" in text.upper() and not element.attributes.get("dtstart", "").strip():
            hint = "add dtstart, such as 2026-12-01T06:00:00Z"
            yield Found(
                "rrule counts, but there is no dtstart to count from", at=element, hint=hint
            )

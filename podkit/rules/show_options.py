"""Rules 214 to 227: what a channel may say, and how it must say it then."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from podkit.model.document import ITUNES, MEDIA, PODCAST, SPOTIFY
from podkit.model.finding import Severity
from podkit.rules.countries import strange_countries
from podkit.rules.dates import parse_date
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.titles import holds_number
from podkit.rules.urls import is_web

_DROPPED = ("subtitle", "summary", "keywords", "isClosedCaptioned")
_RIGHTS = re.compile(r"©|\(c\)|\bcopyright(?:ed)?\b|\b(?:19|20)[0-9]{2}\b", re.IGNORECASE)


@rule("PK214", "show-type", Severity.WARNING, who="A", source="A-RSS")
def show_type(subject: Subject) -> Iterator[Found]:
    """`itunes:type` is `episodic` or `serial`.

    Without it, or with another word, Apple takes episodic: newest first. A story that is told from
    the first episode on must say serial.

    Bad:
        <itunes:type>series</itunes:type>
    Good:
        <itunes:type>serial</itunes:type>
    """
    element = subject.feed.channel.first("type", ITUNES)
    if element is None:
        return
    value = element.text.strip()
    if value not in {"episodic", "serial"}:
        low = value.lower()
        hint = f"write {low}" if low in {"episodic", "serial"} else "write episodic or serial"
        yield Found(f"itunes:type is {value!r}", at=element, hint=hint)


@rule("PK215", "serial-numbers", Severity.ERROR, who="A", source="A-RSS")
def serial_numbers(subject: Subject) -> Iterator[Found]:
    """In a serial show every full episode has an `itunes:episode` number.

    Apple orders such a show by its numbers and demands them; trailers and bonus episodes need none.

    Bad:
        <itunes:type>serial</itunes:type> … <item><title>The call</title></item>
    Good:
        <item><title>The call</title><itunes:episode>1</itunes:episode></item>
    """
    if subject.feed.channel.value("type", ITUNES).lower() != "serial":
        return
    for item in subject.feed.items:
        kind = item.value("episodeType", ITUNES).lower() or "full"
        if kind == "full" and not item.value("episode", ITUNES):
            yield Found("the show is serial and this episode has no number", at=item.element)


@rule("PK216", "only-yes", Severity.WARNING, who="A", source="A-RSS")
def only_yes(subject: Subject) -> Iterator[Found]:
    """`itunes:block` and `itunes:complete` say `Yes`, or are not there.

    Apple acts on `Yes` alone; `no` does nothing, and `true` does not hide what somebody meant to
    hide.

    Bad:
        <itunes:block>true</itunes:block>
    Good:
        <itunes:block>Yes</itunes:block>
    """
    channel = subject.feed.channel
    places = [*channel.all("block", ITUNES), *channel.all("complete", ITUNES)]
    for element in (*places, *subject.feed.in_items("block", ITUNES)):
        value = element.text.strip()
        if value != "Yes":
            hint = "write Yes" if value.lower() in {"yes", "true"} else "remove it, or write Yes"
            yield Found(f"{element.name} is {value!r}, which has no effect", at=element, hint=hint)


@rule("PK217", "new-feed-url", Severity.WARNING, who="A", source="A-RSS")
def new_feed_url(subject: Subject) -> Iterator[Found]:
    """`itunes:new-feed-url` is an absolute https address.

    Apple moves the subscribers of a show there and does not ask again: a wrong address loses them.
    The old address shall go on answering with a redirect (301).

    Bad:
        <itunes:new-feed-url>/feed.xml</itunes:new-feed-url>
    Good:
        <itunes:new-feed-url>https://example.com/feed.xml</itunes:new-feed-url>
    """
    for element in subject.feed.channel.all("new-feed-url", ITUNES):
        value = element.text.strip()
        if not is_web(value) or not value.lower().startswith("https://"):
            yield Found(
                f"{value!r} is no absolute https address", at=element, hint="begin with https://"
            )


@rule("PK218", "copyright-text", Severity.WARNING, who="P1", source="PSP1, A-RSS")
def copyright_text(subject: Subject) -> Iterator[Found]:
    """`copyright` names the holder, without the word, the sign or a year.

    Apps put the sign before it themselves (PSP-1). Apple's own sample has word and years, and Apple
    takes both.

    Bad:
        <copyright>© 2026 Example Media</copyright>
    Good:
        <copyright>Example Media</copyright>
    """
    element = subject.feed.channel.first("copyright")
    found = None if element is None else _RIGHTS.search(element.text)
    if found is not None:
        yield Found(
            f"copyright holds {found[0]!r}", at=element, hint="give the holder's name alone"
        )


@rule("PK219", "locked", Severity.WARNING, who="P1 PC", source="PSP1")
def locked(subject: Subject) -> Iterator[Found]:
    """The show says in `podcast:locked` whether other hosts may import it: `yes` or `no`.

    With `yes` a stranger cannot take the feed over to another host.

    Bad:
        <podcast:locked>true</podcast:locked>
    Good:
        <podcast:locked>yes</podcast:locked>
    """
    element = subject.feed.channel.first("locked", PODCAST)
    if element is None:
        hint = "<podcast:locked>yes</podcast:locked>"
        yield Found("the show has no podcast:locked", at=subject.feed.channel.element, hint=hint)
    elif element.text.strip() not in {"yes", "no"}:
        yield Found(f"podcast:locked is {element.text.strip()!r}, not yes or no", at=element)


@rule("PK220", "podcast-guid", Severity.WARNING, who="P1 PC", source="PSP1, PC20", fixable=True)
def podcast_guid(subject: Subject) -> Iterator[Found]:
    """The show has a `podcast:guid` that is a UUID, and keeps it for life.

    It is the name of the show wherever it moves: version 5, made once from the first feed address
    without scheme and trailing slash, in the namespace ead4c236-bf58-58c6-a2c6-a6b28d128cb6.

    Bad:
        <podcast:guid>ukraine-insights</podcast:guid>
    Good:
        <podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
    """
    element = subject.feed.channel.first("guid", PODCAST)
    if element is None:
        yield Found("the show has no podcast:guid", at=subject.feed.channel.element)
        return
    value = element.text.strip()
    try:
        right = str(uuid.UUID(value)) == value.lower()
    except ValueError:
        right = False
    if not right:
        yield Found(f"{value!r} is no UUID", at=element)


@rule("PK221", "feed-date", Severity.WARNING, who="R", source="A823")
def feed_date(subject: Subject) -> Iterator[Found]:
    """`lastBuildDate` and `pubDate` of the channel are RFC 2822 dates, not before the newest item.

    Readers that believe an old date do not look at the items at all.

    Bad:
        <lastBuildDate>2026-11-20</lastBuildDate>
    Good:
        <lastBuildDate>Fri, 20 Nov 2026 06:00:00 +0200</lastBuildDate>
    """
    feed = subject.feed
    dates = [item.published.value for item in feed.items if item.published.value is not None]
    now = subject.now
    newest = max((d for d in dates if now is None or d <= now), default=None)
    for name in ("lastBuildDate", "pubDate"):
        for element in feed.channel.all(name):
            moment = parse_date(element.text.strip())
            if moment.slip:
                hint = "write it as Fri, 20 Nov 2026 06:00:00 +0200"
                yield Found(f"{name}: {moment.slip}", at=element, hint=hint)
            elif newest and moment.value and moment.value < newest:
                hint = "write the date of the newest item, or remove it"
                yield Found(f"{name} is before the newest item", at=element, hint=hint)


@rule("PK222", "itunes-title-numbers", Severity.INFO, who="A", source="A-RSS")
def itunes_title_numbers(subject: Subject) -> Iterator[Found]:
    """`itunes:title` has no season or episode number.

    It is there to be the clean title: apps that read it show the number from `itunes:episode`.

    Bad:
        <itunes:title>S1E2: The call</itunes:title>
    Good:
        <itunes:title>The call</itunes:title> <itunes:episode>2</itunes:episode>
    """
    for node in (subject.feed.channel, *subject.feed.items_with("title", ITUNES)):
        element = node.first("title", ITUNES)
        own = node.value("episode", ITUNES)
        if element is not None and holds_number(element.text.strip(), own):
            hint = "give the title alone"
            yield Found("itunes:title holds a number", at=element, hint=hint)


@rule("PK223", "apple-verify", Severity.INFO, who="A", source="A-RSS new text")
def apple_verify(subject: Subject) -> Iterator[Found]:
    """The text by which Apple verifies a claim is there when its element is.

    Apple gives a code to whoever claims a show and looks for it in the feed: an empty element
    verifies nothing.

    Bad:
        <podcast:txt purpose="applepodcastsverify"></podcast:txt>
    Good:
        <podcast:txt purpose="applepodcastsverify">2a9c6f40-…</podcast:txt>
    """
    channel = subject.feed.channel
    places = [
        element
        for element in channel.all("txt", PODCAST)
        if element.attributes.get("purpose", "").strip().lower() == "applepodcastsverify"
    ]
    for element in (*places, *channel.all("applepodcastsverify", ITUNES)):
        if not element.text.strip():
            yield Found("the verification code is empty", at=element)


@rule("PK224", "no-episodes", Severity.ERROR, who="A S Z", source="A3684, PRX help")
def no_episodes(subject: Subject) -> Iterator[Found]:
    """The feed has at least one episode that is out and has an enclosure.

    Apple, Spotify and Amazon refuse a show without one; a trailer will do.

    Bad:
        <channel><title>Soon</title></channel>
    Good:
        <item><title>Trailer</title><enclosure url="…" length="123456" type="audio/mpeg"/></item>
    """
    for item in subject.feed.items:
        published = item.published.value
        if item.url and (subject.now is None or published is None or published <= subject.now):
            return
    yield Found(
        "the feed has no published episode",
        at=subject.feed.channel.element,
        hint=_first_episode(subject) if subject.own else "",
    )


def _first_episode(subject: Subject) -> str:
    """What to type so that the feed gets an episode."""
    if not subject.episodes:
        return "podkit add FILE takes in the first one"
    now = subject.now
    if now is None or any(e.status(now) == "published" for e in subject.episodes):
        return "podkit build makes the media that the feed names"
    return "none is due yet: podkit set EPISODE draft= published=now"


@rule(
    "PK225",
    "dropped-tags",
    Severity.INFO,
    who="A",
    source="PC20 other-recommendations; jsonfeed-to-rss 2h",
)
def dropped_tags(subject: Subject) -> Iterator[Found]:
    """`itunes:subtitle`, `summary`, `keywords` and `isClosedCaptioned` are kept for old apps only.

    Apple reads none of them any more. They do no harm; each is told once for a feed.

    Bad:
        <itunes:keywords>news, politics</itunes:keywords>
    Good:
        <itunes:category text="News"/>
    """
    feed = subject.feed
    for name in _DROPPED:
        places = [*feed.in_places(name, ITUNES)]
        if places:
            yield Found(
                f"itunes:{name} ({len(places)} in this feed) is no longer read by Apple",
                at=places[0],
            )


@rule(
    "PK226",
    "spotify-tags",
    Severity.WARNING,
    who="S",
    source="code quoting spec 1.9/1.10 2h",
    fixable=True,
)
def spotify_tags(subject: Subject) -> Iterator[Found]:
    """Spotify's tags hold ISO 3166 country codes and a whole number, in Spotify's namespace.

    With anything else the limit is not applied, or the show vanishes from the countries meant.

    Bad:
        <spotify:countryOfOrigin>England</spotify:countryOfOrigin>
    Good:
        <spotify:countryOfOrigin>gb ua</spotify:countryOfOrigin>
    """
    namespaces = subject.feed.document.namespaces
    if namespaces.get("spotify", SPOTIFY).rstrip("/") != SPOTIFY:
        yield Found(
            f"xmlns:spotify is {namespaces['spotify']!r}",
            at=subject.feed.document.root,
            hint=f"write {SPOTIFY}",
        )
    for element in subject.feed.channel.all("countryOfOrigin", SPOTIFY):
        yield from strange_countries(element)
    for element in subject.feed.channel.all("limit", SPOTIFY):
        count = element.attributes.get("recentCount", "").strip()
        if not (count.isascii() and count.isdigit() and int(count[:9]) > 0):
            yield Found(f"recentCount is {count!r}, not a number above 0", at=element)


@rule("PK227", "country-restriction", Severity.INFO, who="S", source="PRX source 2h")
def country_restriction(subject: Subject) -> Iterator[Found]:
    """`media:restriction` allows countries by their ISO 3166 codes.

    Spotify takes only `type="country" relationship="allow"`; other forms are passed over.

    Bad:
        <media:restriction type="country" relationship="deny">us</media:restriction>
    Good:
        <media:restriction type="country" relationship="allow">de fr ua</media:restriction>
    """
    for element in subject.feed.in_places("restriction", MEDIA):
        attributes = element.attributes
        if attributes.get("type") != "country" or attributes.get("relationship") != "allow":
            yield Found("Spotify reads only lists of allowed countries", at=element)
        else:
            yield from strange_countries(element)

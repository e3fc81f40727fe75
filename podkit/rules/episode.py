"""Rules 301 to 307, 315, 319, 320: an item's identity, its dates, and what it must have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from podkit.model.document import ITUNES
from podkit.model.finding import Severity
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.titles import holds_number, repeats
from podkit.rules.urls import is_web
from podkit.rules.view import Item


@rule("PK301", "episode-title-missing", Severity.ERROR, who="A P1 R", source="A-RSS, PSP1")
def episode_title_missing(subject: Subject) -> Iterator[Found]:
    """Every episode has a title.

    Apple refuses an episode without one; `itunes:title` does not stand in for it everywhere.

    Bad:
        <item><guid>…</guid></item>
    Good:
        <item><title>How the agreements came about</title><guid>…</guid></item>
    """
    for item in subject.feed.items:
        if not item.value("title"):
            yield Found("the episode has no title", at=item.first("title") or item.element)


@rule("PK302", "episode-title-number", Severity.WARNING, who="A P1", source="A-RSS, PSP1")
def episode_title_number(subject: Subject) -> Iterator[Found]:
    """An episode's title holds neither its number nor the show's name.

    Apps show both beside the title, from their own elements; in the title they push what the
    episode is about off the screen.

    Bad:
        <title>Ukraine Insights: Episode 12 - Energy</title>
    Good:
        <title>Energy</title> <itunes:episode>12</itunes:episode>
    """
    show = subject.feed.channel.value("title").lower()
    for item in subject.feed.items:
        title = item.value("title")
        if holds_number(title, item.value("episode", ITUNES)):
            hint = "give the number in itunes:episode alone"
            yield Found(
                "the title holds a season or episode number", at=item.first("title"), hint=hint
            )
        elif len(show) > 3 and repeats(title.lower(), show):
            hint = "give the episode's title alone"
            yield Found("the title repeats the show's name", at=item.first("title"), hint=hint)


@rule("PK303", "guid-missing", Severity.ERROR, who="A P1", source="A823, A-RSS, PSP1")
def guid_missing(subject: Subject) -> Iterator[Found]:
    """Every episode has a GUID, and no two have the same; upper and lower case count.

    The GUID is what an app remembers an episode by. Without one Apple takes the enclosure's URL;
    of two with the same one only one is shown.

    Bad:
        <guid></guid>
    Good:
        <guid isPermaLink="false">2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1</guid>
    """
    seen: dict[str, Item] = {}
    for item in subject.feed.items:
        guid = item.guid
        if not guid:
            yield Found("the episode has no GUID", at=item.first("guid") or item.element)
        elif guid in seen:
            yield Found(
                f"the GUID is that of item {seen[guid].number} too",
                at=item.first("guid"),
                hint="give the newer episode a GUID of its own",
            )
        else:
            seen[guid] = item


@rule("PK305", "guid-permalink", Severity.WARNING, who="R", source="R, SF validator")
def guid_permalink(subject: Subject) -> Iterator[Found]:
    """A GUID that is no URL says `isPermaLink="false"`.

    Without the attribute RSS 2.0 takes the GUID for the episode's page, and readers link to it.

    Bad:
        <guid>episode-12</guid>
    Good:
        <guid isPermaLink="false">episode-12</guid>
    """
    for item in subject.feed.items:
        element = item.first("guid")
        if element is None or not item.guid:
            continue
        permalink = element.attributes.get("isPermaLink", "true").strip().lower()
        if permalink != "false" and not is_web(item.guid):
            yield Found("the GUID is no URL", at=element, hint='add isPermaLink="false"')


@rule("PK306", "pubdate", Severity.ERROR, who="A", source="A823")
def pubdate(subject: Subject) -> Iterator[Found]:
    """Every episode has a `pubDate` by RFC 2822: day, date, 24-hour time, zone.

    Episodes are ordered by it. Dates that most readers still understand, though their form is not
    right, are warnings.

    Bad:
        <pubDate>2026-11-20 06:00</pubDate>
    Good:
        <pubDate>Fri, 20 Nov 2026 06:00:00 +0200</pubDate>
    """
    for item in subject.feed.items:
        element = item.first("pubDate")
        if element is None or not element.text.strip():
            yield Found("the episode has no pubDate", at=element or item.element)
        elif item.published.slip:
            read = item.published.value is not None
            yield Found(
                f"{element.text.strip()[:60]!r}: {item.published.slip}",
                at=element,
                severity=Severity.WARNING if read else Severity.ERROR,
                hint="write it as Fri, 20 Nov 2026 06:00:00 +0200",
            )


@rule("PK307", "pubdate-future", Severity.WARNING, who="K", source="dabase validator, SSP 3.14.3")
def pubdate_future(subject: Subject) -> Iterator[Found]:
    """No `pubDate` lies in the future, and no two episodes have the same.

    Apps show a future episode at once, or never; of two at the same second the order is chance.

    Bad:
        <pubDate>Wed, 20 Nov 2041 06:00:00 +0200</pubDate>
    Good:
        <pubDate>Fri, 20 Nov 2026 06:00:00 +0200</pubDate>
    """
    seen: dict[datetime, Item] = {}
    for item in subject.feed.items:
        moment = item.published.value
        if moment is None:
            continue
        if subject.now is not None and moment > subject.now:
            yield Found("the episode's date lies in the future", at=item.first("pubDate"))
        if moment in seen:
            yield Found(
                f"the date is that of item {seen[moment].number} too",
                at=item.first("pubDate"),
                hint="move one by a minute",
            )
        else:
            seen[moment] = item


@rule("PK315", "episode-link", Severity.WARNING, who="A P1", source="A-RSS")
def episode_link(subject: Subject) -> Iterator[Found]:
    """Every episode has a `link` to its page.

    Apps offer it for sharing; without it they share the show, or the bare file.

    Bad:
        <link>/energy</link>
    Good:
        <link>https://example.com/energy/</link>
    """
    for item in subject.feed.items:
        value = item.value("link")
        if not value:
            yield Found("the episode has no link", at=item.first("link") or item.element)
        elif not is_web(value):
            yield Found(f"the link {value[:80]!r} is no absolute URL", at=item.first("link"))


@rule("PK319", "episode-hidden", Severity.INFO, who="A", source="A-RSS")
def episode_hidden(subject: Subject) -> Iterator[Found]:
    """An episode with `itunes:block` `Yes` is hidden at Apple.

    That is told so that nobody wonders; it is right when it is meant.

    Bad:
        <item><title>The new season</title><itunes:block>Yes</itunes:block></item>
    Good:
        <item><title>The new season</title></item>
    """
    for item in subject.feed.items_with("block", ITUNES):
        if item.value("block", ITUNES) == "Yes":
            yield Found("the episode is hidden at Apple", at=item.first("block", ITUNES))


@rule("PK320", "second-enclosure", Severity.WARNING, who="W3", source="W3C")
def second_enclosure(subject: Subject) -> Iterator[Found]:
    """An episode has one enclosure.

    Some apps take the first, some the last. Other versions of an episode go into
    `podcast:alternateEnclosure`.

    Bad:
        <enclosure url="…/energy.mp3" …/> <enclosure url="…/energy.mp4" …/>
    Good:
        <enclosure url="…/energy.mp3" …/> <podcast:alternateEnclosure type="video/mp4">…
    """
    for item in subject.feed.items_with("enclosure"):
        enclosures = item.all("enclosure")
        if len(enclosures) > 1:
            yield Found(f"the episode has {len(enclosures)} enclosures", at=enclosures[1])

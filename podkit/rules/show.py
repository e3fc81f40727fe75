"""Rules 201 to 203 and 208 to 213: what a channel must say about the show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import ATOM, ITUNES, Element
from podkit.model.finding import Severity
from podkit.rules.languages import is_language
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.urls import is_web

DESCRIPTION_BYTES = 4000
LEGACY_EXPLICIT = frozenset(["yes", "no", "clean", "explicit"])

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"[^@\s:,;<>()]+@[^@\s:,;<>()]+\.[^@\s:,;<>().]+")


@rule("PK201", "title-missing", Severity.ERROR, who="A P1 R", source="A-RSS, PSP1")
def title_missing(subject: Subject) -> Iterator[Found]:
    """The show has a title: its name and nothing else.

    Apple refuses a feed without one, and has removed shows whose title is a list of keywords (that
    is a warning here).

    Bad:
        <title>News | Politics | Ukraine | Best podcast | Interviews</title>
    Good:
        <title>Ukraine Insights</title>
    """
    channel = subject.feed.channel
    title = channel.value("title")
    if not title:
        yield Found("the show has no title", at=channel.first("title") or channel.element)
    elif title.count("|") >= 2 or title.count(",") >= 4:
        yield Found(
            "the title looks like a list of keywords",
            at=channel.first("title"),
            severity=Severity.WARNING,
            hint="give the name alone",
        )


@rule("PK202", "description-missing", Severity.ERROR, who="A P1 R", source="A-RSS, PSP1")
def description_missing(subject: Subject) -> Iterator[Found]:
    """The show has a description of at most 4,000 bytes.

    Apple refuses a feed without one and cuts longer ones. It counts bytes: a Cyrillic letter has
    two, most emoji four.

    Bad:
        <description></description>
    Good:
        <description>What happens in Ukraine, explained every week.</description>
    """
    channel = subject.feed.channel
    element = channel.first("description")
    if element is None or not (element.text.strip() or element.children):
        yield Found("the show has no description", at=element or channel.element)
        return
    size = len(element.text.encode(errors="replace"))
    if size > DESCRIPTION_BYTES:
        yield Found(f"the description has {size:,} bytes, at most 4,000 are read", at=element)


@rule("PK203", "language", Severity.ERROR, who="A P1", source="A-RSS, PSP1", fixable=True)
def language(subject: Subject) -> Iterator[Found]:
    """The show names its language by an ISO 639 code, with a region if wanted.

    Apple refuses a feed with an unknown code, and offers a show in the shops of its language.

    Bad:
        <language>ua</language>
    Good:
        <language>uk</language>
    """
    channel = subject.feed.channel
    element = channel.first("language")
    value = channel.value("language")
    if not value:
        yield Found(
            "the show names no language", at=element or channel.element, hint="such as en or en-gb"
        )
    elif not _LANGUAGE.fullmatch(value) or not is_language(value):
        yield Found(
            f"{value!r} is no language code",
            at=element,
            hint="ISO 639: en, de, uk (Ukrainian), with a region en-gb",
        )


@rule("PK208", "explicit-missing", Severity.ERROR, who="A P1", source="A-RSS, PSP1, W3C")
def explicit_missing(subject: Subject) -> Iterator[Found]:
    """The show says whether it is explicit: `true` or `false`.

    Apple refuses a feed without it and does not offer explicit shows in some countries. The values
    of before 2019 (`yes`, `no`, `clean`) are still understood: a warning.

    Bad:
        <itunes:explicit>maybe</itunes:explicit>
    Good:
        <itunes:explicit>false</itunes:explicit>
    """
    channel = subject.feed.channel
    element = channel.first("explicit", ITUNES)
    if element is None or not element.text.strip():
        yield Found(
            "the show does not say whether it is explicit",
            at=element or channel.element,
            hint="set explicit under [show] in podkit.toml"
            if subject.own
            else "<itunes:explicit>false</itunes:explicit>",
        )
        return
    yield from explicit_value(element, Severity.ERROR)


def explicit_value(element: Element, severity: Severity) -> Iterator[Found]:
    """What is wrong with an explicit value; older words are warnings."""
    value = element.text.strip()
    if value in {"true", "false"}:
        return
    low = value.lower()
    known = low in LEGACY_EXPLICIT or low in {"true", "false"}
    wanted = "true" if low in {"yes", "explicit", "true"} else "false"
    yield Found(
        f"explicit is {value!r}, not true or false",
        at=element,
        severity=Severity.WARNING if known else severity,
        hint=f"write {wanted}" if known else "write true or false",
    )


@rule("PK209", "artwork-missing", Severity.ERROR, who="A P1", source="A-RSS, PSP1")
def artwork_missing(subject: Subject) -> Iterator[Found]:
    """The show has artwork: `itunes:image` with an absolute `href`.

    Apple refuses a feed without it. The `image` element of RSS is made for another size and is not
    read in its place.

    Bad:
        <image><url>https://example.com/cover.jpg</url></image>
    Good:
        <itunes:image href="https://example.com/cover.jpg"/>
    """
    channel = subject.feed.channel
    element = channel.first("image", ITUNES)
    if element is None:
        hint = "" if subject.own else '<itunes:image href="https://…/cover.jpg"/>'
        yield Found("the show has no itunes:image", at=channel.element, hint=hint)
        return
    href = element.attributes.get("href", "").strip()
    if not is_web(href):
        said = f"{href!r} is no absolute URL" if href else "itunes:image has no href"
        yield Found(said, at=element)


@rule("PK210", "link-missing", Severity.ERROR, who="P1 R (A: W)", source="PSP1, A-RSS")
def link_missing(subject: Subject) -> Iterator[Found]:
    """The show has a `link` to its website.

    RSS 2.0 and PSP-1 demand it; Apple shows it as the show's website.

    Bad:
        <link>example.com</link>
    Good:
        <link>https://example.com/</link>
    """
    channel = subject.feed.channel
    element = channel.first("link")
    value = channel.value("link")
    if not value:
        yield Found(
            "the show has no link",
            at=element or channel.element,
            hint='write below [site] in podkit.toml: url = "https://…"' if subject.own else "",
        )
    elif not is_web(value):
        yield Found(
            f"the link {value!r} is no absolute URL", at=element, hint="begin with https://"
        )


@rule("PK211", "self-link", Severity.ERROR, who="P1 (W3: W)", source="PSP1, W3C")
def self_link(subject: Subject) -> Iterator[Found]:
    """The feed names its own address in `atom:link rel="self"`, and it is the real one.

    Directories know a show by it; a copy of the feed that keeps it still points home.

    Bad:
        <atom:link rel="self" href="feed.xml"/>
    Good:
        <atom:link rel="self" type="application/rss+xml" href="https://example.com/feed.xml"/>
    """
    channel = subject.feed.channel
    links = [
        link
        for link in channel.all("link", ATOM)
        if link.attributes.get("rel", "").strip().lower() == "self"
    ]
    if not links:
        yield Found(
            'the feed has no atom:link rel="self"',
            at=channel.element,
            hint="set url under [site] or [feeds.…] in podkit.toml"
            if subject.own
            else '<atom:link rel="self" type="application/rss+xml" href="https://…/feed.xml"/>',
        )
        return
    if len(links) > 1:
        said = f"the feed has {len(links)} self links"
        yield Found(said, at=links[1], severity=Severity.WARNING, hint="keep the real one")
    link = links[0]
    href = link.attributes.get("href", "").strip()
    if not is_web(href):
        yield Found(f"the self link {href!r} is no absolute URL", at=link)
    elif subject.feed_url and href != subject.feed_url:
        yield Found(f"the self link is {href}, the feed lies at {subject.feed_url}", at=link)
    if link.attributes.get("type", "").strip().lower() != "application/rss+xml":
        yield Found(
            'the self link has no type="application/rss+xml"', at=link, severity=Severity.WARNING
        )


@rule("PK212", "author-missing", Severity.WARNING, who="A P1", source="A-RSS, PSP1")
def author_missing(subject: Subject) -> Iterator[Found]:
    """The show has an `itunes:author`: who makes it.

    Apple shows it below the title and lists an author's other shows by it.

    Bad:
        <itunes:author></itunes:author>
    Good:
        <itunes:author>The newsroom of Example</itunes:author>
    """
    channel = subject.feed.channel
    if not channel.value("author", ITUNES):
        yield Found(
            "the show has no itunes:author", at=channel.first("author", ITUNES) or channel.element
        )


@rule("PK213", "owner-email", Severity.WARNING, who="S Y W3", source="guide 2h; W3C")
def owner_email(subject: Subject) -> Iterator[Found]:
    """The show has an owner's e-mail address that somebody reads.

    Spotify and YouTube send a code to it before a show may be claimed; Apple no longer reads it.

    Bad:
        <itunes:owner><itunes:name>Example</itunes:name></itunes:owner>
    Good:
        <itunes:owner><itunes:email>podcast@example.com</itunes:email></itunes:owner>
    """
    channel = subject.feed.channel
    if channel.value("block", ITUNES) == "Yes":
        return  # nobody shall claim it, and PK907 wants no address in it
    owner = channel.first("owner", ITUNES)
    email = "" if owner is None else owner.value("email", ITUNES)
    if not email:
        yield Found("the show has no owner's e-mail address", at=owner or channel.element)
    elif not _EMAIL.fullmatch(email):
        at = None if owner is None else owner.find("email", ITUNES)
        yield Found(
            f"{email[:80]!r} is no e-mail address", at=at, hint="write it as desk@example.com"
        )

"""Rules 101 to 106, 112, 113: the file as a whole, its encoding and its namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import ATOM, CONTENT, ITUNES, PODCAST
from podkit.model.finding import Severity
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Subject
from podkit.rules.view import OLD_PODCAST

BUDGET = 1_000_000
LIMIT = 5_000_000

# Legal in XML 1.0 but discouraged (section 2.2): DEL, the C1 controls, non-characters of the BMP.
_IN_UTF_8 = (
    re.compile(b"\xc2[\x80-\x84\x86-\x9f]"),
    re.compile(b"\xef\xb7[\x90-\xaf]"),
)
_NUMBER = re.compile(rb"&#(x[0-9A-Fa-f]+|[0-9]+);")
_CONTROL = re.compile("[\x7f-\x84\x86-\x9f\ufdd0-\ufdef]")


@rule(
    "PK101", "well-formed", Severity.ERROR, who="R A P1", source="A823, PSP1", needs=Material.FILE
)
def well_formed(subject: Subject) -> Iterator[Found]:
    """The feed is well-formed XML with the root `rss version="2.0"` and one `channel`.

    A feed that is not well-formed is refused whole by Apple and by every app: no episode is seen,
    however small the fault. A bare `&` is the usual one.

    Bad:
        <title>Facts & Figures</title>
    Good:
        <title>Facts &amp; Figures</title>
    """
    document = subject.document
    if document is None:
        return
    fault = document.fault
    if fault is not None:
        if not fault.doctype:
            yield Found(
                f"it cannot be read as XML: {fault.message}",
                line=fault.line,
                column=fault.column,
                hint="nothing else was checked; mend this and lint again",
            )
        return
    root = document.root
    if root is None or root.name != "rss" or root.namespace:
        found = "nothing" if root is None else root.name
        if root is not None and (root.namespace, root.name) == (ATOM, "feed"):
            hint = "podkit import makes a show of it, whose feed is RSS"
            yield Found("it is an Atom feed; podcast apps take RSS 2.0", at=root, hint=hint)
            return
        if root is not None and root.name == "rss":
            hint = "remove xmlns from rss: the elements of RSS 2.0 have no namespace"
            yield Found(f"rss lies in the namespace {root.namespace!r}", at=root, hint=hint)
            return
        yield Found(f"the root element is {found}, not rss", at=root, hint="is it a feed at all?")
        return
    version = root.attributes.get("version", "").strip()
    if version != "2.0":
        yield Found(f'rss has version="{version}", not "2.0"', at=root, hint='write version="2.0"')
    channels = list(root.all("channel"))
    if len(channels) != 1:
        where = channels[1] if channels else root
        yield Found(f"rss holds {len(channels)} channels, not one", at=where)


@rule("PK102", "utf-8", Severity.ERROR, who="A P1", source="A-RSS, PSP1")
def utf_8(subject: Subject) -> Iterator[Found]:
    """The XML declaration says that the feed is UTF-8.

    Apple and PSP-1 take no other encoding; without a declaration a server's header may have the
    last word, and letters beyond ASCII come out wrong.

    Bad:
        <?xml version="1.0" encoding="ISO-8859-1"?>
    Good:
        <?xml version="1.0" encoding="UTF-8"?>
    """
    declared = subject.feed.document.declared_encoding
    hint = 'begin with <?xml version="1.0" encoding="UTF-8"?>'
    if not declared:
        yield Found("the encoding is not declared", line=1, column=1, hint=hint)
    elif declared.lower() not in {"utf-8", "utf8"}:
        yield Found(f"the encoding is {declared}, not UTF-8", line=1, column=1, hint=hint)


@rule("PK103", "itunes-namespace", Severity.ERROR, who="A P1", source="A-RSS, A823")
def itunes_namespace(subject: Subject) -> Iterator[Found]:
    """The itunes namespace is declared exactly as Apple writes it.

    Upper and lower case count: with another spelling Apple ignores every `itunes:` element, and the
    show has no category, artwork or explicit value.

    Bad:
        <rss version="2.0" xmlns:itunes="http://www.itunes.com/DTDs/Podcast-1.0.dtd">
    Good:
        <rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
    """
    namespaces = subject.feed.document.namespaces
    if ITUNES in namespaces.values():
        return
    hint = f'declare xmlns:itunes="{ITUNES}" on rss'
    near = namespaces.get("itunes")
    said = "the itunes namespace is not declared" if near is None else f"xmlns:itunes is {near!r}"
    yield Found(said, at=subject.feed.document.root, hint=hint)


@rule("PK104", "content-namespace", Severity.WARNING, who="A", source="A823")
def content_namespace(subject: Subject) -> Iterator[Found]:
    """The content namespace is declared.

    Apple lists it among the namespaces a podcast feed declares; `content:encoded` carries the whole
    show notes.

    Bad:
        <rss version="2.0">
    Good:
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
    """
    if CONTENT not in subject.feed.document.namespaces.values():
        yield Found(
            "the content namespace is not declared",
            at=subject.feed.document.root,
            hint=f'declare xmlns:content="{CONTENT}" on rss',
        )


@rule("PK105", "podcast-atom-namespaces", Severity.ERROR, who="P1", source="PSP1")
def podcast_and_atom_namespaces(subject: Subject) -> Iterator[Found]:
    """The podcast and atom namespaces are declared.

    PSP-1 demands both: `atom:link` says where the feed lives, `podcast:guid` and `podcast:locked`
    say whose it is.

    Bad:
        <rss version="2.0">
    Good:
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
             xmlns:podcast="https://podcastindex.org/namespace/1.0">
    """
    declared = set(subject.feed.document.namespaces.values())
    prefixes = subject.feed.document.namespaces
    if ATOM not in declared:
        yield Found(
            "the atom namespace is not declared",
            at=subject.feed.document.root,
            hint=f'declare xmlns:atom="{ATOM}" on rss',
        )
    if PODCAST not in declared and "podcast" not in prefixes:
        yield Found(
            "the podcast namespace is not declared",
            at=subject.feed.document.root,
            hint=f'declare xmlns:podcast="{PODCAST}" on rss',
        )


@rule("PK106", "podcast-namespace", Severity.WARNING, who="PC", source="PC20")
def podcast_namespace(subject: Subject) -> Iterator[Found]:
    """The podcast namespace has the address of the standard.

    The address of the draft, a page on GitHub, is still read by some apps and not by all.

    Bad:
        xmlns:podcast="https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
    Good:
        xmlns:podcast="https://podcastindex.org/namespace/1.0"
    """
    for prefix, uri in subject.feed.document.namespaces.items():
        if uri in OLD_PODCAST or (prefix == "podcast" and uri != PODCAST):
            yield Found(
                f"xmlns:{prefix} is {uri!r}",
                at=subject.feed.document.root,
                hint=f'write xmlns:podcast="{PODCAST}"',
            )


@rule(
    "PK112",
    "no-dtd",
    Severity.WARNING,
    who="K",
    source="podlove/podlove-publisher#1565",
    needs=Material.FILE,
)
def no_dtd(subject: Subject) -> Iterator[Found]:
    """There is no document type, no control character, and nothing after `</rss>`.

    A document type can make a reader open other files, so careful readers refuse the feed (podkit
    does, and then checks nothing else: that is an error). What another program appends after the
    end makes the feed unreadable.

    Bad:
        <!DOCTYPE rss [ <!ENTITY nbsp "&#160;"> ]>
    Good:
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0">
    """
    document = subject.document
    if document is None:
        return
    fault = document.fault
    if fault is not None:
        said = fault.message.lower()
        if fault.doctype:
            yield Found(
                "the feed has a document type (DOCTYPE); it was not read further",
                line=fault.line,
                column=fault.column,
                severity=Severity.ERROR,
                hint="remove the DOCTYPE; write characters themselves in place of entities",
            )
        elif "junk after" in said or "extra content" in said:
            yield Found(
                "something follows </rss>",
                line=fault.line,
                column=fault.column,
                hint="find what appends to the feed",
            )
        return
    if subject.view is None or not _may_hold_controls(document.text):
        return
    for element in subject.feed.elements:
        if _holds_control(element.text):
            yield Found("the text holds control characters", at=element, hint="remove them")
        for name, value in element.attributes.items():
            if _holds_control(value):
                yield Found(f"{name} holds control characters", at=element, hint="remove them")


def _holds_control(text: str) -> bool:
    if text.isascii():
        return "\x7f" in text
    return _CONTROL.search(text) is not None


def _may_hold_controls(text: bytes) -> bool:
    """Whether such a character is anywhere in a file, as it is in UTF-8 or by its number."""
    if b"\x7f" in text or (not text.isascii() and any(f.search(text) for f in _IN_UTF_8)):
        return True
    numbers = {number.lower().lstrip(b"0") for number in _NUMBER.findall(text)}
    return any(_is_control(number) for number in numbers)


def _is_control(number: bytes) -> bool:
    """Whether `127` or `x7f`, out of a reference such as `&#127;`, is one."""
    digits = number.lstrip(b"x0")
    if not digits or len(digits) > 5:  # beyond the plane in which they all are
        return False
    return _CONTROL.match(chr(int(digits, 16 if number.startswith(b"x") else 10))) is not None


@rule("PK113", "feed-size", Severity.WARNING, who="K", source="asks21", needs=Material.FILE)
def feed_size(subject: Subject) -> Iterator[Found]:
    """The feed is smaller than 1 MB; above 5 MB it is an error.

    Every app fetches it again and again; big feeds are slow on phones, and some readers give up.
    Old episodes can carry shorter notes, or move to an archive feed.

    Bad:
        2,000 items with 5,000 characters of notes each
    Good:
        the newest 300 items whole, the older ones with a summary
    """
    size = 0 if subject.document is None else subject.document.bytes
    if size > BUDGET:
        yield Found(
            f"the feed has {size / 1_000_000:.1f} MB",
            line=1,
            column=1,
            severity=Severity.ERROR if size > LIMIT else Severity.WARNING,
            hint="shorten the notes of old episodes",
        )

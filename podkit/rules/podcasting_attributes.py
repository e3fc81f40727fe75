"""Rules 818 and 819: the attributes that elements of the podcast namespace must have, and their forms."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from podkit.model.document import PODCAST, Element
from podkit.model.finding import Severity
from podkit.registry import did_you_mean
from podkit.rules.dates import NO_DAY, parse_date
from podkit.rules.grammar import MAILBOX
from podkit.rules.languages import is_language
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.vocabulary import CHATS, COMMENTS, MEDIA, is_medium

# What other rules ask for is not here: transcripts 741, alternates 645, payments 817, streams 811,
# soundbites 815, persons 804.
_NEEDED: Final = {
    "funding": ("url",),
    "chapters": ("url", "type"),
    "trailer": ("url", "pubdate"),
    "image": ("href",),
    "images": ("srcset",),
    "socialInteract": ("protocol",),
    "remoteItem": ("feedGuid",),
    "chat": ("server", "protocol"),
    "contentLink": ("href",),
}
_WHOLE = re.compile(r"[0-9]{1,18}")
_COUNT = re.compile(r"0*[1-9][0-9]{0,17}")
_MIME = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;.*)?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_SHAPE = re.compile(r"[0-9]{1,6}(?:\.[0-9]+)?(?: ?/ ?[0-9]{1,6}(?:\.[0-9]+)?)?")
_LONGEST_PURPOSE = 128  # characters

Check = Callable[[str], str]
"""What to write in place of a value, or nothing where it is right."""


@rule("PK818", "needed-attributes", Severity.WARNING, who="PC", source="PC20")
def needed_attributes(subject: Subject) -> Iterator[Found]:
    """Elements of the podcast namespace have the attributes without which they say nothing.

    A link without an address, a chat room without a server: apps pass over them. A comment thread
    needs its `uri` as well, unless its protocol is `disabled`; a `podroll` holds a show or more.

    Bad:
        <podcast:trailer url="https://example.com/trailer.mp3">Coming soon</podcast:trailer>
    Good:
        <podcast:trailer url="https://example.com/trailer.mp3"
          pubdate="Fri, 20 Nov 2026 06:00:00 +0200">Coming soon</podcast:trailer>
    """
    for name, needed in _NEEDED.items():
        for element in subject.feed.by_name.get((PODCAST, name), ()):
            missing = [one for one in needed if not _said(element, one)]
            if missing:
                yield Found(f"it has no {' and no '.join(missing)}", at=element)
            elif (
                name == "socialInteract"
                and not _said(element, "uri")
                and _said(element, "protocol") != "disabled"
            ):
                hint = 'name the post in uri, or write protocol="disabled"'
                yield Found("it has no uri", at=element, hint=hint)
    for element in subject.feed.by_name.get((PODCAST, "podroll"), ()):
        if not any(child.name == "remoteItem" for child in element.children):
            hint = 'put <podcast:remoteItem feedGuid="…"/> into it'
            yield Found("it recommends no show", at=element, hint=hint)


@rule("PK819", "attribute-values", Severity.WARNING, who="PC", source="PC20", fixable=True)
def attribute_values(subject: Subject) -> Iterator[Found]:
    """Attributes of the podcast namespace have the form that is laid down for them.

    Numbers, dates, languages, types and words of a list: apps take another value for none at all.

    Bad:
        <podcast:chat server="example.com" protocol="whatsapp"/>
    Good:
        <podcast:chat server="example.com" protocol="matrix"/>
    """
    for name, attributes in _FORMS.items():
        elements = subject.feed.by_name.get((PODCAST, name), ())
        for attribute, check in attributes.items():
            # Most feeds say the same few values over and over: each is looked at once.
            values = {element.attributes.get(attribute, "") for element in elements}
            hints = {v: hint for v in values if (bare := v.strip()) and (hint := check(bare))}
            for element in elements if hints else ():
                value = element.attributes.get(attribute, "")
                if value in hints:
                    said = f"{attribute} is {value.strip()[:80]!r}"
                    yield Found(said, at=element, hint=hints[value])


def _said(element: Element, name: str) -> str:
    return element.attributes.get(name, "").strip()


def _whole(value: str) -> str:
    return "" if _WHOLE.fullmatch(value) else "write a whole number from 0 up"


def _count(value: str) -> str:
    return "" if _COUNT.fullmatch(value) else "write a whole number above 0"


def _mime(value: str) -> str:
    return "" if _MIME.fullmatch(value) else "write a MIME type, such as audio/mpeg"


def _chapters(value: str) -> str:
    # The namespace prefers the first, and asks for no more than that.
    is_right = value in {"application/json+chapters", "application/json"}
    return "" if is_right else "write application/json+chapters"


def _language(value: str) -> str:
    if _LANGUAGE.fullmatch(value) and is_language(value):
        return ""
    return "write a code of ISO 639, such as en or en-gb"


def _rfc_2822(value: str) -> str:
    is_right = parse_date(value).slip in {"", NO_DAY}
    return "" if is_right else "write it as Fri, 20 Nov 2026 06:00:00 +0200"


def _iso_8601(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "write it as 2026-11-20T06:00:00+02:00"
    return ""


def _truth(value: str) -> str:
    return "" if value in {"true", "false"} else "write true or false"


def _uuid(value: str) -> str:
    try:
        right = str(uuid.UUID(value)) == value.lower()
    except ValueError:
        right = False
    return "" if right else "write the podcast:guid of that feed, a UUID"


def _medium(value: str) -> str:
    return "" if is_medium(value) else did_you_mean(value.lower(), MEDIA)


def _comments(value: str) -> str:
    return "" if value in COMMENTS else did_you_mean(value.lower(), COMMENTS)


def _chats(value: str) -> str:
    return "" if value in CHATS else did_you_mean(value.lower(), CHATS)


def _mailbox(value: str) -> str:
    return "" if MAILBOX.fullmatch(value) else "write an e-mail address"


def _shape(value: str) -> str:
    # As in CSS: "auto" may stand alone, before the ratio or after it.
    words = value.lower().split()
    without = words[1:] if words[0] == "auto" else words[:-1] if words[-1] == "auto" else words
    is_right = not without or _SHAPE.fullmatch(" ".join(without))
    return "" if is_right else "write width/height, such as 16/9"


def _purpose(value: str) -> str:
    return "" if len(value) <= _LONGEST_PURPOSE else f"write at most {_LONGEST_PURPOSE} characters"


_FORMS: Final[dict[str, dict[str, Check]]] = {
    "locked": {"owner": _mailbox},
    "transcript": {"type": _mime, "language": _language},
    "chapters": {"type": _chapters},
    "trailer": {"pubdate": _rfc_2822, "length": _whole, "type": _mime, "season": _whole},
    "alternateEnclosure": {"type": _mime, "lang": _language, "default": _truth},
    "source": {"contentType": _mime},
    "image": {
        "aspect-ratio": _shape,
        "width": _count,
        "height": _count,
        "type": _mime,
        "purpose": _purpose,
    },
    "socialInteract": {"protocol": _comments, "priority": _whole},
    "remoteItem": {"feedGuid": _uuid, "medium": _medium},
    "updateFrequency": {"dtstart": _iso_8601, "complete": _truth},
    "podping": {"usesPodping": _truth},
    "chat": {"protocol": _chats},
    "valueRecipient": {"fee": _truth},
}

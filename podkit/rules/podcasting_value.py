"""Rule 817: who is paid, and for which part of an episode, in the podcast namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import PODCAST, Element
from podkit.model.finding import Severity
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject
from podkit.rules.view import Node

_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?")


@rule("PK817", "value-split", Severity.WARNING, who="PC", source="PC20")
def value_split(subject: Subject) -> Iterator[Found]:
    """Who is paid by a `podcast:value` has a type, an address and a whole share.

    A share (`split`) is a whole number from 0 up, an `lnaddress` looks like an e-mail address. A
    `valueTimeSplit` begins at a second of the episode and lasts longer than none. Apps pay nobody by
    a block that they cannot read.

    Bad:
        <podcast:valueRecipient type="" address="" split="-3"/>
    Good:
        <podcast:valueRecipient type="node" address="02d5c1bf…" split="95"/>
    """
    feed = subject.feed
    for place in (feed.channel, *feed.live_items, *feed.items_with("value", PODCAST)):
        for value in map(Node, place.all("value", PODCAST)):
            yield from _missing(value.element, "type", "method")
            suggested = _said(value.element, "suggested")
            if suggested and not _DECIMAL.fullmatch(suggested):
                hint = "write a number, such as 0.00000005"
                yield Found(f"suggested is {suggested[:40]!r}", at=value.element, hint=hint)
            if not value.all("valueRecipient", PODCAST):
                yield Found("it pays nobody", at=value.element, hint="add a valueRecipient")
            yield from _recipients(value)
            for split in value.all("valueTimeSplit", PODCAST):
                yield from _time_split(split)
                yield from _recipients(Node(split))


def _recipients(node: Node) -> Iterator[Found]:
    for one in node.all("valueRecipient", PODCAST):
        yield from _missing(one, "type", "address", "split")
        share = _said(one, "split")
        if share and not _WHOLE.fullmatch(share):
            hint = "write a whole number from 0 up"
            yield Found(f"split is {share[:40]!r}", at=one, hint=hint)
        address = _said(one, "address")
        if address and _said(one, "type") == "lnaddress" and "@" not in address:
            hint = "write it like an e-mail address: name@example.com"
            yield Found(f"address is {address[:80]!r}", at=one, hint=hint)


def _time_split(element: Element) -> Iterator[Found]:
    yield from _missing(element, "startTime", "duration")
    for name in ("startTime", "duration", "remoteStartTime"):
        text = _said(element, name)
        if text and not _DECIMAL.fullmatch(text):
            hint = "write seconds, from 0 up"
            yield Found(f"{name} is {text[:40]!r}", at=element, hint=hint)
        elif name == "duration" and text and not float(text):
            yield Found("it lasts 0 s", at=element)
    percent = _said(element, "remotePercentage")
    if percent and not (_DECIMAL.fullmatch(percent) and float(percent) <= 100):
        hint = "write a number from 0 to 100"
        yield Found(f"remotePercentage is {percent[:40]!r}", at=element, hint=hint)


def _missing(element: Element, *names: str) -> Iterator[Found]:
    missing = [name for name in names if not _said(element, name)]
    if missing:
        yield Found(f"it has no {' and no '.join(missing)}", at=element)


def _said(element: Element, name: str) -> str:
    return element.attributes.get(name, "").strip()

"""Ten thousand episodes: lint stays quick, also where every one of them is broken."""

from __future__ import annotations

import time

import pytest
from rules_feed import GOOD, NOW

from podkit.feed.positions import read_document
from podkit.rules.check import check
from podkit.rules.subject import Subject

HEAD, _, REST = GOOD.partition("<item>")
ITEM = "<item>" + REST.partition("</item>")[0] + "</item>\n"


def feed_of(count: int, *, broken: bool) -> bytes:
    """A feed of that many items; broken ones share GUID, date and enclosure, and say maybe."""
    items = []
    for number in range(count):
        item = ITEM.replace("The whole notes.", "Про енергетику. " * 60)
        if broken:
            item = item.replace("https:", "http:").replace("false<", "maybe<")
        else:
            item = item.replace("2f6c1a0e", f"{number:08x}").replace("energy-1f9", f"e-{number}")
        items.append(item)
    return (HEAD + "".join(items) + "</channel></rss>").encode()


def seconds_of(count: int, *, broken: bool) -> tuple[float, int]:
    """CPU seconds of lint without parsing, and the number of findings."""
    document = read_document(feed_of(count, broken=broken))
    start = time.process_time()
    checked = check(Subject(name="feed.xml", document=document, now=NOW))
    return time.process_time() - start, len(checked.findings)


@pytest.mark.long
@pytest.mark.parametrize("broken", [False, True])
def test_ten_thousand_items_are_linted(broken):
    """Lint of 10,000 items comes to an end, and each broken item is told.

    It takes 1 to 2 CPU seconds on an idle machine; the bound only catches what never ends.
    """
    seconds, found = seconds_of(10_000, broken=broken)
    assert seconds <= 60
    assert found >= (60_000 if broken else 1)


@pytest.mark.long
def test_time_grows_with_the_number_of_items():
    """Ten times the items take nowhere near a hundred times as long, all of them broken."""
    few = min(seconds_of(500, broken=True)[0] for _ in range(3))
    many, _ = seconds_of(5_000, broken=True)
    assert many < 50 * few

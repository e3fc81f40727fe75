"""The examples in the rules' docstrings are what they say: the bad one is found, the good one is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree
from rules_feed import ENERGY, GOOD, sound, subject_of

from podkit.model.document import PREFIXES
from podkit.rules.check import check
from podkit.rules.reference import explain
from podkit.rules.rule import in_order

# Examples that are told in words ("… 300 characters …"), or that need more of a feed around them.
TOLD = frozenset(
    [
        "PK101",
        "PK109",
        "PK131",
        "PK209",
        "PK215",
        "PK224",
        "PK301",
        "PK312",
        "PK313",
        "PK316",
        "PK318",
        "PK320",
        "PK402",
        "PK646",
        "PK649",
        "PK747",
        "PK801",
        "PK810",
        "PK812",
        "PK817",
    ]
)
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())


def examples() -> Iterator[tuple[str, str, str]]:
    """Code, bad and good example of each rule whose examples are elements of a feed."""
    for rule in in_order():
        _, _, rest = explain(rule).partition("\nBad:\n")
        bad, _, rest = rest.partition("\nGood:\n")
        good, _, _ = rest.partition("\nDemanded by:")
        elements = all(
            e.strip().startswith("<") and "<rss" not in e and "<?" not in e for e in (bad, good)
        )
        if elements and not rule.advice:
            yield rule.code, bad, good


def feeds_with(example: str) -> Iterator[str]:
    """The good feed with these elements in place of its own, in the channel and in the first item."""
    bare = example.replace("<item>", "").replace("</item>", "").replace('"…/', '"https://e.org/')
    for place in ("channel", "channel/item"):
        root = etree.fromstring(GOOD.encode())
        parent = root.find(place)
        assert parent is not None
        new = list(etree.fromstring(f"<holder {DECLARED}>{bare}</holder>"))
        for old in [e for e in parent if e.tag in {n.tag for n in new}]:
            parent.remove(old)
        first = parent.find("item")
        at = len(parent) if first is None else parent.index(first)
        parent[at:at] = new
        yield etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode()


def found(code: str, example: str) -> list[int]:
    """How often the rule finds something, where the example is the channel's and where it is an item's."""
    known = {ENERGY: sound()}
    subjects = (subject_of(text, media=known) for text in feeds_with(example))
    return [len(check(subject, select=[code]).findings) for subject in subjects]


SHOWN = [row for row in examples() if row[0] not in TOLD]


@pytest.mark.parametrize(("code", "bad", "good"), SHOWN, ids=[row[0] for row in SHOWN])
def test_examples_are_good_and_bad(code, bad, good):
    """In the channel or in an item, wherever the element belongs."""
    assert max(found(code, bad)) > 0
    assert min(found(code, good)) == 0


def test_most_examples_are_tried():
    """Those that are told in words are few, and each of them is one that stands in the list."""
    assert {code for code, _, _ in examples()} >= TOLD
    assert len(SHOWN) > 3 * len(TOLD)

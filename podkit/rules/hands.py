"""Which rules are asked by which process, where a feed is so long that several share the asking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final

from podkit.model.finding import Finding, Severity
from podkit.rules.rule import RESERVED, Rule
from podkit.rules.subject import Subject
from podkit.share import shared

MANY: Final = 1500
"""Episodes from which on two processes are sooner done than one, the fork included."""
HANDS: Final = 4
"""More would be sooner done by little, and each has its own copy of what it looked at."""

_FIELDS: Final = tuple(field.name for field in fields(Finding))

# What takes the longest, measured: whole notes, every element, every date. Those in one group look
# at what the first of them has worked out.
_LONGEST: Final = (
    ("PK308",),
    ("PK708",),
    ("PK135",),
    ("PK221", "PK306", "PK307"),
    ("PK108",),
    ("PK120",),
    ("PK302",),
    ("PK316",),
)


def each_asked(
    ask: Callable[[Rule], list[Finding]], rules: Sequence[Rule], subject: Subject
) -> list[Finding]:
    """What is found by each rule in turn; on a long feed forks ask their share of the rules.

    Rules of other packages are asked here: nobody knows whether they bear a fork.
    """
    view = subject.view
    if view is None or len(view.items) < MANY:
        return [finding for rule in rules for finding in ask(rule)]
    view.names_in_items()  # these each of them would work out for itself
    _ = view.enclosures
    hands = _dealt(rules)

    def told(hand: list[Rule]) -> list[list[list[Any]]]:
        return [[_row(finding) for finding in ask(rule)] for rule in hand]

    rows = {
        rule.code: found
        for hand, all_found in zip(hands, shared(told, hands, each=len(view.items)), strict=True)
        for rule, found in zip(hand, all_found, strict=True)
    }
    return [_finding(row) for rule in rules for row in rows[rule.code]]


def _dealt(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in so many hands, of which the first is this process's own."""
    by_code = {rule.code: rule for rule in rules}
    hands: list[list[Rule]] = [[] for _ in range(HANDS)]
    known = [[by_code.pop(c) for c in group if c in by_code] for group in _LONGEST]
    groups = [*known, *([rule] for rule in by_code.values())]
    for number, group in enumerate(groups):
        ours = all(rule.code.startswith(RESERVED) for rule in group)
        hands[number % HANDS if ours else 0] += group
    return hands


def _row(finding: Finding) -> list[Any]:
    """A finding as it travels."""
    return [getattr(finding, name) for name in _FIELDS]


def _finding(row: list[Any]) -> Finding:
    said = dict(zip(_FIELDS, row, strict=True))
    return Finding(**{**said, "severity": Severity(said["severity"])})

"""A long feed is judged by several processes, and nobody can tell by what is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from podkit.model.finding import Severity
from podkit.rules import hands
from podkit.rules.rule import Found, Rule, in_order

BEGIN = """
import os
import podkit.share
from podkit.model.finding import Finding, Severity
from podkit.rules import hands, rule
from podkit.rules.check import check
from rules_feed import GOOD, subject_of

podkit.share._cores = lambda: 3
head, _, rest = GOOD.partition("<item>")
item, _, rest = rest.partition("</item>")
faults = [("https:", "http:"), ("false<", "maybe <"), ("<title>", "<title>&amp;amp; "),
          ("<title>", "<title>\\x7f"), ("<pubDate>", "<pubDate>x"), ("Energy", "\\U0001f600"), ("", "")]
items = [item.replace(*faults[n % 7], 1).replace("energy", f"e-{n % 90}") for n in range(120)]
subject = subject_of(head + "".join(f"<item>{one}</item>" for one in items) + rest)
here = str(os.getpid())

def finding(code):
    return Finding(code=code, rule="r", severity=Severity.INFO, subject="s", message=str(os.getpid()))
"""


def ran(code: str) -> list[str]:
    """What a process without other threads printed; forks need that."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_forks_find_what_one_process_finds() -> None:
    """The same findings in the same order, with every word and place; what is ignored stays so."""
    code = """
for wanted in ({}, {"ignore": ["PK3"]}, {"select": ["PK3", "PK115"]}, {"severity": {"PK4": "info"}}):
    hands.MANY = 10**9
    alone = check(subject, **wanted)
    hands.MANY = 100
    together = check(subject, **wanted)
    print(together == alone, len(alone.findings) > 30, type(together.findings[0].severity).__name__)
"""
    assert ran(code) == ["True True Severity"] * 4


def test_other_processes_are_asked_but_not_the_rules_of_other_packages() -> None:
    """Podkit's own rules are asked in several; one that nobody here wrote in this one alone."""
    code = """
class Where:
    "Tells who asks."
    def __call__(self, subject):
        yield rule.Found(str(os.getpid()))
for number in range(101, 110):
    rule.rule(f"ZZ{number}", f"where-{number}", Severity.INFO, who="K", source="-")(Where())
hands.MANY = 100
told = check(subject, select=["ZZ"]).findings
print(len(told), {one.message for one in told} == {here})
told = hands.each_asked(lambda one: [finding(one.code)], rule.in_order(), subject)
ours = {one.message for one in told if one.code.startswith("PK")}
print(here in ours, len(ours), {one.message for one in told if one.code.startswith("ZZ")} == {here})
print([one.code for one in told] == [one.code for one in rule.in_order()])
"""
    assert ran(code) == ["9 True", "True 3 True", "True"]


def test_what_a_rule_raises_comes_out() -> None:
    """Wherever it was asked: a fork's share is asked again here."""
    code = """
hands.MANY = 100
def ask(one):
    if one.code == "PK310":
        raise LookupError(one.code)
    return [finding(one.code)]
try:
    hands.each_asked(ask, rule.in_order(), subject)
except LookupError as error:
    print(error)
"""
    assert ran(code) == ["PK310"]


def test_every_rule_is_in_one_hand() -> None:
    """None is left out, none is asked twice, whichever are asked; the groups name rules there are."""
    every = list(in_order())
    for rules in (every, every[::3], every[:1], []):
        dealt = [rule.code for hand in hands._dealt(rules) for rule in hand]
        assert sorted(dealt) == [rule.code for rule in rules]
    codes = {rule.code for rule in every}
    assert all(code in codes for group in hands._LONGEST for code in group)


def test_a_rule_of_another_package_is_in_the_first_hand() -> None:
    """Which is this process's own, wherever the others come to lie."""

    def nothing(_: object) -> list[Found]:
        return []

    foreign = [
        Rule(code=f"ZZ{n}", name=f"z-{n}", severity=Severity.INFO, who="", source="", check=nothing)
        for n in range(100, 107)
    ]
    first, *others = hands._dealt([*in_order(), *foreign])
    assert {rule.code for rule in foreign} <= {rule.code for rule in first}
    assert not any(rule.code.startswith("ZZ") for hand in others for rule in hand)

"""Rules in words: for the terminal, and as the manual's page, both from the rules' docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

from podkit.rules.rule import Material, Rule

GROUPS = {
    "PK1": "Document",
    "PK2": "Show",
    "PK3": "Episode",
    "PK4": "Enclosure and server",
    "PK5": "Artwork",
    "PK6": "Sound and video",
    "PK7": "Chapters and transcripts",
    "PK8": "Podcasting 2.0 values",
    "PK9": "Publishing safety",
}
_WHO = {
    "A": "Apple",
    "S": "Spotify",
    "Y": "YouTube",
    "Z": "Amazon Music",
    "P1": "PSP-1",
    "PC": "Podcasting 2.0",
    "R": "RSS 2.0",
    "W3": "W3C validator",
    "K": "podkit",
    "NPR": "NPR",
}
_SOURCES = {
    "A823": "Apple, podcast requirements: https://podcasters.apple.com/support/823-podcast-requirements",
    "A893": "Apple, audio requirements: https://podcasters.apple.com/support/893-audio-requirements",
    "A3684": "Apple, video podcasts: https://podcasters.apple.com/support/3684-video-podcasts",
    "A5316": "Apple, transcripts: https://podcasters.apple.com/support/5316-transcripts-on-apple-podcasts",
    "A-RSS": "Apple, A Podcaster's Guide to RSS (archived in the podcast namespace's repository)",
    "PSP1": "Podcast Standards Project, PSP-1: https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification",
    "PC20": "the podcast namespace: https://github.com/Podcastindex-org/podcast-namespace",
    "W3C": "W3C feed validator: https://github.com/w3c/feedvalidator",
    "R": "RSS 2.0: https://www.rssboard.org/rss-specification",
    "PRX": "PRX, feed requirements: https://help.prx.org/hc/en-us/articles/360023748473-Overview-of-feed-requirements",
    "podnews": "podnews: https://podnews.net/article/apple-podcasts-hls-tech",
    "guide": "a publisher's distribution guide",
    "table": "a table of platform limits, checked in September 2026",
    "derived": "follows from the rules before it",
}
_SECOND_HAND = "second hand"

COLUMNS = ("rules", "error", "warning", "info", "only live", "own show", "mended", "advice")
"""What the table of groups counts."""

WIDTH = 80
"""Columns of the text for the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    demand: str
    why: str
    bad: str
    good: str


def explain(rule: Rule) -> str:
    """What `podkit rules CODE` prints of one rule."""
    parts = _parts(rule)
    lines = [f"{rule.code} {rule.name} ({_kind(rule)})", *wrap(parts.demand, WIDTH), ""]
    lines += [*wrap(parts.why, WIDTH), ""]
    for title, example in (("Bad:", parts.bad), ("Good:", parts.good)):
        lines += [title, *(f"    {line}".rstrip() for line in example.splitlines()), ""]
    lines.append(f"Demanded by: {demanded_by(rule)}")
    lines += [f"Source: {source}" for source in sources(rule)]
    return "\n".join(lines) + "\n"


def demanded_by(rule: Rule) -> str:
    """The names behind `who`, such as `Apple, PSP-1`."""
    bare = re.sub(r"\([^)]*\)", "", rule.who)
    return ", ".join(_WHO.get(word, word) for word in bare.split())


def sources(rule: Rule) -> tuple[str, ...]:
    """Where it is written, each with its address when it has one."""
    return tuple(_source(part.strip()) for part in re.split("[,;]", rule.source) if part.strip())


def to_markdown(rules: Iterable[Rule]) -> str:
    """The manual's page of these rules: a table of each group, then each rule."""
    by_group: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda r: r.code):
        by_group.setdefault(GROUPS.get(rule.code[:3], "Other"), []).append(rule)
    lines = [
        "# Lint rules",
        "",
        (
            "This page is made from the rules themselves by `make docs`. A code is never given to "
            "another rule. `podkit lint --select` and `--ignore`, `[lint]` in `podkit.toml` and "
            "`lint_ignore` in `episode.toml` take codes (`PK208`), beginnings of codes (`PK2`) and "
            "names (`explicit-missing`)."
        ),
        "",
        (
            "*Only live* are rules that ask servers (`podkit lint --live`), *own show* those that look at "
            "more than a feed and are skipped on other people's, *mended* those that `podkit lint --fix` "
            "can mend where it is safe; *advice* no file can be tested for, so it is printed and never "
            "found."
        ),
        "",
        f"| group | {' | '.join(COLUMNS)} |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    everything = [rule for members in by_group.values() for rule in members]
    for group, members in (*by_group.items(), ("**All**", everything)):
        lines.append(f"| {group} | {' | '.join(map(str, tally(members)))} |")
    for group, members in by_group.items():
        lines += ["", f"## {group}"]
        for rule in members:
            lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def tally(rules: Iterable[Rule]) -> tuple[int, ...]:
    """How many rules there are in each of COLUMNS; severities leave out what is advice."""
    members = tuple(rules)
    found = [r for r in members if not r.advice]
    levels = [sum(r.severity == level for r in found) for level in ("error", "warning", "info")]
    kinds = [sum(r.live for r in found), sum(r.own for r in found), sum(r.fixable for r in found)]
    return len(members), *levels, *kinds, len(members) - len(found)


def _section(rule: Rule) -> list[str]:
    parts = _parts(rule)
    lines = [f"### {rule.code} {rule.name}", "", parts.demand, "", parts.why, ""]
    for title, example in (("Bad:", parts.bad), ("Good:", parts.good)):
        lines += [title, "", "```", *example.splitlines(), "```", ""]
    lines.append(f"{_kind(rule).capitalize()}. Demanded by: {demanded_by(rule)}. Source:")
    lines += ["", *(f"- {source}" for source in sources(rule))]
    return lines


def _kind(rule: Rule) -> str:
    words = [rule.severity.value]
    if rule.advice:
        words.append("advice, never found")
    if rule.live:
        words.append("only with --live")
    if rule.own:
        words.append("one's own show")
    if rule.fixable:
        words.append("mended by --fix")
    if rule.needs is Material.MEDIA:
        words.append("needs the media files")
    if rule.needs is Material.ARTWORK:
        words.append("needs the pictures")
    return ", ".join(words)


def _parts(rule: Rule) -> _Parts:
    """The docstring cut at `Bad:` and `Good:`."""
    head, _, examples = rule.text.partition("\nBad:\n")
    bad, _, good = examples.partition("\nGood:\n")
    demand, _, why = head.partition("\n")
    return _Parts(
        demand=demand.strip(),
        why=" ".join(why.split()),
        bad=_dedent(bad),
        good=_dedent(good),
    )


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ").rstrip() for line in text.strip("\n").splitlines())


def _source(part: str) -> str:
    second_hand = part.endswith(" 2h")
    bare = part.removesuffix(" 2h")
    if re.fullmatch(r"[\w.-]+/[\w.-]+#[0-9]+", bare):
        repository, _, number = bare.partition("#")
        text = f"https://github.com/{repository}/issues/{number}"
    elif bare.startswith("asks"):
        text = f"what users ask for, number {bare.removeprefix('asks')}"
    else:
        first = bare.split()[0]
        text = _SOURCES.get(bare) or _SOURCES.get(first) or bare
    return f"{text} ({_SECOND_HAND})" if second_hand else text

"""Asks the rules about a subject, and says what they found and which could not be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from podkit.errors import UsageError
from podkit.model.finding import Finding, Severity
from podkit.registry import did_you_mean
from podkit.rules.hands import each_asked
from podkit.rules.rule import RULES, Found, Material, Rule, in_order, matching
from podkit.rules.subject import Subject

_AS_IT_IS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Findings by position, then code; `skipped` are the codes that could not be asked."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[str, ...] = ()


def check(
    subject: Subject,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    severity: Mapping[str, str] = _AS_IT_IS,
) -> Checked:
    """Ask every rule that is wanted.

    Args:
        subject: what is linted.
        select: codes, beginnings of codes or names to ask; empty asks all.
        ignore: those to leave out, stronger than `select`.
        severity: code, beginning or name → `error`, `warning` or `info`, in place of the rule's.

    Raises:
        UsageError: a word names no rule, or a severity is none; also in an episode's `lint_ignore`.
        PodkitError: the rules of an installed package do not load.
    """
    RULES.check_plugins()
    left_out = _codes(ignore)
    wanted = _codes(select) if select else None
    changed = _severities(severity)
    ignored_by = _ignored_by_episode(subject)
    asked: list[Rule] = []
    skipped: list[str] = []
    for rule in in_order():
        if rule.advice or rule.code in left_out or (wanted is not None and rule.code not in wanted):
            continue
        if _can_be_asked(rule, subject):
            asked.append(rule)
        elif _is_about(rule, subject):
            skipped.append(rule.code)

    def findings_of(rule: Rule) -> list[Finding]:
        found = (
            _finding(rule, one, subject, changed.get(rule.code)) for one in rule.check(subject)
        )
        return [one for one in found if rule.code not in ignored_by.get(one.episode, ())]

    findings = each_asked(findings_of, asked, subject)
    findings.sort(key=lambda f: (f.line or 0, f.column or 0, f.code, f.message))
    return Checked(findings=tuple(findings), skipped=tuple(skipped))


def check_words(ignore: Iterable[str], severity: Mapping[str, str], *, where: str) -> None:
    """Refuse words of a file's table that name no rule, or no severity.

    Args:
        ignore: the words under its key `ignore`.
        severity: those of its table `severity`.
        where: the file and the table, such as `podkit.toml, lint`.

    Raises:
        UsageError: the first of them, with its key.
    """
    for word in ignore:
        matching(word, where=f"{where}.ignore")
    for word, level in severity.items():
        _severities({word: level}, where=f"{where}.severity")


def _finding(rule: Rule, found: Found, subject: Subject, changed: Severity | None) -> Finding:
    at = found.at
    inside = at is not None and subject.view is not None
    line, column = (found.line, found.column) if at is None else at.places.of(at.offset)
    return Finding(
        code=rule.code,
        rule=rule.name,
        severity=changed or found.severity or rule.severity,
        subject=subject.name,
        message=found.message,
        hint=found.hint,
        line=line,
        column=column,
        element=subject.feed.path_of(at) if at is not None and inside else "",
        episode=subject.episode_name(at),
    )


def _can_be_asked(rule: Rule, subject: Subject) -> bool:
    if (rule.live and not subject.served) or (rule.own and not subject.own):
        return False
    if rule.needs is Material.FILE:
        return subject.document is not None
    if rule.needs is Material.FEED:
        return subject.view is not None
    return bool(_facts(rule.needs, subject)) and (not _reads(rule) or subject.view is not None)


def _reads(rule: Rule) -> bool:
    """Whether it looks at the feed itself, besides what its publishing would change."""
    return rule.needs in {Material.RELEASE, Material.ADDRESSES}


def _facts(needs: Material, subject: Subject) -> object:
    """What is known of the files that such rules look at."""
    release = subject.release
    return {
        Material.MEDIA: subject.media,
        Material.ARTWORK: subject.artwork,
        Material.CHAPTERS: subject.chapters,
        Material.TRANSCRIPTS: subject.transcripts,
        Material.SERVER: subject.served,
        Material.RELEASE: release is not None and bool(release.live),
        Material.TARGET: release is not None and release.faults is not None,
        Material.ADDRESSES: release is not None and release.answers is not None,
    }.get(needs)


def _is_about(rule: Rule, subject: Subject) -> bool:
    """Whether the rule speaks of such a subject at all: a sound file is no feed that was skipped."""
    if rule.live:
        return bool(subject.served)
    if subject.document is not None:
        return True
    return bool(_facts(rule.needs, subject))


def _codes(words: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(matching(word) for word in words))


def _severities(wanted: Mapping[str, str], *, where: str | None = None) -> dict[str, Severity]:
    return dict(_severity_pairs(wanted, where))


def _severity_pairs(wanted: Mapping[str, str], where: str | None) -> Iterator[tuple[str, Severity]]:
    # The beginning of a code speaks first, so that a whole code or a name has the last word.
    for word, level in sorted(wanted.items(), key=lambda pair: len(pair[0])):
        try:
            severity = Severity(level)
        except ValueError:
            raise UsageError(
                f"unknown severity {level!r} for {word}",
                where=where,
                hint=did_you_mean(level, [*map(str, Severity)]),
            ) from None
        for code in matching(word, where=where):
            yield code, severity


def _ignored_by_episode(subject: Subject) -> dict[str, frozenset[str]]:
    return {
        episode.slug: frozenset[str]().union(
            *(
                matching(word, where=f"episodes/{episode.slug}/episode.toml, lint_ignore")
                for word in episode.lint_ignore
            )
        )
        for episode in subject.episodes
        if episode.lint_ignore
    }

"""What stands on the shelves of presets and rules, as reports for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit.presets.builtin import PRESETS
from podkit.presets.preset import resolve, to_toml
from podkit.rules import rule as shelf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from podkit.model.finding import Severity
    from podkit.model.preset import Preset
    from podkit.rules.rule import Rule
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetsReport:
    """Presets, the built-in ones first."""

    presets: tuple[Preset, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRule:
    """A lint rule: `rule` is its name, `who` demands it, `source` says where, `text` is all of it.

    `live` asks servers, `own` is only asked of the show of the workspace, `advice` is never found,
    `fixable` what `podkit lint --fix` can mend.
    """

    code: str
    rule: str
    severity: Severity
    summary: str
    who: str
    source: str
    text: str
    live: bool = False
    own: bool = False
    advice: bool = False
    fixable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesReport:
    """Rules by code."""

    rules: tuple[ExplainedRule, ...]


def _tables(show: OpenShow | None) -> Mapping[str, Mapping[str, object]]:
    return {} if show is None else show.podcast.presets


def list_presets(show: OpenShow | None) -> PresetsReport:
    """Every preset there is, those of the show among them.

    Raises:
        UsageError: a table of the show makes no preset.
        PodkitError: a preset of an installed package does not load.
    """
    PRESETS.check_plugins()
    tables = _tables(show)
    names = [*PRESETS, *(name for name in tables if name not in PRESETS)]
    return PresetsReport(presets=tuple(resolve(name, tables) for name in names))


def preset_named(name: str, show: OpenShow | None) -> Preset:
    """One preset.

    Raises:
        UsageError: there is none of that name.
    """
    return resolve(name, _tables(show))


def preset_toml(name: str, show: OpenShow | None) -> str:
    """One preset as a table for podkit.toml, under a name of its own.

    Raises:
        UsageError: there is none of that name.
    """
    return to_toml(preset_named(name, show))


def list_rules() -> RulesReport:
    """Every rule of lint.

    Raises:
        PodkitError: the rules of an installed package do not load.
    """
    shelf.RULES.check_plugins()
    return RulesReport(rules=tuple(map(_explained, shelf.in_order())))


def explain_rule(word: str) -> ExplainedRule:
    """One rule by its code or name.

    Raises:
        UsageError: there is none.
    """
    return _explained(shelf.find(word))


def _explained(rule: Rule) -> ExplainedRule:
    return ExplainedRule(
        code=rule.code,
        rule=rule.name,
        severity=rule.severity,
        summary=rule.demand,
        who=rule.who,
        source=rule.source,
        text=rule.text,
        live=rule.live,
        own=rule.own,
        advice=rule.advice,
        fixable=rule.fixable,
    )

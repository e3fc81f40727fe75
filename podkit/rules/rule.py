"""The shelf of lint rules, and what one rule is: a generator with a docstring and a code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import getdoc
from typing import Final

from podkit.errors import PodkitError, UsageError
from podkit.model.document import Element
from podkit.model.finding import Severity
from podkit.registry import Registry, did_you_mean
from podkit.rules.subject import Subject

_CODE = re.compile(r"[A-Z]{2,4}[0-9]{3}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Material(StrEnum):
    """What a rule needs to be asked at all."""

    FILE = "file"
    """A feed file, even one that is not well-formed."""
    FEED = "feed"
    """A feed that was read whole."""
    MEDIA = "media"
    """Facts of media files."""
    ARTWORK = "artwork"
    """Facts of pictures."""
    CHAPTERS = "chapters"
    """Lists of chapters."""
    TRANSCRIPTS = "transcripts"
    """Transcripts that were read."""
    SERVER = "server"
    """What servers answered."""
    RELEASE = "release"
    """The live feed, beside the one that shall take its place."""
    TARGET = "target"
    """What the target of publishing holds."""
    ADDRESSES = "addresses"
    """Whether addresses that the live feed names still answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """One fault as a rule sees it; where it lies is worked out from `at`.

    `severity` is given where this case is milder or worse than the rule; `line` and `column` where
    there is no element to point to.
    """

    message: str
    at: Element | None = field(default=None, kw_only=True)
    hint: str = field(default="", kw_only=True)
    severity: Severity | None = field(default=None, kw_only=True)
    line: int | None = field(default=None, kw_only=True)
    column: int | None = field(default=None, kw_only=True)


Check = Callable[[Subject], Iterable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: `name` is its slug, `who` demands it, `source` says where that is written.

    `live` asks servers, `advice` is printed and never found, `own` makes sense only for the show of
    the workspace, `fixable` what `podkit lint --fix` can mend where it is safe.
    """

    code: str
    name: str
    severity: Severity
    who: str
    source: str
    check: Check
    needs: Material = Material.FEED
    live: bool = False
    advice: bool = False
    own: bool = False
    fixable: bool = False

    @property
    def text(self) -> str:
        """The docstring: what is demanded, why, a bad and a good example."""
        return getdoc(self.check) or ""

    @property
    def demand(self) -> str:
        """What is demanded, in one line."""
        return self.text.partition("\n")[0]


RESERVED: Final = "PK"
"""How the codes of podkit's own rules begin, and no others."""

RULES: Registry[Rule] = Registry("rule", group="podkit.rules", reserved=RESERVED)
"""Every rule by its code. A package's entry point leads to a module whose rules `rule` decorates."""


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    who: str,
    source: str,
    needs: Material = Material.FEED,
    live: bool = False,
    advice: bool = False,
    own: bool = False,
    fixable: bool = False,
) -> Callable[[Check], Check]:
    """Put the decorated generator on the shelf under its code.

    Raises:
        PodkitError: the code or the name is malformed or taken, or there is no docstring.
    """

    def register(check: Check) -> Check:
        made = Rule(
            code=code,
            name=name,
            severity=severity,
            who=who,
            source=source,
            check=check,
            needs=needs,
            live=live,
            advice=advice,
            own=own,
            fixable=fixable,
        )
        if not _CODE.fullmatch(code) or not _NAME.fullmatch(name) or not made.text:
            raise PodkitError(f"rule {code} {name} needs a code, a slug and a docstring")
        if any(other.name == name for other in RULES.here()):
            raise PodkitError(f"two rules are called {name!r}")
        RULES.add(code, made)
        return check

    return register


def in_order() -> tuple[Rule, ...]:
    """All rules by code."""
    return tuple(sorted(RULES.values(), key=lambda r: r.code))


def matching(word: str, *, where: object = None) -> frozenset[str]:
    """The codes that a word stands for: a code, the beginning of codes (`PK2`), or a name.

    Args:
        word: as typed, in any case.
        where: the file or key it stands in, for the message.

    Raises:
        UsageError: it stands for none.
    """
    bare = word.strip()
    beginning = bare.upper()
    found = frozenset(
        r.code for r in RULES.values() if r.name == bare.lower() or r.code == beginning
    )
    if not found and beginning:
        found = frozenset(r.code for r in RULES.values() if r.code.startswith(beginning))
    if not found:
        known = [r.name for r in RULES.values()] if "-" in bare else list(RULES)
        near = did_you_mean(bare.lower() if "-" in bare else beginning, known)
        hint = near if near.startswith("did you mean") else "see podkit rules"
        raise UsageError(f"unknown rule {word!r}", where=where, hint=hint)
    return found


def find(word: str) -> Rule:
    """The one rule of that code or name.

    Raises:
        UsageError: there is none, or the word is the beginning of several.
    """
    codes = sorted(matching(word))
    if len(codes) > 1:
        raise UsageError(
            f"{word!r} is the beginning of {len(codes)} rules", hint=f"write {codes[0]}"
        )
    return RULES.get(codes[0])

"""What a lint rule finds, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: a platform refuses, a worse result, good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: `code` and `rule` (its slug) name the rule, `subject` the file or URL.

    `line` and `column` count from 1 in the feed file; `element` is a path such as
    `channel/item[3]/enclosure`; `episode` a slug, or a GUID on a foreign feed; `record` where one's
    own records say it, such as `podkit.toml:12 show.language`.
    """

    code: str
    rule: str
    severity: Severity
    subject: str
    message: str
    hint: str = ""
    line: int | None = None
    column: int | None = None
    element: str = ""
    episode: str = ""
    record: str = ""

"""Every JSON report that a test sees is held against the schema of its command in docs/schemas/."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from podkit.cli.commands import COMMANDS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"
_DRY = frozenset(["-n", "--dry-run"])
_OF_A_PLAN = frozenset(["plan", "warnings", "failed"])


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def hold(words: Sequence[object], document: Any) -> None:
    """Fail where a command's JSON is not as its schema says."""
    said = [str(word) for word in words]
    command = next((word for word in said if word in COMMANDS), "")
    name = (
        "plan"
        if _DRY & set(said) and isinstance(document, dict) and document.keys() <= _OF_A_PLAN
        else command
    )
    if not name:
        return
    faults = sorted(_validator(name).iter_errors(document), key=lambda e: list(map(str, e.path)))
    assert not faults, f"podkit {command}: {faults[0].json_path}: {faults[0].message[:300]}"

"""Reports as JSON, and their exit codes."""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.cli.report import dumps, exit_code, to_json


class _Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    path: str
    error: str = ""
    exit_code: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    done: tuple[_Item, ...] = ()
    skipped: tuple[_Item, ...] = ()
    failed: tuple[_Item, ...] = ()


def test_plain() -> None:
    """Records, moments, enumerations and paths become plain values; exit codes stay inside."""
    moment = datetime(2026, 11, 20, 6, tzinfo=UTC)
    found = to_json(
        {"at": moment, "colour": _Colour.RED, "as_": (1, None), "item": _Item(path="x")}
    )
    assert found == {
        "at": "2026-11-20T06:00:00+00:00",
        "colour": "red",
        "as": [1, None],
        "item": {"path": "x", "error": ""},
    }


def test_no_infinity() -> None:
    """NaN and Infinity are null."""
    values = [float("nan"), float("inf"), -float("inf"), -16.0]
    assert json.loads(dumps(values)) == [None, None, None, -16.0]


@given(st.binary(max_size=40).filter(lambda b: b"\0" not in b))
def test_undecodable_names_are_reversible(name: bytes) -> None:
    r"""Bytes that are no UTF-8 are `\xNN`; beside them lie the bytes themselves."""
    path = os.fsdecode(name)
    found = json.loads(dumps({"path": Path(path), "source": path}))
    try:
        name.decode()
    except UnicodeDecodeError:
        assert base64.b64decode(found["source_base64"]) == name
        assert "path_base64" in found
        assert not any("\ud800" <= char <= "\udfff" for char in found["source"])
    else:
        assert found["source"] == path
        assert "source_base64" not in found


@given(st.text(), st.booleans())
def test_json_is_lossless_and_harmless(text: str, ascii_only: bool) -> None:
    """Any text comes back as it was, and no character of it can steer a terminal."""
    written = dumps({"title": text}, ascii_only=ascii_only)
    assert json.loads(written) == {"title": text}
    seen = {unicodedata.category(char) for char in written.replace("\n", "")}
    assert not seen & {"Cc", "Cf", "Cs", "Zl", "Zp"}


A, B = _Item(path="a"), _Item(path="b")
LATER, WRONG = _Item(path="c", exit_code=75), _Item(path="d", exit_code=2)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (_Report(), 0),
        (_Report(done=(A,)), 0),
        (_Report(skipped=(A,)), 0),
        (_Report(failed=(A,)), 1),
        (_Report(failed=(A, B)), 1),
        (_Report(done=(A,), failed=(B,)), 4),
        (_Report(skipped=(A,), failed=(B,)), 4),
        (_Report(failed=(LATER,)), 75),
        (_Report(failed=(LATER, LATER)), 75),
        (_Report(failed=(LATER, A)), 1),
        (_Report(failed=(WRONG,)), 2),
        (_Report(done=(A,), failed=(LATER,)), 4),
    ],
    ids=str,
)
def test_exit_code(report: _Report, code: int) -> None:
    """0 without failures, 4 when something succeeded, else the failures' own code."""
    assert exit_code(report) == code

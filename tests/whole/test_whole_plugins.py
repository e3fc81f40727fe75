"""Packages put presets, rules, targets and formats on the shelves; the manual's examples, installed."""

from __future__ import annotations

import json
import re

import pytest
from whole_runs import REPOSITORY, answer, complaint, make_show, podkit, tone

POINTS = """\
[podkit.presets]
voice = newsroom:VOICE
[podkit.rules]
newsroom = newsroom_rules
[podkit.formats]
cuts = newsroom_formats
[podkit.targets]
vault = newsroom_targets:open_vault
"""


def install(folder, points=POINTS):
    """The manual's examples as an installed distribution; the PYTHONPATH that sees it."""
    folder.mkdir()
    text = (REPOSITORY / "docs/plugins.md").read_text(encoding="utf-8")
    for name, body in re.findall(r"```python\n# (\w+\.py)\n(.*?)```", text, re.DOTALL):
        (folder / name).write_text(body)
    about = folder / "newsroom-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: newsroom\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text(points)
    return f"{folder}:{REPOSITORY}"


@pytest.fixture
def path(tmp_path):
    return install(tmp_path / "site")


def test_the_manual_names_the_same_entry_points():
    """What the page tells to write into pyproject.toml is what is installed here."""
    text = (REPOSITORY / "docs/plugins.md").read_text(encoding="utf-8")
    told = re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1]
    lines = told.replace('project.entry-points."', "").replace('"', "").split()
    assert "".join(sorted(lines)) == "".join(sorted(POINTS.split()))


def test_a_preset_of_a_package(tmp_path, path):
    """It is listed, printed as TOML, a start for the show's own, and made."""
    listed = answer("presets", PYTHONPATH=path)["presets"]
    assert [p["bit_rate"] for p in listed if p["name"] == "voice"] == [48_000]
    sound = tone(tmp_path / "t.wav")
    podkit("transcode", sound, "-p", "voice", "-o", tmp_path / "out", PYTHONPATH=path)
    assert answer("probe", tmp_path / "out/t.mp3")["files"][0]["audio"][0]["bit_rate"] == 48_000
    assert "unknown preset" in complaint("transcode", sound, "-p", "voice", "-n", code=2)


def test_a_rule_of_a_package(tmp_path, path):
    """It is listed, explained, found, selected and ignored as podkit's own are."""
    show = make_show(tmp_path / "show")
    sound = tone(tmp_path / "t.wav")
    podkit("-C", show, "add", sound, "--title", "BREAKING NEWS")
    assert "NS001" in podkit("rules", PYTHONPATH=path)
    assert "read aloud" in podkit("rules", "ns001", PYTHONPATH=path)
    podkit("-C", show, "build", PYTHONPATH=path)
    found = answer("-C", show, "lint", "--select", "NS", PYTHONPATH=path)["findings"]
    assert [(f["code"], f["rule"]) for f in found] == [("NS001", "shouting-title")]
    assert not answer("-C", show, "lint", "--ignore", "NS001", "--select", "NS", PYTHONPATH=path)[
        "findings"
    ]


def test_a_target_of_a_package(tmp_path, path):
    """`publish` sends to the URL's scheme, and verifies there."""
    show = make_show(tmp_path / "show")
    podkit("-C", show, "add", tone(tmp_path / "t.wav"), "--published", "2026-01-01T00:00:00Z")
    podkit("-C", show, "build")
    podkit("-C", show, "publish", "vault:there", PYTHONPATH=path)
    assert (tmp_path / "there/feed.xml").is_file()
    assert "no target for vault: URLs" in complaint("-C", show, "publish", "vault:x", code=2)


def test_a_text_format_of_a_package(tmp_path, path):
    """It is read by its suffix, written by its name, and its errors name the line."""
    (tmp_path / "a.cuts").write_text("0=Start\n2.345=«Далі»\n")
    podkit("chapters", tmp_path / "a.cuts", "-o", tmp_path / "a.json", PYTHONPATH=path)
    made = json.loads((tmp_path / "a.json").read_text())
    assert [(c["startTime"], c["title"]) for c in made["chapters"]] == [
        (0, "Start"),
        (2.345, "«Далі»"),
    ]
    back = podkit("chapters", tmp_path / "a.json", "--to", "cuts", PYTHONPATH=path)
    assert back == "0.0=Start\n2.345=«Далі»\n"


BROKEN = POINTS.replace("newsroom:VOICE", "newsroom:GONE").replace(
    "newsroom_rules", "no_such_module"
)


def test_what_fails_is_told_and_hinders_nothing_else(tmp_path):
    """Doctor names package and fault; only who needs the thing, and lint, ends with 1."""
    path = install(tmp_path / "site", BROKEN)
    checks = {c["name"]: c for c in answer("doctor", code=1, PYTHONPATH=path)["checks"]}
    assert "newsroom 1.2" in checks["plug-in voice"]["detail"]
    assert "pip uninstall newsroom" in checks["plug-in newsroom"]["hint"]
    assert checks["plug-in cuts"]["ok"]
    sound = tone(tmp_path / "t.wav")
    podkit("transcode", sound, "-p", "voice", "-o", tmp_path / "o", code=1, PYTHONPATH=path)
    podkit("transcode", sound, "-p", "mp3-mono", "-o", tmp_path / "o", PYTHONPATH=path)
    (tmp_path / "a.cuts").write_text("0=Start\n")
    podkit("chapters", tmp_path / "a.cuts", "--to", "text", PYTHONPATH=path)
    podkit("lint", sound, code=1, PYTHONPATH=path)

"""A transcriber from an installed package is found by its name."""

from __future__ import annotations

from whole_runs import REPOSITORY, answer, podkit, tone


def installed(folder):
    """The manual's example as an installed distribution; the PYTHONPATH that sees it."""
    blocks = (REPOSITORY / "docs/speech.md").read_text(encoding="utf-8").split("```python\n")
    (folder / "my_package.py").write_text(blocks[1].split("```")[0])
    about = folder / "my_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    points = "[podkit.transcribers]\nsilent = my_package:SILENT\nbroken = my_package:NOTHING\n"
    (about / "entry_points.txt").write_text(points)
    return f"{folder}:{REPOSITORY}"


def test_the_manuals_example_works(tmp_path):
    """The example of docs/speech.md, installed for real, hears what it says it hears."""
    path = installed(tmp_path)
    points = tmp_path / "my_package-1.0.dist-info/entry_points.txt"
    points.write_text(points.read_text().replace("broken = my_package:NOTHING\n", ""))
    sound = tone(tmp_path / "t.wav")
    report = answer("transcribe", sound, "--engine", "silent", PYTHONPATH=path)
    assert [cue["text"] for cue in report["cues"]] == ["silence"]
    assert report["engine"] == "silent"


def test_a_broken_package_is_named(tmp_path):
    """One that does not load ends the command with 1 and no traceback; built-in engines still work."""
    path = installed(tmp_path)
    sound = tone(tmp_path / "t.wav")
    podkit("transcribe", sound, "--engine", "broken", code=1, PYTHONPATH=path)
    podkit("transcribe", sound, "--engine", "pocketsphinx", "-n", PYTHONPATH=path)

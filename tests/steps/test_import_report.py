"""Each field of an episode is told once: as kept, or as what became of it."""

from __future__ import annotations

from podkit.steps.import_report import Fate, Fates, counted


def _counts(fates: Fates) -> dict[str, tuple[int, int, int]]:
    return {one.field: (one.kept, one.changed, one.lost) for one in counted(fates.found)}


def test_what_changed_was_not_kept() -> None:
    """Whichever is found first: a sound of another length, transcripts of which one is left out."""
    fates = Fates(episode="a")
    fates.note("enclosure")
    fates.note("enclosure", Fate.CHANGED, "another length")
    fates.note("transcripts", Fate.CHANGED, "one is left out")
    fates.note("transcripts")
    assert _counts(fates) == {"enclosure": (0, 1, 0), "transcripts": (0, 1, 0)}


def test_several_of_one_name_are_counted() -> None:
    """Elements that are kept word for word, and two reasons for one field."""
    fates = Fates(episode="a")
    fates.note("<category>")
    fates.note("<category>")
    fates.note("notes", Fate.CHANGED, "x")
    fates.note("notes", Fate.LOST, "y")
    assert _counts(fates) == {"<category>": (2, 0, 0), "notes": (0, 1, 1)}

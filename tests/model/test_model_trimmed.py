"""What has times moves with the sound when its head is cut off, and nothing reaches beyond its end."""

from __future__ import annotations

from podkit.model.chapter import Chapter, trimmed
from podkit.model.podcasting import Soundbite
from podkit.model.transcript import Cue
from podkit.model.transcript import trimmed as trimmed_cues


def test_chapters():
    """One in the head goes, one that reaches out of it begins at zero, one behind the end goes."""
    given = (
        Chapter(start=0.0, title="gone"),
        Chapter(start=1.0, title="first"),
        Chapter(start=5.0, end=30.0, title="second"),
        Chapter(start=12.0, title="behind"),
    )
    assert trimmed(given, 2.0, 10.0) == (
        Chapter(start=0.0, title="first"),
        Chapter(start=3.0, end=10.0, title="second"),
    )
    assert trimmed((Chapter(start=0.0, end=2.0),), 2.0, 10.0) == ()


def test_cues():
    """The same for captions."""
    cues = tuple(Cue(start=n, end=n + 2.0, text=str(n)) for n in (0.0, 1.0, 5.0, 11.0, 12.0))
    assert [(c.start, c.end, c.text) for c in trimmed_cues(cues, 2.0, 10.0)] == [
        (0.0, 1.0, "1.0"),
        (3.0, 5.0, "5.0"),
        (9.0, 10.0, "11.0"),
    ]


def test_soundbites():
    """A highlight keeps what is left of it; nothing left is None."""
    bite = Soundbite(start=5.0, duration=2.0, title="x")
    assert bite.trimmed(1.5, 60.0) == Soundbite(start=3.5, duration=2.0, title="x")
    assert bite.trimmed(6.0, 60.0) == Soundbite(start=0.0, duration=1.0, title="x")
    assert bite.trimmed(7.0, 60.0) is None
    assert bite.trimmed(1.0, 3.0) is None

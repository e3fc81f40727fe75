"""Words become cues that can be read."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from podkit.model.speech import LINE, LINES, LONGEST, Word, cues_of

_WORDS = st.lists(
    st.tuples(
        st.text("абвxyz.,?-", min_size=1, max_size=30),
        st.floats(0, 3).map(lambda seconds: round(seconds, 2)),
        st.floats(0.01, 2).map(lambda seconds: round(seconds, 2)),
    ),
    max_size=60,
)


def spoken(parts):
    """Words one after the other: text, silence before, length."""
    words, now = [], 0.0
    for text, pause, length in parts:
        words.append(Word(start=now + pause, end=now + pause + length, text=" " + text))
        now += pause + length
    return words


@given(_WORDS)
def test_cues_hold_every_word_and_can_be_read(parts):
    """No word is lost or moved; two lines of 42, seven seconds, in order and never over each other."""
    words = spoken(parts)
    cues = cues_of(words)
    assert " ".join(c.text for c in cues).split() == [w.text.strip() for w in words]
    for cue in cues:
        lines = cue.text.split("\n")
        assert len(lines) <= LINES
        assert all(len(line) <= LINE for line in lines)
        assert 0 < cue.end - cue.start <= LONGEST + 0.001
    for one, after in pairwise(cues):
        assert one.end <= after.start


def test_a_pause_begins_a_new_cue():
    """Speech, a second of silence, speech: two cues with the words' own times."""
    words = spoken([("good", 0.5, 0.3), ("morning", 0.1, 0.4), ("so", 1.0, 0.2)])
    found = [(c.start, c.end, c.text) for c in cues_of(words)]
    assert found == [(0.5, 1.3, "good morning"), (2.3, 2.5, "so")]


def test_languages_without_spaces_stay_without():
    """A word that begins without a space is joined to the one before it."""
    words = [Word(start=n / 5, end=(n + 1) / 5, text=text) for n, text in enumerate("今日は")]
    assert [c.text for c in cues_of(words)] == ["今日は"]


def test_words_without_length_make_cues_with_one():
    """A recogniser that puts many words at one moment still makes cues that end after they begin."""
    words = [Word(start=1.6, end=1.6, text=f" word{number}") for number in range(60)]
    cues = cues_of(words)
    assert len(cues) > 3
    assert all(cue.start < cue.end for cue in cues)
    assert all(one.end <= after.start for one, after in pairwise(cues))

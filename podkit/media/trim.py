"""Where the sound on a tape begins and ends, and the tape without the silence around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.media.gating import ABSOLUTE_GATE
from podkit.media.survey import PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.media.tape import Tape

SILENCE = 30.0
"""LU below the integrated loudness from which on it is silence: pauses and room tone, not a fade."""

_BEFORE, _AFTER = 3, 5  # blocks of 100 ms that stay around the sound
_WINDOW = 4  # blocks of a momentary value (BS.1770-4, annex 1: 400 ms, each 100 ms)


def sounding(momentary: Sequence[float], integrated: float | None) -> tuple[int, int] | None:
    """The blocks of 100 ms to keep, first and last exclusive; None when there is silence alone.

    Args:
        momentary: in LUFS, at the end of each block.
        integrated: the loudness of the whole in LUFS; None for silence.
    """
    if integrated is None:
        return None
    lowest = max(integrated - SILENCE, ABSOLUTE_GATE)
    loud = [block for block, value in enumerate(momentary) if value > lowest]
    if not loud:
        return None
    # the first window that is loud ends in the block where the sound begins; of the last ones the
    # sound fills the beginning alone
    first = max(0, loud[0] - _BEFORE)
    return first, min(loud[-1] + 1 - (_WINDOW - 1) + _AFTER, len(momentary))


def trimmed(tape: Tape, kept: tuple[int, int], blocks: int, rate: int) -> tuple[Tape, float]:
    """A tape without what lies around the blocks to keep, and the seconds cut off at its head.

    Args:
        tape: the sound, at any rate.
        kept: first and last block, as `sounding` gives them.
        blocks: how many there are; what is shorter than one stays with the last.
        rate: in Hz, of the tape on which the blocks were counted.
    """
    seconds = rate // PER_SECOND / rate  # of a block, which has whole samples
    first = round(kept[0] * seconds * tape.rate)
    last = tape.samples if kept[1] >= blocks else round(kept[1] * seconds * tape.rate)
    last = min(last, tape.samples)
    if (first, last) == (0, tape.samples):
        return tape, 0.0
    start = tape.start + first * tape.frame_bytes
    return replace(tape, start=start, samples=last - first), first / tape.rate

"""Which sample rate comes out: of those that a preset and its codec know, the one nearest in kind."""

from __future__ import annotations

from collections.abc import Sequence

# Families of rates whose members divide each other, or nearly: what passes between two of one family
# is resampled in few steps, and 44.1 to 48 kHz in 160 to 147.
_FAMILIES = (11_025, 4_000)

# What the codecs can carry where a preset names no rate: MPEG-1, -2 and -2.5 layer III (ISO/IEC
# 11172-3, 13818-3), AAC-LC (ISO/IEC 14496-3, table 1.18), Opus (RFC 6716). FLAC keeps what it gets.
_OF_CODECS: dict[str, tuple[int, ...]] = {
    "mp3": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "aac": (
        *(7_350, 8_000, 11_025, 12_000, 16_000, 22_050, 24_000),
        *(32_000, 44_100, 48_000, 64_000, 88_200, 96_000),
    ),
    "opus": (48_000,),
}


def chosen(wanted: Sequence[int], codec: str, rate: int) -> int:
    """The sample rate in Hz that is put out of a source with `rate`.

    A source keeps its rate where that is one of the wanted. Else it gets one of its own family
    (of 44.1 or of 48 kHz) where there is one: the lowest that still holds all of the sound, or the
    highest that there is.

    Args:
        wanted: the rates that a preset allows, in Hz; empty allows what the codec can carry.
        codec: the encoder's codec.
        rate: of the source, in Hz.
    """
    rates = tuple(wanted) or _OF_CODECS.get(codec, ())
    if not rates or rate in rates:
        return rate
    family = next((base for base in _FAMILIES if rate % base == 0), 0)
    akin = [one for one in rates if family and one % family == 0] or list(rates)
    return min((one for one in akin if one > rate), default=max(akin))

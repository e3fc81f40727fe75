"""An MP3 frame is read as the standard lays it out, and as libmp3lame writes it."""

from __future__ import annotations

from itertools import pairwise

import media_sounds as sounds
import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.media import mp3_frames

# version bits, Hz and layer III kbit/s, written once more from the standards' own tables
KINDS = [
    *((3, hertz, index) for index, hertz in enumerate((44100, 48000, 32000))),
    *((2, hertz, index) for index, hertz in enumerate((22050, 24000, 16000))),
]
KBITS = {
    3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
BLOWS = "aevalsrc='0.1*sin(2*PI*300*t)+0.8*(random(0)-0.5)*lt(mod(t,0.31),0.01)':s=48000:d=3"
flags = st.integers(0, 1)


@given(
    kind=st.sampled_from(KINDS),
    index=st.integers(1, 14),
    padding=flags,
    unchecked=flags,
    mode=st.integers(0, 3),
    rest=st.integers(0, 63),
    private=flags,
)
def test_every_header_says_what_was_put_into_it(
    kind, index, padding, unchecked, mode, rest, private
):
    """All fields come back, and length and positions follow from them by the standard's formula."""
    version, hertz, frequency = kind
    word = 0x7FF << 21 | version << 19 | 1 << 17 | unchecked << 16 | index << 12
    word |= frequency << 10 | padding << 9 | private << 8 | mode << 6 | rest
    head = mp3_frames.header(word)
    assert head is not None
    bits = KBITS[version][index - 1] * 1000
    assert (head.version, head.bit_rate, head.sample_rate) == (version, bits, hertz)
    assert (head.padded, head.checked, head.mode) == (padding == 1, unchecked == 0, mode)
    assert head.channels == (1 if mode == 3 else 2)
    assert head.samples == (1152 if version == 3 else 576)
    assert head.length == (144 if version == 3 else 72) * bits // hertz + padding
    assert head.side == (4 if unchecked else 6)
    assert (
        head.main - head.side
        == {(3, 1): 17, (3, 2): 32, (2, 1): 9, (2, 2): 17}[version, head.channels]
    )


@given(st.integers(0, 2**32 - 1))
def test_what_is_no_header_is_none(word):
    """Reserved values, other layers, free format and a broken sync word are refused."""
    version, layer, index, frequency = (
        word >> 19 & 3,
        word >> 17 & 3,
        word >> 12 & 15,
        word >> 10 & 3,
    )
    good = word >> 21 == 0x7FF and version in {2, 3} and layer == 1
    good = good and 0 < index < 15 and frequency < 3
    assert (mp3_frames.header(word) is not None) == good


@given(st.data())
def test_side_information_says_what_was_put_into_it(data):
    """main_data_begin, all part2_3_lengths and block types come back in all four layouts."""
    version, channels = data.draw(st.sampled_from([(3, 1), (3, 2), (2, 1), (2, 2)]))
    checked = data.draw(st.booleans())
    fields: list[tuple[int, int]] = []

    def put(width: int, value: int | None = None) -> int:
        chosen = data.draw(st.integers(0, (1 << width) - 1)) if value is None else value
        fields.append((width, chosen))
        return chosen

    begin = put(9 if version == 3 else 8)
    put({(3, 1): 5, (3, 2): 3, (2, 1): 1, (2, 2): 2}[version, channels])
    put(4 * channels if version == 3 else 0)
    lengths, types = 0, []
    for _ in range(2 if version == 3 else 1):
        row = []
        for _ in range(channels):
            lengths += put(12)
            put(9 + 8 + (4 if version == 3 else 9))
            switching = put(1)
            row.append(put(2) if switching else 0)
            put(20 if switching else 22)
            put(3 if version == 3 else 2)
        types.append(tuple(row))
    bits = "".join(f"{value:0{width}b}" for width, value in fields if width)
    assert len(bits) % 8 == 0
    word = 0xFFE20000 | version << 19 | (0 if checked else 1) << 16 | 9 << 12
    word |= 3 << 6 if channels == 1 else 0
    raw = word.to_bytes(4, "big") + (b"\xaa\xaa" if checked else b"")
    head = mp3_frames.header_at(b"junk" + raw, 4)
    assert head.side == len(raw)
    assert head.main == len(raw) + len(bits) // 8
    raw += int(bits, 2).to_bytes(len(bits) // 8, "big")
    found = mp3_frames.side_at(b"junk" + raw, 4)
    assert (found.main_data_begin, found.main_bits) == (begin, lengths)
    assert found.block_types == tuple(types)


@pytest.mark.parametrize("rate", [48000, 44100, 32000, 24000, 22050, 16000])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_libmp3lame_writes_adds_up(tmp_path, rate, channels):
    """Frames follow each other to the end, and no frame's main data reaches into the last one's."""
    path = tmp_path / "x.mp3"
    options = ["-ar", rate, "-ac", channels, "-b:a", "96k", "-write_xing", "0"]
    sounds.make("-f", "lavfi", "-i", BLOWS, *options, "-id3v2_version", "0", path)
    stream = path.read_bytes()
    starts = mp3_frames.starts(stream)
    head = mp3_frames.header_at(stream, 0)
    assert (head.sample_rate, head.channels, head.bit_rate) == (rate, channels, 96000)
    assert starts[-1] == len(stream)
    free, blocks = 0, set()
    for at, after in pairwise(starts):
        side = mp3_frames.side_at(stream, at)
        blocks |= {kind for granule in side.block_types for kind in granule}
        assert side.main_data_begin <= free
        main = mp3_frames.header_at(stream, at).main
        free = side.main_data_begin + after - at - main - -(-side.main_bits // 8)
        assert free >= 0
    assert blocks == {0, 1, 2, 3}


def test_a_cut_or_foreign_stream_is_refused(speech, tmp_path):
    """A stream cut inside a frame, with a tag, of another kind half-way, or empty is not walked."""
    path = tmp_path / "x.mp3"
    sounds.make("-i", speech, "-ar", 44100, "-t", 1, "-write_xing", 0, "-id3v2_version", 0, path)
    stream = path.read_bytes()
    starts = mp3_frames.starts(stream)
    for cut in range(starts[3], starts[5]):
        if cut in starts:
            assert len(mp3_frames.starts(stream[:cut])) == list(starts).index(cut) + 1
            continue
        with pytest.raises(ValueError, match=r"cut|no frame"):
            mp3_frames.starts(stream[:cut])
    other = (mp3_frames.word_at(stream, 0) ^ 1 << 12).to_bytes(4, "big") + bytes(500)
    for wrong in (b"", b"ID3" + bytes(17) + stream, stream + b"TAG" + bytes(125), stream + other):
        with pytest.raises(ValueError, match="frame"):
            mp3_frames.starts(wrong)

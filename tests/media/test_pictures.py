"""What becomes of pictures: size, shape, turn, colours, fields, moments in time."""

from __future__ import annotations

import itertools
from fractions import Fraction

import media_sounds as sounds
import pytest
from media_pictures import H264, film, make, packets, pixels, preset

from podkit.media import graph
from podkit.media.picture_graph import KEYFRAMES, filters_wanted
from podkit.media.probe import probe

pytestmark = pytest.mark.need("ffprobe", "ffmpeg")


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turned_pictures_are_upright_pixel_by_pixel(each, tmp_path, degrees):
    """The red corner is where a player shows it, and nothing is left to turn."""
    corner = "color=blue:s=320x180:r=5:d=1,drawbox=w=80:h=80:color=red:t=fill"
    plain = film(tmp_path / "plain.mp4", picture=corner)
    turned = tmp_path / "turned.mp4"
    sounds.make("-display_rotation", -degrees, "-i", plain, "-c", "copy", turned)
    stream = make(each, turned, tmp_path / "x.mp4")
    width, height = (320, 180) if degrees % 180 == 0 else (180, 320)
    assert (stream["width"], stream["height"]) == (width, height)
    assert not stream.get("side_data_list")
    content = pixels(tmp_path / "x.mp4")
    corners = {0: (20, 20), 90: (width - 20, 20), 180: (width - 20, height - 20)}
    x, y = corners.get(degrees, (20, height - 20))
    red, _, blue = content[(y * width + x) * 3 :][:3]
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize(
    ("size", "shape", "limit", "expected"),
    [
        ("320x240", "1/1", 720, (320, 240)),
        ("321x241", "1/1", 720, (320, 240)),
        ("360x288", "16/11", 720, (522, 288)),  # anamorphic: as wide as it is shown
        ("360x288", "8/9", 144, (160, 144)),
        ("640x360", "1/1", 180, (320, 180)),
        ("500x64", "1/1", 64, (500, 64)),
        ("16x16", "1/1", 720, (16, 16)),
    ],
)
def test_even_sizes_and_square_pixels(tool, tmp_path, size, shape, limit, expected):
    """Never more lines than the source, both sides even, every pixel as wide as it is high."""
    source = film(
        *(tmp_path / "x.mkv", "-vf", f"setsar={shape}", "-c:v", "ffv1"),
        picture=f"testsrc2=s={size}:r=5:d=1",
    )
    # ffv1 is no decoder for strangers' files
    film_path = tmp_path / "y.mp4"
    sounds.make("-i", source, "-c:v", "mpeg4", "-q:v", "2", film_path)
    stream = make(tool, film_path, tmp_path / "out.mp4", preset(height=str(limit)))
    assert (stream["width"], stream["height"]) == expected
    assert stream["sample_aspect_ratio"] == "1:1"


@pytest.mark.parametrize("rate", ["25", "24000/1001", "60000/1001", "12"])
def test_a_steady_rate_stays(each, tmp_path, rate):
    """Every picture of a steady film is there, as far from its neighbours as before."""
    for extension in ("mp4", "mkv"):  # the second rounds to milliseconds
        source = film(tmp_path / f"x.{extension}", picture=f"testsrc2=s=64x64:r={rate}:d=2")
        path = tmp_path / f"{extension}.mp4"
        stream = make(each, source, path)
        found = [float(Fraction(stream[key])) for key in ("avg_frame_rate", "r_frame_rate")]
        assert found == pytest.approx([float(Fraction(rate))] * 2, rel=1e-4)
        assert int(stream["nb_frames"]) == len(packets(source)[0])


@pytest.mark.parametrize(
    "moments",
    [
        "select='not(eq(mod(n,7),3))'",  # drops on a grid
        "settb=1/90000,setpts='PTS+floor(random(1)*2000)'",  # a phone
        "settb=1/1000,select='if(lt(t,1),1,not(mod(n,11)))'",  # a screen
    ],
)
def test_a_varying_rate_stays(each, tmp_path, moments):
    """Each picture of a film without a steady rate is shown at its own moment, none is lost."""
    source = film(
        *(tmp_path / "x.mp4", "-vf", moments, "-fps_mode", "passthrough"),
        *("-enc_time_base", "1:90000", *H264, "-pix_fmt", "yuv420p"),
        picture="testsrc2=s=64x64:r=30:d=3",
    )
    assert probe(source).video[0].variable
    make(each, source, tmp_path / "out.mp4")
    before, after = packets(source)[0], packets(tmp_path / "out.mp4")[0]
    assert len(after) == len(before)
    moved = [b - a for a, b in zip(before, after, strict=True)]
    assert max(moved) - min(moved) < 0.001


def test_fields_become_pictures_only_where_flagged(each, tmp_path):
    """Combs of an interlaced film go, its rate stays; a progressive film is not touched."""
    bar = "255*between(X,mod(N*8,280),mod(N*8,280)+40)"
    moving = f"nullsrc=s=320x176:r=50:d=1,geq=lum='{bar}':cb=128:cr=128"
    fields = tmp_path / "fields.mp4"
    film(
        *(
            fields,
            "-vf",
            "interlace=lowpass=0",
            *H264,
            "-flags",
            "+ildct+ilme",
            "-x264-params",
            "tff=1",
        ),
        *("-pix_fmt", "yuv420p"),
        picture=moving,
    )
    plain = film(tmp_path / "plain.mp4", picture=moving)
    assert probe(fields).video[0].interlaced
    assert not probe(plain).video[0].interlaced
    assert "bwdif" not in " ".join(graph.ladder(probe(plain), plain, [(preset(), None, plain)]))
    stream = make(each, fields, tmp_path / "out.mp4")
    assert stream["avg_frame_rate"] == "25/1"
    assert stream["field_order"] == "progressive"
    assert int(stream["nb_frames"]) == 25

    def combing(path) -> float:
        """How much more a line differs from its neighbour than from the next but one."""
        content, row = pixels(path, at=0.5), 320 * 3
        lines = [content[start : start + row] for start in range(0, len(content), row)]
        near = sum(
            abs(a - b)
            for one, two in itertools.pairwise(lines)
            for a, b in zip(one, two, strict=True)
        )
        far = sum(
            abs(a - b)
            for one, two in zip(lines, lines[2:], strict=False)
            for a, b in zip(one, two, strict=True)
        )
        return near / (far + 1)

    assert combing(fields) > 1.0
    assert combing(tmp_path / "out.mp4") < 0.8


COLOURS = ("color_space", "color_primaries", "color_transfer", "color_range")


@pytest.mark.parametrize(
    ("size", "tags", "expected"),
    [
        ("1280x720", (), "bt709 bt709 bt709 tv"),
        ("320x240", (), "smpte170m smpte170m smpte170m tv"),
        ("320x240", ("bt709", "bt709", "bt709"), "bt709 bt709 bt709 tv"),
        ("320x240", ("bt470bg", "bt470bg", "bt709"), "bt470bg bt470bg bt709 tv"),
        ("320x240", ("bt2020nc", "bt2020", "bt2020-10"), "bt2020nc bt2020 bt2020-10 tv"),
    ],
)
def test_colours_keep_their_meaning(each, tmp_path, size, tags, expected):
    """What the source says of its colours stays; what it leaves open is said aloud."""
    names = ("colorspace", "color_primaries", "color_trc")
    told = ":".join(f"{name}={tag}" for name, tag in zip(names, tags, strict=False))
    source = film(
        *(tmp_path / "x.mp4", "-vf", f"format=yuv420p,setparams={told or 'range=tv'}", *H264),
        picture=f"testsrc2=s={size}:r=5:d=1",
    )
    stream = make(each, source, tmp_path / "out.mp4", preset(height="144"))
    assert stream["pix_fmt"] == "yuv420p"
    assert " ".join(stream.get(name, "") for name in COLOURS) == expected


@pytest.mark.parametrize("made_as", ["rgb", "full", "ten", "422", "hd"])
def test_colours_look_the_same(each, tmp_path, made_as):
    """An orange is an orange, whatever it was stored as."""
    options = {
        "rgb": ("-c:v", "png"),
        "full": ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p"),
        "ten": ("-c:v", "libx265", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le"),
        "422": ("-c:v", "prores", "-pix_fmt", "yuv422p10le"),
        "hd": (
            *("-vf", "scale=out_color_matrix=bt709,format=yuv420p", *H264),
            *("-colorspace", "bt709"),
        ),
    }
    source = film(
        *(tmp_path / "x.mkv", *options[made_as]),
        picture="color=0xE07828:s=128x96:r=5:d=1,format=rgb24",
    )
    stream = make(each, source, tmp_path / "out.mp4")
    assert (stream["pix_fmt"], stream["color_range"]) == ("yuv420p", "tv")
    found = pixels(tmp_path / "out.mp4")[: 3 * 64]
    assert list(found[30:33]) == pytest.approx([0xE0, 0x78, 0x28], abs=6)


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_high_dynamic_range_becomes_ordinary(each, tmp_path, transfer):
    """PQ and HLG come out as 8-bit BT.709 that looks like the picture it was made from."""
    grey = "gradients=s=256x64:c0=black:c1=0xB0B0B0:x0=0:y0=0:x1=255:y1=0:r=5:d=1:n=2:speed=0.00001"
    # white at 203 cd/m² (Rec. ITU-R BT.2408)
    up = (
        "format=yuv444p10le,setparams=range=tv:colorspace=smpte170m:color_primaries=bt709,"
        "zscale=tin=bt709:min=170m:pin=bt709:rin=tv:t=linear:npl=203,format=gbrpf32le,"
        f"zscale=t={transfer}:p=bt2020:m=2020_ncl:r=tv:npl=203,format=yuv420p10le"
    )
    told = f"log-level=error:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    source = film(
        *(tmp_path / "x.mp4", "-vf", up, "-c:v", "libx265", "-x265-params", told),
        picture=grey,
    )
    media = probe(source)
    assert media.video[0].color_transfer == transfer
    assert filters_wanted(media) == {"zscale", "tonemap"}
    stream = make(each, source, tmp_path / "out.mp4")
    assert stream["pix_fmt"] == "yuv420p"
    assert " ".join(stream[name] for name in COLOURS) == "bt709 bt709 bt709 tv"
    row = pixels(tmp_path / "out.mp4")[: 256 * 3 : 3]
    dark, middle, bright = row[4], row[128], row[250]
    assert dark < 25
    assert 40 < middle < 140
    assert middle + 30 < bright < 250


def test_a_jump_finds_a_keyframe_near(tool, tmp_path):
    """From one keyframe to the next are at most five seconds, whatever the frame rate."""
    for rate in (5, 60):
        source = film(tmp_path / f"{rate}.mp4", picture=f"color=gray:s=64x64:r={rate}:d=11")
        make(tool, source, tmp_path / "out.mp4")
        starts = packets(tmp_path / "out.mp4")[1]
        assert starts == pytest.approx([0, KEYFRAMES, 2 * KEYFRAMES], abs=0.3)


def test_nothing_of_the_source_but_its_pictures(tool, tmp_path):
    """No title, no place, no date, no device; the index in front of the pictures."""
    source = tmp_path / "x.mp4"
    told = ("-metadata", "title=Secret", "-metadata", "location=+50.4+30.5/", "-timecode")
    film(source, *H264, "-pix_fmt", "yuv420p", *told, "01:00:00:00")
    make(tool, source, tmp_path / "out.mp4")
    content = (tmp_path / "out.mp4").read_bytes()
    assert b"Secret" not in content
    assert b"+50.4" not in content
    assert b"tmcd" not in content
    assert b"Lavf" not in content
    assert content.index(b"moov") < content.index(b"mdat")

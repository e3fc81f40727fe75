"""The presets that come with podkit, and the shelf on which plug-ins put theirs."""

from __future__ import annotations

from podkit.model.loudness import LoudnessTarget
from podkit.model.preset import Kind, Preset
from podkit.registry import Registry

PRESETS: Registry[Preset] = Registry(
    "preset", group="podkit.presets", fits=lambda item: isinstance(item, Preset)
)
"""Every preset by its name; a table of podkit.toml begins `from` one of them."""

# MPEG-1 layer III knows 32 kHz too, but players of podcasts expect these two.
_RATES = (44_100, 48_000)

BUILT_IN = (
    Preset(
        name="mp3",
        about="MP3 for every player: 128 kbit/s stereo, constant bit rate",
        extension="mp3",
        mime="audio/mpeg",
        audio_codec="mp3",
        bit_rate=128_000,
        channels=2,
        sample_rates=_RATES,
    ),
    Preset(
        name="mp3-mono",
        about="MP3 of half the size for speech: 64 kbit/s mono, constant bit rate",
        extension="mp3",
        mime="audio/mpeg",
        audio_codec="mp3",
        bit_rate=64_000,
        channels=1,
        sample_rates=_RATES,
    ),
    Preset(
        name="speech-clean",
        about="MP3 of speech with less rumble and noise, levelled: 128 kbit/s stereo",
        extension="mp3",
        mime="audio/mpeg",
        audio_codec="mp3",
        bit_rate=128_000,
        channels=2,
        sample_rates=_RATES,
        clean=True,
    ),
    Preset(
        name="m4a",
        about="AAC-LC for Apple's and newer players: 128 kbit/s",
        extension="m4a",
        mime="audio/x-m4a",
        audio_codec="aac",
        bit_rate=128_000,
        sample_rates=_RATES,
    ),
    Preset(
        name="opus",
        about="Opus, the smallest: 48 kbit/s mono, 64 kbit/s stereo",
        extension="opus",
        mime="audio/ogg",
        audio_codec="opus",
        bit_rate=64_000,
        mono_bit_rate=48_000,
        sample_rates=(48_000,),
    ),
    Preset(
        name="flac",
        about="FLAC for the archive: lossless, loudness untouched",
        extension="flac",
        mime="audio/flac",
        audio_codec="flac",
        normalize=False,
    ),
    Preset(
        name="copy",
        about="the frames untouched in the same container, tags written anew",
        kind=Kind.COPY,
        normalize=False,
    ),
    Preset(
        name="original",
        about="the file as it is, byte for byte",
        kind=Kind.ORIGINAL,
        normalize=False,
    ),
    *(
        Preset(
            name=f"video-{height}p",
            about=f"H.264 and AAC in MP4, at most {height} lines",
            kind=Kind.VIDEO,
            extension="mp4",
            mime="video/mp4",
            audio_codec="aac",
            bit_rate=128_000,
            sample_rates=_RATES,
            from_video=True,
            video_codec="h264",
            height=height,
            max_rate=max_rate,
        )
        for height, max_rate in ((1080, 6_000_000), (720, 3_000_000), (480, 1_500_000))
    ),
    # In MP4, not WebM: Apple's directory takes no WebM, what plays AV1 at all (Android, newer Apple
    # devices, browsers) plays it in MP4, and tags, chapters and covers have a place there.
    Preset(
        name="av1",
        about="AV1 and Opus in MP4, at most 1080 lines: the smallest, for newer players",
        kind=Kind.VIDEO,
        extension="mp4",
        mime="video/mp4",
        audio_codec="opus",
        bit_rate=96_000,
        mono_bit_rate=64_000,
        sample_rates=(48_000,),
        from_video=True,
        video_codec="av1",
        height=1080,
        crf=32,
        encoder_preset="8",
    ),
    Preset(
        name="hls",
        about="HLS: H.264 of 1080, 720 and 480 lines and AAC, chosen by the player as it goes",
        kind=Kind.HLS,
        extension="m3u8",
        mime="application/x-mpegURL",
        audio_codec="aac",
        bit_rate=128_000,
        sample_rates=_RATES,
        from_video=True,
        video_codec="h264",
        height=1080,
        max_rate=6_000_000,
    ),
    Preset(
        name="video-audio",
        about="the sound of a video as MP3: 128 kbit/s stereo",
        extension="mp3",
        mime="audio/mpeg",
        audio_codec="mp3",
        bit_rate=128_000,
        channels=2,
        sample_rates=_RATES,
        from_video=True,
    ),
)

for _preset in BUILT_IN:
    PRESETS.add(_preset.name, _preset)

DEFAULT_LOUDNESS = LoudnessTarget()
"""What speech comes out at when neither preset nor show says otherwise."""

"""Rules 601 to 606: the sound of a media file: codec, bit rate, loudness, channels."""

from __future__ import annotations

from collections.abc import Iterator

from podkit.model.finding import Severity
from podkit.model.media import AudioStream, Container, MediaInfo
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Sound, Subject

LOUDNESS, LOUDNESS_TOLERANCE = -16.0, 1.0
TRUE_PEAK, PEAK_TOLERANCE = -1.0, 0.05
RATE_TOLERANCE = 0.05
"""Bit rates are averages: a twentieth beside the figure is the figure."""

# Apple's bounds in bit/s by channels, for 44.1 and 48 kHz; half of them at half the rate.
_BIT_RATES = {1: (64_000, 128_000), 2: (128_000, 256_000)}


@rule("PK601", "audio-codec", Severity.ERROR, who="A", source="A893", needs=Material.MEDIA)
def audio_codec(subject: Subject) -> Iterator[Found]:
    """The sound is MP3 or AAC; AAC lies in an MP4 file.

    Apple plays nothing else. AAC without a container (`.aac`) has no chapters, no artwork and no
    exact duration: a warning.

    Bad:
        energy.ogg, energy.wav
    Good:
        energy.mp3, energy.m4a
    """
    for sound in subject.sounds():
        if sound.facts.fault:
            yield Found(f"the file cannot be read: {sound.facts.fault}", at=sound.at)
        media = sound.facts.media
        if media is None:
            continue
        if not media.audio:
            yield Found("the file has no sound", at=sound.at)
        elif media.audio[0].codec not in {"mp3", "aac"}:
            yield Found(
                f"the sound is {media.audio[0].codec}, not MP3 or AAC",
                at=sound.at,
                hint="podkit transcode makes both",
            )
        elif media.container is Container.AAC:
            yield Found("the AAC lies in no MP4 file", at=sound.at, severity=Severity.WARNING)


@rule(
    "PK602",
    "audio-bit-rate",
    Severity.WARNING,
    who="A",
    source="A893 via fulldecent",
    needs=Material.MEDIA,
)
def audio_bit_rate(subject: Subject) -> Iterator[Found]:
    """The bit rate is 64 to 128 kbit/s for mono, 128 to 256 for stereo.

    Apple's advice for 44.1 and 48 kHz; half of it at 22.05 and 24 kHz. Less is heard, more costs
    listeners their plan.

    Bad:
        stereo at 320 kbit/s
    Good:
        stereo at 128 kbit/s, mono at 96
    """
    for sound, _, stream, rate in _rated(subject):
        bounds = _BIT_RATES.get(stream.channels)
        if bounds is None:
            continue
        share = 0.5 if stream.sample_rate <= 24_000 else 1.0
        low, high = (bound * share for bound in bounds)
        if not low * (1 - RATE_TOLERANCE) <= rate <= high * (1 + RATE_TOLERANCE):
            layout = "mono" if stream.channels == 1 else "stereo"
            yield Found(
                f"{layout} at {rate / 1000:.0f} kbit/s, not {low / 1000:.0f} to {high / 1000:.0f}",
                at=sound.at,
            )


@rule(
    "PK603",
    "audio-spotify",
    Severity.WARNING,
    who="S",
    source="spec 1.9 2h",
    needs=Material.MEDIA,
)
def audio_spotify(subject: Subject) -> Iterator[Found]:
    """The sound is MP3 or AAC at 128 kbit/s or more.

    Spotify's delivery specification is said to ask for it, mono included: it encodes again, and
    from a lower rate that is heard.

    Bad:
        mono at 64 kbit/s
    Good:
        mono or stereo at 128 kbit/s
    """
    for sound, _, _, rate in _rated(subject):
        if rate < 128_000 * (1 - RATE_TOLERANCE):
            yield Found(f"{rate / 1000:.0f} kbit/s, Spotify asks for 128 or more", at=sound.at)


@rule("PK604", "loudness", Severity.WARNING, who="A", source="A893", needs=Material.MEDIA)
def loudness(subject: Subject) -> Iterator[Found]:
    """The loudness is -16 LUFS, within 1 LU, by ITU-R BS.1770.

    Apple's figure. Episodes that differ make listeners reach for the volume.

    Bad:
        -23.4 LUFS
    Good:
        -16.1 LUFS
    """
    for sound in subject.sounds():
        measured = sound.facts.loudness
        if measured is None or measured.integrated is None:
            continue
        if abs(measured.integrated - LOUDNESS) > LOUDNESS_TOLERANCE:
            yield Found(
                f"the loudness is {measured.integrated:.2f} LUFS, more than 1 from -16",
                at=sound.at,
                hint="podkit transcode brings it there",
            )


@rule("PK605", "true-peak", Severity.WARNING, who="A", source="A893", needs=Material.MEDIA)
def true_peak(subject: Subject) -> Iterator[Found]:
    """The true peak is at most -1 dB.

    Above it the sound clips in the players' own conversions, though no sample does.

    Bad:
        +0.7 dBTP
    Good:
        -1.4 dBTP
    """
    for sound in subject.sounds():
        measured = sound.facts.loudness
        if measured is None or measured.true_peak is None:
            continue
        if measured.true_peak > TRUE_PEAK + PEAK_TOLERANCE:
            yield Found(f"the true peak is {measured.true_peak:+.1f} dBTP, above -1", at=sound.at)


@rule("PK606", "audio-layout", Severity.WARNING, who="K", source="A893", needs=Material.MEDIA)
def audio_layout(subject: Subject) -> Iterator[Found]:
    """There is one audio stream, mono or stereo, at 44.1 or 48 kHz.

    Other rates and more channels are converted by some players and refused by others; of two
    streams an app plays one, and not always the same.

    Bad:
        5.1 at 96 kHz
    Good:
        stereo at 48 kHz
    """
    for sound in subject.sounds():
        media = sound.facts.media
        if media is None or not media.audio:
            continue
        stream = media.audio[0]
        if len(media.audio) > 1:
            yield Found(f"the file has {len(media.audio)} audio streams", at=sound.at)
        if stream.channels not in {1, 2}:
            yield Found(f"the sound has {stream.channels} channels", at=sound.at)
        if stream.sample_rate not in {44_100, 48_000}:
            yield Found(f"the sample rate is {stream.sample_rate:,} Hz", at=sound.at)


def _rated(subject: Subject) -> Iterator[tuple[Sound, MediaInfo, AudioStream, int]]:
    """Every MP3 or AAC sound whose bit rate is known."""
    for sound in subject.sounds():
        media = sound.facts.media
        if media is None or not media.audio or media.audio[0].codec not in {"mp3", "aac"}:
            continue
        stream = media.audio[0]
        rate = stream.bit_rate or (None if media.video else media.bit_rate)
        if rate:
            yield sound, media, stream, rate

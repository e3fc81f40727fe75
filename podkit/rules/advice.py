"""Rules that no file can be tested for: `podkit rules` prints them, lint never finds them."""

from __future__ import annotations

from collections.abc import Iterable

from podkit.model.finding import Severity
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject


@rule("PK611", "subscriber-audio", Severity.INFO, who="A", source="A893 (de)", advice=True)
def subscriber_audio(_: Subject) -> Iterable[Found]:
    """Subscriber audio is uploaded to Apple by hand, in better quality than the feed's.

    Podcasts Connect takes WAV and FLAC of 16 or 24 bit, stereo, 44.1 kHz or more; MP3 from 32
    kbit/s mono and 64 stereo on. It does not pass through the feed, so no feed can show it.

    Bad:
        the feed's MP3 uploaded again
    Good:
        the master as FLAC: podkit transcode -p flac
    """
    return ()


@rule("PK648", "apple-hls", Severity.INFO, who="A", source="podnews 2h", advice=True)
def apple_hls(_: Subject) -> Iterable[Found]:
    """Apple's HLS video comes through a partner host, not through the feed.

    Seen there: a multivariant playlist with 1080, 720, 480, 360 and 240 lines and a floor of 192
    kbit/s, I-frame playlists, WebVTT subtitles, H.264 with AAC-LC. The conditions are not public.

    Bad:
        an HLS playlist as the enclosure
    Good:
        an MP4 as the enclosure, HLS by the host's own programme
    """
    return ()


@rule("PK650", "youtube-rss", Severity.INFO, who="Y", source="guide, castnews 2h", advice=True)
def youtube_rss(_: Subject) -> Iterable[Found]:
    """YouTube takes only the audio of a feed and makes a still picture of it.

    A filmed episode is uploaded there as a video; what came by feed cannot be replaced by it.

    Bad:
        the video feed submitted to YouTube
    Good:
        the audio feed submitted, or each video uploaded
    """
    return ()


@rule("PK749", "apple-transcripts", Severity.INFO, who="A", source="A5316", advice=True)
def apple_transcripts(_: Subject) -> Iterable[Found]:
    """Whether Apple shows your transcripts or its own is chosen per show in Podcasts Connect.

    The transcripts in the feed are read, but not shown before that is set.

    Bad:
        transcripts in the feed, Apple's own on screen
    Good:
        Podcasts Connect, the show, Availability: display the transcripts that I provide
    """
    return ()


@rule("PK909", "youtube-spots", Severity.ERROR, who="Y", source="rainnews, soundbett", advice=True)
def youtube_spots(_: Subject) -> Iterable[Found]:
    """Audio that goes to YouTube by feed holds no advertising spots; paid promotion is declared.

    YouTube's terms for feeds forbid spots such as those that hosts insert; what a host reads is
    allowed when it is declared there.

    Bad:
        the feed with inserted spots submitted to YouTube
    Good:
        a feed of its own from masters without spots: master = "adfree"
    """
    return ()

"""Every page of a show, as bytes by path: a front page, a page for each episode, one stylesheet.

No script, no tracker, nothing from elsewhere but media and pictures; the pages' own policy
(Content-Security-Policy) says so to the browser.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup

from podkit.errors import RecordError
from podkit.model.address import ASSETS_FOLDER, asset_name
from podkit.model.chapter import Chapter, in_order
from podkit.model.identity import check_slug
from podkit.model.sitespec import EpisodePage, PlayerSource, SiteSpec
from podkit.model.timecode import format_duration, iso_duration
from podkit.model.transcript import Cue
from podkit.pages import folders
from podkit.pages.gate import absolute, admit, from_episode, srcset
from podkit.pages.notes import clock
from podkit.pages.words import direction, words_for

POLICY = (
    "default-src 'none'; img-src 'self' https:; media-src 'self' https:; style-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""What a page may load. Pictures and media may lie elsewhere, over https."""

PARAGRAPH_SECONDS = 45.0
"""How long one paragraph of a transcript is at least, when its speaker goes on."""

_SENTENCE_ENDS = (".", "!", "?", "…", "»", "”", '"')  # what closes a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """What one speaker says without a stop; `start` in seconds."""

    start: float
    speaker: str
    text: str


def render(spec: SiteSpec, *, templates: Path | None = None) -> dict[str, bytes]:
    """Render all pages; the same spec gives the same bytes.

    Args:
        spec: what the pages show. Addresses that are neither http, https, mailto nor relative are
            left out, and notes are cleaned once more, whoever made the spec.
        templates: the show's own templates folder, whose files replace podkit's by name. They are
            code that the show's owner trusts.

    Returns:
        The content by path below public/: `index.html`, `<slug>/index.html`,
        `assets/style-<hash>.css`.

    Raises:
        RecordError: the time zone is unknown, or a template of the show's own is wrong.
        UsageError: a slug is none, or comes twice.
        FormatError: an episode's notes are too long or too deep to be cleaned.
    """
    style = folders.source(folders.STYLE, own=templates)
    stylesheet = f"{ASSETS_FOLDER}/{asset_name('style', hashlib.sha256(style).hexdigest(), 'css')}"
    site = admit(spec)
    shared = {
        "site": site,
        "policy": POLICY,
        "absolute": absolute,
        "srcset": srcset,
        "clock": clock,
        "duration": format_duration,
        "iso_duration": iso_duration,
        "direction": direction,
        "local": _localizer(spec.timezone),
    }
    pages = {"index.html": _fill("index.html", shared, _front(site, stylesheet), templates)}
    for episode in site.episodes:
        path = f"{check_slug(episode.slug)}/index.html"
        if path in pages:
            raise RecordError("two episodes have the same slug", where=episode.slug)
        values = _episode(site, episode, stylesheet)
        pages[path] = _fill("episode.html", shared, values, templates)
    return {**pages, stylesheet: style}


def paragraphs(cues: tuple[Cue, ...]) -> tuple[Paragraph, ...]:
    """A transcript for reading: cues joined while the speaker stays the same.

    A long speech gets a new paragraph at the first sentence's end after `PARAGRAPH_SECONDS`.
    """
    done: list[Paragraph] = []
    for cue in cues:
        text = " ".join(cue.text.split())
        if not text:
            continue
        last = done[-1] if done else None
        if last is None or _begins_anew(last, cue):
            done.append(Paragraph(start=cue.start, speaker=cue.speaker, text=text))
        else:
            joined = f"{last.text} {text}"
            done[-1] = Paragraph(start=last.start, speaker=last.speaker, text=joined)
    return tuple(done)


def _begins_anew(last: Paragraph, cue: Cue) -> bool:
    if cue.speaker and cue.speaker != last.speaker:
        return True
    return cue.start - last.start >= PARAGRAPH_SECONDS and last.text.endswith(_SENTENCE_ENDS)


def at(source: PlayerSource, seconds: float) -> str:
    """A link into a media file (W3C Media Fragments: `#t=12.3`)."""
    if "#" in source.url:
        return source.url
    return f"{source.url}#t={max(seconds, 0):.3f}".rstrip("0").rstrip(".")


def _front(site: SiteSpec, stylesheet: str) -> dict[str, object]:
    return {
        "words": words_for(site.language),
        "language": site.language or "en",
        "stylesheet": stylesheet,
        "feeds": [(title or site.title, target) for title, target in site.feeds if target],
        "funding": [funding for funding in site.funding if funding.url],
    }


def _episode(site: SiteSpec, episode: EpisodePage, stylesheet: str) -> dict[str, object]:
    language = episode.language or site.language or "en"
    sources = [source for source in episode.sources if source.url]
    return {
        "episode": episode,
        "words": words_for(language),
        "language": language,
        "stylesheet": from_episode(stylesheet),
        "home": "../",
        "icon": from_episode(site.icon or site.image),
        "picture_set": srcset(episode.sizes, from_episode),
        "feeds": [(title or site.title, from_episode(a)) for title, a in site.feeds if a],
        "funding": [funding for funding in episode.funding or site.funding if funding.url],
        "watch": [source for source in sources if source.video],
        "listen": [source for source in sources if not source.video],
        "sources": sources,
        "chapters": _chapters(episode.chapters, sources),
        "related": [item for item in episode.related if item.url],
        "transcript": paragraphs(episode.transcript),
        "notes": Markup(episode.notes),  # noqa: S704 (admitted: nh3 had the last word)
    }


def _chapters(
    chapters: tuple[Chapter, ...], sources: list[PlayerSource]
) -> list[tuple[Chapter, str]]:
    """The listed chapters, each with the address at which it begins."""
    listed = [c for c in in_order(chapters) if c.title and not c.hidden]
    return [(c, at(sources[0], c.start) if sources else "") for c in listed]


def _localizer(name: str) -> Callable[[datetime], datetime]:
    zone = _zone(name)
    return lambda moment: moment.astimezone(zone)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RecordError(
            f"the time zone {name!r} is unknown", hint="write it as Europe/Kyiv or UTC"
        ) from error


def _fill(
    name: str, shared: Mapping[str, object], own: Mapping[str, object], templates: Path | None
) -> bytes:
    return folders.fill(name, {**shared, **own}, own=templates).encode()

"""The files of a ladder: their last names, the playlists that name them, and whether all fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import FormatError
from podkit.media import playlists
from podkit.model.rendition import Part
from podkit.staging import place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from podkit.media.fragments import Fragmented
    from podkit.media.playlists import Listed, Variant

MASTER = "master.m3u8"
"""The playlist that a player opens; whoever gives the folder its place may call it otherwise."""

_AAC = "mp4a.40.2"  # RFC 6381: AAC-LC, which `graph` asks the encoder for
_HASH_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One encoded file with what was found in it; `name` without its hash, `height` 0 for sound."""

    path: Path
    name: str
    sha256: str
    inside: Fragmented
    listed: Listed
    width: int = 0
    height: int = 0


def named(path: Path, name: str, inside: Fragmented, *, width: int = 0, height: int = 0) -> File:
    """A file with the name that it keeps: other bytes have another one, and so another URL."""
    digest = files.sha256(path)
    return File(
        path=path,
        name=name,
        sha256=digest,
        inside=inside,
        listed=playlists.listed(inside, f"{name}-{digest[:_HASH_LENGTH]}.mp4"),
        width=width,
        height=height,
    )


def write(
    folder: Path, films: Sequence[File], voice: File | None, channels: int
) -> tuple[Path, tuple[Part, ...], int]:
    """Give the files their names, write the playlists, read them again as a player would.

    Args:
        folder: where they lie.
        films: the rungs, from the largest down.
        voice: their sound.
        channels: of the sound.

    Returns:
        The master playlist, all other files, and the average bit/s of the largest rung.

    Raises:
        FormatError: the playlists do not fit the files.
        FileError: something cannot be written.
    """
    everything = [*films, *([voice] if voice else [])]
    lists: dict[str, str] = {}
    parts: list[Part] = []
    for one in everything:
        final = folder / one.listed.file
        place(one.path, final)
        parts.append(Part(file=final.name, bytes=final.stat().st_size, sha256=one.sha256))
        parts.append(_playlist(folder, one))
        lists[one.name] = parts[-1].file
    variants = [_variant(one, voice, lists[one.name]) for one in films]
    if voice:  # for those whom not even the lowest rung reaches in time
        variants.append(_variant(voice, None, lists[voice.name]))
    text = playlists.master_text(variants, lists[voice.name] if voice else "", channels)
    files.write(folder / MASTER, text.encode("ascii"))
    follow(folder / MASTER, everything)
    return folder / MASTER, tuple(parts), variants[0].average


def _playlist(folder: Path, one: File) -> Part:
    raw = folder / f"{files.PREFIX}{one.name}.m3u8"
    files.write(raw, playlists.media_text(one.listed).encode("ascii"))
    digest = files.sha256(raw)
    final = folder / f"{one.name}-{digest[:_HASH_LENGTH]}.m3u8"
    place(raw, final)
    return Part(file=final.name, bytes=final.stat().st_size, sha256=digest)


def _variant(one: File, voice: File | None, playlist: str) -> Variant:
    """What a player is told of a rung; of sound alone when it has no pictures."""
    lists = [one.listed, *([voice.listed] if voice else [])]
    codecs = [one.inside.codec or _AAC, *([_AAC] if voice else [])]
    rates = [f.samples * one.inside.timescale / f.duration for f in one.inside.fragments]
    return playlists.Variant(
        playlist=playlist,
        codecs=",".join(codecs),
        peak=sum(listed.peak for listed in lists),
        average=sum(listed.average for listed in lists),
        width=one.width,
        height=one.height,
        frame_rate=max(rates) if one.height else 0.0,
    )


def follow(master: Path, made: Sequence[File]) -> None:
    """Follow the playlists from the first to the last byte of every file that they name.

    Raises:
        FormatError: something is named that is not there, or something there is not named.
    """
    variants, sound = playlists.parse_master(_text(master))
    by_file = {one.listed.file: one for one in made}
    named = dict.fromkeys([*(variant.playlist for variant in variants), *([sound] * bool(sound))])
    for name in named:
        found = playlists.parse_media(_text(master.with_name(name)))
        one = by_file.pop(found.file)
        at = found.head
        for segment in found.segments:
            if segment.offset != at:
                raise FormatError(f"{name} leaves out bytes of {found.file}")
            at += segment.bytes
        if at != master.with_name(found.file).stat().st_size:
            raise FormatError(f"{name} ends before {found.file} does")
        if abs(found.seconds - one.inside.seconds) > 0.001 * len(found.segments):
            raise FormatError(f"{name} lasts {found.seconds:.3f} s, not {one.inside.seconds:.3f} s")
    if by_file:
        raise FormatError(f"nothing names {', '.join(by_file)}")


def _text(path: Path) -> str:
    with files.open_regular(path) as stream, files.translating(path, "read"):
        return stream.read().decode("ascii")

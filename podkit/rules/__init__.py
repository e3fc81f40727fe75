"""What lint looks for: the rules are put on their shelf by being imported here, group by group."""

from podkit.rules import (
    advice,
    artwork,
    audio,
    categories,
    document,
    enclosure,
    episode,
    notes,
    numbering,
    playback,
    podcasting,
    podcasting_links,
    show,
    show_options,
    values,
)

__all__ = [
    "advice",
    "artwork",
    "audio",
    "categories",
    "document",
    "enclosure",
    "episode",
    "notes",
    "numbering",
    "playback",
    "podcasting",
    "podcasting_links",
    "show",
    "show_options",
    "values",
]

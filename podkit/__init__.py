"""podkit: from a sound or video file to a verified podcast feed.

The floors of the house, lowest first: the ground (`errors`, `registry`, `files`, `child`), the
words (`model`), the rooms (`workspace`, `media`, `tags`, `artwork`, `feed`, `formats`, `pages`,
`targets`, `presets`, `rules`), the steps (`steps`), the terminal (`cli`).
"""

__version__ = "0.1.0"

"""The terminal: it loads click and nothing else of weight before a command runs.

Its modules `list` and `set` hide the built-ins of those names in this very file, so nothing is done
here but naming where a run starts.
"""

from podkit.cli.entry import run

__all__ = ["run"]

"""Finding the target that a word on the command line or podkit.toml means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podkit.errors import UsageError
from podkit.model.address import scheme_of
from podkit.registry import did_you_mean
from podkit.targets import local as _local  # noqa: F401 (puts itself on the shelf)
from podkit.targets.target import TARGETS, Target

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow

DEFAULT = "default"


def find_target(show: OpenShow, word: str) -> Target:
    """The target of a `[publish]` name or a URL; without a word, `[publish.default]`.

    Raises:
        UsageError: there is no such name, or no target for the URL's scheme.
    """
    url = url_of(show, word)
    scheme = scheme_of(url)
    if scheme not in TARGETS and scheme not in TARGETS.faults:
        raise UsageError(f"no target for {scheme}: URLs", hint=did_you_mean(scheme, TARGETS))
    return TARGETS.get(scheme)(url, show.layout.root)


def url_of(show: OpenShow, word: str) -> str:
    """The URL that a word means, without opening what is there.

    Raises:
        UsageError: there is no such name.
    """
    named = show.podcast.publish
    if not word:
        if DEFAULT in named:
            word = DEFAULT
        elif len(named) == 1:
            word = next(iter(named))
        else:
            raise UsageError(
                "no target is named" if named else "podkit.toml names no target",
                hint="podkit publish file:out, or write [publish.default] with url in podkit.toml",
            )
    url = named[word].url if word in named else word
    scheme = scheme_of(url)
    if not scheme:
        near = did_you_mean(word, named) if named else "podkit.toml names none"
        raise UsageError(
            f"unknown target {word!r}", hint=f"{near}; a folder is written file:{word}"
        )
    return url

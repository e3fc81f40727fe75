"""A shelf that anyone may add to: built-ins by an explicit list, third parties by entry points.

A name that is taken is an error; a name that is unknown gets a "did you mean".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from podkit.errors import PodkitError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or lists them when none is near."""
    import difflib  # noqa: PLC0415 - only an error needs it

    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known: " + ", ".join(names) if names else "there are none"


class Registry(Generic[T]):
    """Named things of one kind, in the order in which they were put on the shelf.

    Args:
        kind: what one of them is called in messages, such as "preset".
        group: the entry point group of third parties, such as "podkit.presets".
    """

    def __init__(self, kind: str, *, group: str) -> None:
        self.kind = kind
        self.group = group
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> T:
        """Put one thing on the shelf.

        Raises:
            PodkitError: the name is taken.
        """
        if name in self._items:
            raise PodkitError(f"two {self.kind}s are called {name!r}")
        self._items[name] = item
        return item

    def register(self, name: str) -> Callable[[T], T]:
        """Put what is decorated on the shelf under `name`."""
        return lambda item: self.add(name, item)

    def get(self, name: str) -> T:
        """The thing of that name.

        Raises:
            UsageError: there is none; the hint names the nearest.
        """
        try:
            return self._items[name]
        except KeyError:
            raise UsageError(
                f"unknown {self.kind} {name!r}", hint=did_you_mean(name, self._items)
            ) from None

    def load_plugins(self) -> None:
        """Add what installed packages offer under this shelf's entry point group.

        Raises:
            PodkitError: a plug-in does not import, or takes a name that is there.
        """
        from importlib import metadata  # noqa: PLC0415 - it brings e-mail; help starts without it

        for point in metadata.entry_points(group=self.group):
            try:
                item = point.load()
            except Exception as error:
                raise PodkitError(
                    f"the plug-in {point.value} does not load: {error}",
                    where=self.group,
                    hint="update or uninstall the package that brings it",
                ) from error
            self.add(point.name, item)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> Iterable[tuple[str, T]]:
        """Name and thing, in shelf order."""
        return self._items.items()

    def values(self) -> Iterable[T]:
        """The things, in shelf order."""
        return self._items.values()

"""A shelf that anyone may add to: built-ins by an explicit list, third parties by entry points.

A name that is taken is an error; a name that is unknown gets a "did you mean".
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from podkit.errors import PodkitError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from podkit.plugins import Point

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

    Installed packages are asked once, and only when a name is not there or all are wanted: what
    podkit brings itself is found without them. A package's entry point leads to a thing, put there
    under the point's name, or to a module that puts its own things there when it is imported. A
    package that fails puts nothing there; why is kept, and told by whoever misses its things.

    Args:
        kind: what one of them is called in messages, such as "preset".
        group: the entry point group of third parties, such as "podkit.presets".
        fits: whether a thing from a package is of this kind; None where only a module brings any.
        reserved: how the names begin that podkit keeps for itself; empty when there are none.
    """

    def __init__(
        self,
        kind: str,
        *,
        group: str,
        fits: Callable[[object], bool] | None = None,
        reserved: str = "",
    ) -> None:
        self.kind = kind
        self.group = group
        self._fits = fits
        self._reserved = reserved
        self._items: dict[str, T] = {}
        self._faults: dict[str, PodkitError] | None = None  # None until packages were asked

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
            PodkitError: a package that should bring it fails.
        """
        if name in self:
            return self._items[name]
        if name in self.faults:
            raise self.faults[name]
        raise UsageError(f"unknown {self.kind} {name!r}", hint=did_you_mean(name, self._items))

    def here(self) -> Iterable[T]:
        """The things that are on the shelf so far; packages are not asked."""
        return tuple(self._items.values())

    @property
    def faults(self) -> Mapping[str, PodkitError]:
        """Why packages bring nothing, by the name of the entry point."""
        if self._faults is None:
            self._faults = {}
            from podkit import plugins  # noqa: PLC0415 - it asks what is installed, which takes time

            for point in plugins.points(self.group):
                before = dict(self._items)
                try:
                    self._take(point)
                except PodkitError as error:
                    self._items = before
                    self._faults[point.name] = error
        return self._faults

    def _take(self, point: Point) -> None:
        """Put on the shelf what one entry point leads to.

        Raises:
            PodkitError: it does not load, or is nothing for this shelf.
        """
        before = set(self._items)
        item = point.load()
        if not isinstance(item, ModuleType):
            if self._fits is None:
                raise point.fault(f"is no module that puts a {self.kind} on the shelf")
            if not self._fits(item) or getattr(item, "name", point.name) != point.name:
                raise point.fault(f"is no {self.kind} called {point.name!r}")
            try:
                self.add(point.name, cast("T", item))
            except PodkitError as error:
                raise point.fault(f"brings nothing new: {error.message}") from error
        for name in set(self._items) - before:
            if self._reserved and name.startswith(self._reserved):
                raise point.fault(f"takes {name!r}; what begins so is podkit's own {self.kind}")

    def check_plugins(self) -> None:
        """See that no package of this shelf fails, where one that is missing would not be noticed.

        Raises:
            PodkitError: one does.
        """
        for error in self.faults.values():
            raise error

    def _all(self) -> dict[str, T]:
        """The shelf once packages were asked; they may replace the dictionary."""
        _ = self.faults
        return self._items

    def __contains__(self, name: object) -> bool:
        return name in self._items or name in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def items(self) -> Iterable[tuple[str, T]]:
        """Name and thing, in shelf order."""
        return self._all().items()

    def values(self) -> Iterable[T]:
        """The things, in shelf order."""
        return self._all().values()

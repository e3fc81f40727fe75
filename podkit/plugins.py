"""What installed packages offer to podkit's shelves, by entry points."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

from podkit.errors import PodkitError

GROUPS = (
    "podkit.presets",
    "podkit.rules",
    "podkit.targets",
    "podkit.formats",
    "podkit.engines",
    "podkit.transcribers",
)
"""Every group that podkit asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One entry point; `package` is what was installed, with its version."""

    group: str
    name: str
    package: str
    entry: metadata.EntryPoint

    def load(self) -> object:
        """What it leads to.

        Raises:
            PodkitError: it cannot be imported.
        """
        try:
            item: object = self.entry.load()
        except PodkitError as error:
            raise self.fault(f"does not load: {error.message}") from error
        except AttributeError:
            raise self.fault("does not load: there is nothing of that name in it") from None
        except Exception as error:
            raise self.fault(f"does not load: {error}") from error
        return item

    def fault(self, what: str) -> PodkitError:
        """An error about it, which says what to do."""
        bare = self.package.split(" ")[0]
        return PodkitError(
            f"the plug-in {self.entry.value} of {self.package} {what}",
            where=f"{self.group} {self.name}",
            hint=f"pip install -U {bare}, or pip uninstall {bare}",
        )


def points(group: str) -> tuple[Point, ...]:
    """The entry points of one group, by name; of two with one name and package, the first."""
    found = (
        Point(group=group, name=entry.name, package=_package(entry), entry=entry)
        for entry in metadata.entry_points(group=group)
    )
    return tuple(sorted(found, key=lambda point: (point.name, point.package)))


def _package(entry: metadata.EntryPoint) -> str:
    dist = entry.dist
    return f"{dist.name} {dist.version}" if dist is not None else "an unknown package"

"""How a recogniser works apart from podkit: in a limited child that says a line for each word."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit import child, sandbox
from podkit.errors import Cancelled, ToolError
from podkit.model.speech import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from podkit.transcribers.transcriber import Listening

_IDLE = 900.0  # seconds for one stretch; to load the largest model from a slow disk takes as long


def check_installed(name: str, package: str, extra: str) -> None:
    """See that an optional package is there.

    Raises:
        ToolError: it is not.
    """
    if find_spec(package) is None:
        raise ToolError(
            f"the transcriber {name} is not installed", hint=f"pip install 'podkit[{extra}]'"
        )


def hear(
    module: str,
    samples: Path,
    order: Listening,
    tell: Callable[[float], None],
    *,
    packages: tuple[str, ...],
    memory: int,
) -> tuple[tuple[Word, ...], str]:
    """Run a module on samples, and gather what it says.

    Args:
        module: what `python -m` runs; its arguments are the samples, the language and the model.
        samples: the only file it may read besides its model and its packages.
        order: how to listen.
        tell: told how many seconds are done.
        packages: what it imports beside the standard library; what lies beside them it may too.
        memory: bytes of address space that it may use.

    Raises:
        ToolError: it crashed, stood still or could not begin.
        Cancelled: everything is being stopped.
    """
    installed = sandbox.installation((*packages, "podkit"))
    own = [samples] if order.model is None else [samples, order.model]
    fence = replace(installed, reads=(*installed.reads, *_beside(packages), *own))
    limits = child.Limits(idle=_IDLE, memory=memory, file_bytes=0, fence=fence)
    model = "" if order.model is None else os.fspath(order.model)
    argv = (sys.executable, "-P", "-B", "-m", module, os.fspath(samples), order.language, model)
    heard = _Heard(tell, order.language)
    outcome = child.run(argv, limits=limits, on_line=heard)
    if outcome.stopped is child.Stop.CANCELLED:
        raise Cancelled
    name = module.rpartition(".")[2].removesuffix("_worker").replace("_", "-")
    if outcome.stopped:
        raise ToolError(f"{name} stood still for {_IDLE:.0f} s and was stopped")
    if heard.refused:
        raise ToolError(f"{name}: {heard.refused}", where=order.model, hint="try another --model")
    if not heard.whole:
        last = outcome.stderr.strip().splitlines()[-1:]
        raise ToolError(f"{name} crashed" + (f": {last[0][:300]}" if last else ""))
    return tuple(heard.words), heard.language


def _beside(packages: tuple[str, ...]) -> list[Path]:
    """Where the packages lie, and with them all that they import in turn."""
    found = [spec.origin for name in packages if (spec := find_spec(name)) and spec.origin]
    return [Path(origin).parent.parent for origin in found]


class _Heard:
    """What the child has said so far."""

    def __init__(self, tell: Callable[[float], None], language: str) -> None:
        self.words: list[Word] = []
        self.language = language
        self.refused = ""
        self.whole = False
        self._tell = tell

    def __call__(self, line: str) -> bool:
        if not line.startswith("{"):  # a library that talks
            return False
        with contextlib.suppress(ValueError, KeyError, TypeError):
            self._take(json.loads(line))
        return True

    def _take(self, said: dict[str, Any]) -> None:
        if "word" in said:
            word = Word(start=float(said["start"]), end=float(said["end"]), text=str(said["word"]))
            self.words.append(word)
        if "done" in said:
            self._tell(float(said["done"]))
        self.refused = str(said.get("refused", self.refused))
        self.language = str(said.get("language", self.language))
        self.whole = self.whole or bool(said.get("whole"))


def say(**words: object) -> None:
    """In the child: one line for the parent."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """In the child: say what the library refuses, in its own words."""
    try:
        yield
    except (RuntimeError, ValueError, OSError, KeyError) as error:
        say(refused=str(error).strip()[:300] or type(error).__name__)
        raise SystemExit(1) from error

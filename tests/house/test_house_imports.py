"""What is imported, and when."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from house_tree import ROOT, module_name, sources

# Forks once per module from a Python that has imported nothing of podkit.
_ALONE = """
import json, os, sys
failed = {}
for name in json.load(sys.stdin):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            __import__(name)
            said = ""
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode()[:2000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    if os.waitpid(child, 0)[1] or said:
        failed[name] = said or "died"
print(json.dumps(failed))
"""

_HELP = """
import contextlib, io, json, sys
from podkit.cli import run
with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
    run(ARGUMENTS)
assert out.getvalue().strip(), "it printed nothing"
print(json.dumps(sorted(sys.modules)))
"""

OUTSIDE = {
    "PIL", "av", "dateutil", "feedgen", "ffmpeg", "httpx", "imageio_ffmpeg", "jinja2", "langcodes",
    "lxml", "markdown_it", "mutagen", "nh3", "slugify", "tomlkit",
}  # fmt: skip
ROOMS = {
    "artwork", "feed", "formats", "media", "pages", "presets", "rules", "tags", "targets",
    "workspace",
}  # fmt: skip


def run_python(program: str, given: str = "") -> str:
    """What a fresh interpreter prints when it runs the program."""
    done = subprocess.run(
        [sys.executable, "-c", program], input=given, capture_output=True, text=True, cwd=ROOT,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_imports_alone() -> None:
    """Every module can be the first that is imported: nothing leans on an import made elsewhere."""
    names = [module_name(path) for path in sources() if path.stem != "__main__"]
    assert len(names) > 50
    assert json.loads(run_python(_ALONE, json.dumps(names))) == {}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["add", "--help"]], ids=str)
def test_help_imports_no_room(arguments: list[str]) -> None:
    """Help appears at once, because no room and no room's library is imported for it."""
    loaded = json.loads(run_python(_HELP.replace("ARGUMENTS", repr(arguments))))
    assert {name.split(".")[0] for name in loaded} & OUTSIDE == set()
    if arguments == ["--help"]:
        inside = {name.split(".")[1] for name in loaded if name.startswith("podkit.")}
        assert inside & ROOMS == set()
        assert "rich" not in loaded

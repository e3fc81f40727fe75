"""Where the templates lie, and how they are filled: escaped always, and strict about names.

A show's own `templates/` may replace single files of podkit's. Those are code that its owner
trusts: they run when the pages are built. Nothing of an episode is ever compiled as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from podkit.errors import FileError, RecordError
from podkit.pages.prose import legal

STYLE = "style.css"


def default_folder() -> Path:
    """The templates that come with podkit: packaged in a wheel, else the repository's.

    Raises:
        FileError: neither is there.
    """
    package = Path(str(resources.files("podkit")))
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / STYLE).is_file():
            return folder
    raise FileError("podkit's templates are missing", where=package, hint="install podkit again")


def folders(own: Path | None = None) -> tuple[Path, ...]:
    """Where a template is looked for, in order: the show's own folder, then podkit's."""
    return (default_folder(),) if own is None else (own, default_folder())


def fill(name: str, values: Mapping[str, object], *, own: Path | None = None) -> str:
    """Fill a template with values, every one escaped.

    Args:
        name: the template's file name.
        values: what it may speak of; a missing name is an error, never an empty string.
        own: the show's own templates folder.

    Raises:
        RecordError: a template of the show's own is wrong.
    """
    try:
        return environment(own).get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        place = f"{error.filename or error.name or name}:{error.lineno}"
        raise RecordError(f"cannot read the template: {error.message}", where=place) from error
    except (jinja2.TemplateError, OSError, TypeError, ValueError, ArithmeticError) as error:
        reason = str(error) or type(error).__name__
        raise RecordError(f"cannot fill the template: {reason}", where=_where(name, own)) from error


def source(name: str, *, own: Path | None = None) -> bytes:
    """A file of the templates as it is, not filled.

    Raises:
        FileError: it cannot be read.
    """
    path = _where(name, own)
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read: {error.strerror}", where=path) from error


@lru_cache(maxsize=8)
def environment(own: Path | None = None) -> jinja2.Environment:
    """Jinja2 as podkit uses it; the sandbox keeps a show's own templates to what pages need."""
    kind = jinja2.Environment if own is None else ImmutableSandboxedEnvironment
    return kind(
        loader=jinja2.FileSystemLoader(folders(own)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_legal,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _legal(value: object) -> object:
    """What is printed: text loses the control characters that HTML forbids, None is nothing."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return legal(value)
    return value


def _where(name: str, own: Path | None) -> Path:
    return next((f / name for f in folders(own) if (f / name).is_file()), default_folder() / name)

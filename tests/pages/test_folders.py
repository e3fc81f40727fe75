"""Where templates are found, and what happens when a show's own are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages_sample import SITE

import podkit
from podkit.errors import FileError, RecordError
from podkit.pages import folders
from podkit.pages.site import render


def test_the_repository_s_templates_are_found():
    """In a checkout the templates lie beside the package, and all of them are there."""
    folder = folders.default_folder()
    assert folder.name in {"templates", "_templates"}
    assert {p.name for p in folder.iterdir()} >= {
        "base.html",
        "credits.html",
        "episode.html",
        "index.html",
        "parts.html",
        "style.css",
    }


def test_packaged_templates_come_first(monkeypatch, tmp_path):
    """In a wheel they are `podkit/_templates`, and that folder wins; without any, an error says so."""
    package = tmp_path / "podkit"
    package.mkdir()
    monkeypatch.setattr(folders.resources, "files", lambda _: package)
    with pytest.raises(FileError, match="missing"):
        folders.default_folder()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "style.css").touch()
    assert folders.default_folder() == tmp_path / "templates"
    (package / "_templates").mkdir()
    (package / "_templates" / "style.css").touch()
    assert folders.default_folder() == package / "_templates"


def test_the_wheel_gets_the_templates():
    """The build puts `templates/` where `default_folder` looks first."""
    root = Path(podkit.__file__).parents[1]
    settings = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert '"templates" = "podkit/_templates"' in settings


def test_a_show_may_replace_single_files(tmp_path):
    """Its own stylesheet and front page are taken; the other templates stay podkit's."""
    (tmp_path / "style.css").write_text("body { color: #000 }", encoding="utf-8")
    (tmp_path / "index.html").write_text(
        '{% extends "base.html" %}{% block body %}<main id="main">{{ site.title }}</main>{% endblock %}',
        encoding="utf-8",
    )
    plain, own = render(SITE), render(SITE, templates=tmp_path)
    assert b"body { color: #000 }" in own.values()
    assert b'<main id="main">Ukraine Insights</main>' in own["index.html"]
    assert set(own) - set(plain) == {p for p in own if p.endswith(".css")} - set(plain)
    assert "nine-agreements/index.html" in own


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% if %}", "cannot read the template"),
        ("{{ site.nonsense }}", "nonsense"),
        ("{{ nonsense }}", "nonsense"),
        ("{{ 1 / 0 }}", "division"),
        ("{{ site.title.__class__.__mro__ }}", "unsafe"),
        ("{% include '../../../etc/passwd' %}", "passwd"),
    ],
)
def test_a_wrong_template_is_named(tmp_path, template, message):
    """A show's own template that is wrong ends in an error that names the file."""
    (tmp_path / "index.html").write_text("\n" + template, encoding="utf-8")
    with pytest.raises(RecordError, match=message) as caught:
        render(SITE, templates=tmp_path)
    assert str(tmp_path / "index.html") in str(caught.value.where)


def test_a_folder_that_is_not_there_changes_nothing(tmp_path):
    """A show without templates of its own gets podkit's."""
    assert render(SITE, templates=tmp_path / "none") == render(SITE)

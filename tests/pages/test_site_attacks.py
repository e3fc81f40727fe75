"""Rows H01-H03 and N05 on whole pages: no field writes HTML, runs, or leads outside."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from pages_markup import addresses, document, names, text
from pages_sample import BARE, EPISODE, SITE, VIDEO, filled

from podkit.errors import UsageError
from podkit.model.sitespec import SiteSpec
from podkit.pages.site import render


def pages(spec: SiteSpec) -> dict[str, str]:
    return {path: body.decode() for path, body in render(spec).items() if path.endswith(".html")}


CANARY = """<canary-tag a="b">'"><canary-tag onclick=x>&amp;{{7*7777}}{% raw %}${7*7777}"""


@pytest.mark.parametrize("spec", [SITE, replace(SITE, episodes=(replace(VIDEO, slug="v"),))])
def test_no_field_can_write_html(spec):
    """A canary with tags and quotes in every field of the spec comes out as text (H02)."""
    for html in pages(filled(spec, CANARY)).values():
        tree = document(html)
        assert "canary-tag" not in names(tree)
        assert not {a for e in tree.iter() for a in e.attrib if a.startswith("on") or a == "a"}
        assert "<canary-tag" in text(tree)


def test_no_field_is_a_template():
    """Braces in every field stay braces (H03)."""
    for template in ("{{7*7777}}", "{{ cycler.__init__.__globals__.os }}", "{% include 'x' %}"):
        for html in pages(filled(SITE, template)).values():
            assert "54439" not in html
            assert template in text(document(html))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "\\\\evil.example",
        "java\tscript:x",
    ],
)
def test_no_field_can_lead_to_code(address):
    """Addresses with other schemes, or to hosts in disguise, are left out everywhere."""
    for html in pages(filled(SITE, address)).values():
        assert {a for a in addresses(html) if "alert" in a or "evil" in a or "data:" in a} == set()
        assert all(urlsplit(a).scheme in {"", "http", "https", "mailto"} for a in addresses(html))


def test_notes_are_cleaned_again():
    """Whoever made the spec: what was not cleaned does not reach the page (H01)."""
    page = replace(EPISODE, notes='<p onclick="x">a</p><script>b</script><iframe src="c"></iframe>')
    html = pages(replace(SITE, episodes=(page,)))["nine-agreements/index.html"]
    assert "<p>a</p>" in html
    assert not names(document(html)) & {"script", "iframe"}


@pytest.mark.parametrize(
    "slug", ["../x", "a/b", "", ".htaccess", "con", "media", "a\0b", "A", "a.b"]
)
def test_no_slug_leads_outside(slug):
    """A slug that is none is refused before anything is rendered to its path (N05)."""
    with pytest.raises(UsageError):
        render(replace(SITE, episodes=(replace(BARE, slug=slug),)))

"""The pages of a show: what they say, that they are valid, and that they load nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from posixpath import join, normpath
from urllib.parse import urlsplit

import pytest
from pages_markup import XHTML, addresses, document, names, text
from pages_sample import BARE, EPISODE, SITE, VIDEO

from podkit.errors import RecordError
from podkit.model.chapter import Chapter
from podkit.model.podcasting import Funding
from podkit.model.sitespec import PlayerSource, SiteSpec, SizedPicture
from podkit.model.transcript import Cue
from podkit.pages.folders import default_folder
from podkit.pages.site import at, paragraphs, render

ELSEWHERE = {
    "feed.xml",
    "assets/cover.jpg",
    "assets/cover-list.jpg",
    "assets/explained-poster.jpg",
    "assets/nine.jpg",
    "assets/nine-list.jpg",
    "media/nine.mp3",
    "media/nine.opus",
    "media/explained.mp3",
    "media/explained.mp4",
    "explained/transcript.vtt",
}
"""What other steps put into public/ for the sample."""

EMPTY = SiteSpec(title="Silence")
SITES = {"full": SITE, "empty": EMPTY, "bare": replace(EMPTY, episodes=(BARE,))}


def pages(spec: SiteSpec) -> dict[str, str]:
    return {path: body.decode() for path, body in render(spec).items() if path.endswith(".html")}


def episode(page: object, **changes: object) -> str:
    """The HTML of one episode's page."""
    changed = replace(page, **changes)  # type: ignore[type-var]
    return render(replace(SITE, episodes=(changed,)))[f"{changed.slug}/index.html"].decode()


def elements(html: str, name: str) -> list:
    return document(html).findall(f".//{XHTML}{name}")


def test_every_page_and_one_stylesheet_are_rendered():
    """A front page, a page for each episode, and a stylesheet whose name holds its hash."""
    paths = list(render(SITE))
    assert paths[:-1] == [
        "index.html",
        "nine-agreements/index.html",
        "explained/index.html",
        "bare/index.html",
    ]
    assert re.fullmatch(r"assets/style-[0-9a-f]{8}\.css", paths[-1])


def test_the_same_spec_gives_the_same_bytes():
    """Nothing of the clock, the machine or chance is in the pages."""
    assert render(SITE) == render(SITE)


@pytest.mark.parametrize("spec", SITES.values(), ids=SITES)
def test_pages_are_valid_html(spec):
    """A strict HTML5 parser finds no error, and every id is there once."""
    for html in pages(spec).values():
        tree = document(html)
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("spec", SITES.values(), ids=SITES)
def test_every_link_within_the_site_resolves(spec):
    """Pages, stylesheet, media and places in pages that are linked to exist."""
    site = pages(spec)
    there = set(render(spec)) | ELSEWHERE
    for path, html in site.items():
        for address in addresses(html):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = normpath(join(path.rpartition("/")[0], parts.path)) if parts.path else path
            target = "index.html" if target == "." else target
            found = target if target in there else f"{target}/index.html"
            assert found in there, (path, address)
            if parts.fragment and not parts.fragment.startswith("t="):
                assert f'id="{parts.fragment}"' in site[found]


@pytest.mark.parametrize("spec", SITES.values(), ids=SITES)
def test_nothing_breaks_the_pages_own_policy(spec):
    """No script, no inline style, no form; the policy stands before anything is loaded (H10)."""
    for html in pages(spec).values():
        tree = document(html)
        assert not names(tree) & {"script", "style", "iframe", "object", "embed", "form", "base"}
        attributes = {name for e in tree.iter() for name in e.attrib}
        assert not {a for a in attributes if a.startswith("on") or a == "style"}
        policy = tree.find(f".//{XHTML}meta[@http-equiv='Content-Security-Policy']")
        assert policy.get("content").startswith("default-src 'none'; ")
        assert html.index("Content-Security-Policy") < html.index("<link")
        loaded = [e for e in tree.iter() if e.get("src") or e.get("poster")]
        assert all(urlsplit(e.get("src") or "").scheme in {"", "https"} for e in loaded)


def test_pages_can_be_used_by_everyone():
    """Language, landmarks, a skip link, one h1, no skipped heading, words for every picture."""
    for html in pages(SITE).values():
        tree = document(html)
        assert tree.get("lang") == "en"
        assert {"main", "header", "footer"} <= names(tree)
        assert elements(html, "a")[0].get("href") == "#main"
        levels = [int(t[-1]) for e in tree.iter() if re.fullmatch("h[1-6]", t := tag(e))]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert all("alt" in e.attrib for e in elements(html, "img"))


def tag(element) -> str:
    return str(element.tag).removeprefix(XHTML)


def test_an_episode_has_all_that_belongs_to_it():
    """Title, date in the show's zone, duration, player, chapters, notes, people, reading, transcript."""
    html = episode(EPISODE)
    shown = " ".join(text(document(html)).split())
    assert elements(html, "h1")[0].text == "Nine agreements"
    assert '<time datetime="2026-11-21T00:30:00+02:00">21 November 2026</time>' in html
    assert '<time datetime="PT1H2M5S">1:02:05</time>' in html
    for words in (
        "Season 2 Episode 12",
        "What they promise.",
        "read line by line",
        "Olena Sample host",
        "Covers foreign policy.",
        "Taras Example guest",
        "In one table — 4 min read",
        "Become a member",
        "Picture: Olena Sample, CC BY 4.0",
        "Download MP3 24.6 MB",
        "00:00 Olena Good evening. Here are nine papers.",
        "00:08 Taras I have read them.",
        "Explicit",
    ):
        assert words in shown
    (player,) = elements(html, "audio")
    assert player.get("preload") == "metadata"
    assert "controls" in player.attrib
    assert [s.get("src") for s in player.findall(f"{XHTML}source")] == [
        "../media/nine.mp3",
        "../media/nine.opus",
    ]
    assert '<a href="../media/nine.mp3#t=12.3">Words</a>' in html
    assert '<a href="../media/nine.mp3#t=3661">What next</a>' in html
    assert "Not listed" not in shown


def test_a_page_tells_machines_what_it_is():
    """Canonical address, feeds, and Open Graph with absolute addresses."""
    html = episode(EPISODE)
    links = {(e.get("rel"), e.get("href")) for e in elements(html, "link")}
    assert ("canonical", "https://podcast.example/nine-agreements/") in links
    assert ("alternate", "../feed.xml") in links
    assert ("alternate", "https://podcast.example/video.xml") in links
    meta = {e.get("property"): e.get("content") for e in elements(html, "meta")}
    assert meta["og:title"] == "Nine agreements"
    assert meta["og:image"] == "https://podcast.example/assets/nine.jpg"
    assert meta["og:url"] == "https://podcast.example/nine-agreements/"
    assert meta["og:image:alt"] == "Nine documents on a table"


def test_a_video_comes_with_captions_and_its_sound():
    """The film with poster and captions track, and the audio version below it."""
    html = episode(VIDEO)
    (film,) = elements(html, "video")
    assert film.get("poster") == "../assets/explained-poster.jpg"
    (track,) = elements(html, "track")
    assert (track.get("src"), track.get("srclang")) == ("transcript.vtt", "uk")
    assert len(elements(html, "audio")) == 1
    assert "Download MP3 1 kB" in " ".join(text(document(html)).split())


def test_a_picture_is_offered_in_its_sizes():
    """The set of sizes is written from where the page lies; a doubtful address leaves it out."""
    (shown,) = (e for e in elements(episode(EPISODE), "img") if e.get("srcset"))
    assert shown.get("srcset") == "../assets/nine-list.jpg 300w, ../assets/nine.jpg 600w"
    front = elements(pages(SITE)["index.html"], "img")
    assert [e.get("srcset") for e in front if e.get("class") == "cover"] == [
        "assets/cover-list.jpg 300w, assets/cover.jpg 600w"
    ]
    for url in (
        "assets/a.jpg 1w, https://evil.example/b.jpg",
        "javascript:alert(1)",
        "//evil.example/",
    ):
        sizes = (*EPISODE.sizes[:1], SizedPicture(url=url, width=600))
        assert "srcset" not in episode(replace(EPISODE, sizes=sizes))


def test_the_front_page_lists_episodes_as_given():
    """Newest first as the spec has them, with date, duration and summary."""
    html = pages(SITE)["index.html"]
    titles = [e.find(f"{XHTML}a").text for e in elements(html, "h3")]
    assert titles == ["Nine agreements", "Explained", "Bare"]
    assert html.count("What they promise.") == 2
    assert 'href="feed.xml"' in html
    assert 'href="https://example.org/join"' in html
    assert html.count('class="deck"') == 2


def test_a_ukrainian_show_speaks_ukrainian():
    """The pages' own words follow the language of the show, or of the episode."""
    assert "Випуски" in pages(replace(SITE, language="uk"))["index.html"]
    html = episode(EPISODE, language="uk")
    assert '<html lang="uk"' in html
    assert "21 листопада 2026" in html
    assert "24,6 МБ" in html


def test_a_language_from_right_to_left_is_set_so():
    """Arabic and Hebrew pages run from right to left."""
    assert '<html lang="ar" dir="rtl">' in pages(replace(SITE, language="ar"))["index.html"]


def test_two_episodes_cannot_share_a_page():
    """The same slug twice is refused; no page is silently lost."""
    with pytest.raises(RecordError, match="same slug"):
        render(replace(SITE, episodes=(BARE, BARE)))


def test_an_unknown_time_zone_is_named():
    """The error says which name is wrong and how one is written."""
    with pytest.raises(RecordError, match="Europe/Kiev2") as caught:
        render(replace(SITE, timezone="Europe/Kiev2"))
    assert "Europe/Kyiv" in caught.value.hint


def test_a_clock_change_moves_the_date():
    """Summer time counts: half past nine UTC in the evening is the next day in Kyiv in summer."""
    html = episode(EPISODE, published=datetime(2026, 7, 1, 21, 30, tzinfo=UTC))
    assert '<time datetime="2026-07-02T00:30:00+03:00">2 July 2026</time>' in html


@pytest.mark.parametrize(
    ("url", "seconds", "link"),
    [
        ("a.mp3", 12.3, "a.mp3#t=12.3"),
        ("a.mp3", 100, "a.mp3#t=100"),
        ("a.mp3", 0, "a.mp3#t=0"),
        ("a.mp3", 1.23456, "a.mp3#t=1.235"),
        ("a.mp3#x", 5, "a.mp3#x"),
    ],
)
def test_a_chapter_leads_into_the_file(url, seconds, link):
    """Media fragments in seconds, to the millisecond, without idle zeros."""
    assert at(PlayerSource(url=url, type="", label="", bytes=0), seconds) == link


def test_chapters_are_listed_in_order():
    """The list goes by time, however the record has it."""
    html = episode(EPISODE, chapters=(Chapter(start=9, title="B"), Chapter(start=1, title="A")))
    assert html.index(">A</a>") < html.index(">B</a>")


def test_transcripts_are_joined_to_paragraphs():
    """Cues of one speaker are one paragraph, until a sentence ends after long enough."""
    cues = tuple(
        Cue(start=i * 10.0, end=i * 10 + 9.0, text=f"{i}." if i % 2 else f"{i}", speaker="A")
        for i in range(8)
    )
    joined = paragraphs((*cues, Cue(start=80, end=81, text=" B\nspeaks ", speaker="B")))
    assert [(p.start, p.speaker, p.text) for p in joined] == [
        (0.0, "A", "0 1. 2 3. 4 5."),
        (60.0, "A", "6 7."),
        (80, "B", "B speaks"),
    ]


def test_funding_of_the_show_serves_its_episodes():
    """An episode without its own call for support shows the show's."""
    show = replace(SITE, funding=(Funding(url="https://example.org/all"),))
    html = render(replace(show, episodes=(BARE,)))["bare/index.html"].decode()
    assert '<a href="https://example.org/all" rel="noopener">Support us</a>' in html


def test_templates_never_switch_escaping_off():
    """No `safe` filter, no autoescape block, no script and no inline style in any template."""
    for path in sorted(default_folder().glob("*.html")):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|Markup|<script|style=|\son\w+=", source), path


def test_colours_can_be_read():
    """Text has a contrast of at least 4.5 on every ground it stands on (WCAG 2.2, 1.4.3)."""
    css = (default_folder() / "style.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--(\w[\w-]*): (#\w+);", b)) for b in css.split("@media")[:2])
    for theme in (light, dark):
        for ground in ("paper", "raised"):
            for ink in ("ink", "soft", "accent"):
                assert contrast(theme[ink], theme[ground]) >= 4.5
        assert contrast(theme["on-accent"], theme["accent"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

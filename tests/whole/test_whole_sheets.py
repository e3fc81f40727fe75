"""A feed on several sheets moves whole: what is wrong with an older sheet counts as on the first one."""

from __future__ import annotations

from pathlib import Path

import pytest
from whole_runs import answer, everything_said

from podkit.steps import read_feed
from podkit.web.fetch import Fetcher


def sheet(guid: str, after: str = "") -> bytes:
    """One sheet with one item, and prose enough for one torn byte to be few."""
    link = f'<atom:link rel="next" href="{after}"/>' if after else ""
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Paged</title>'
        f"<description>{'Words. ' * 40}</description>{link}"
        f'<item><title>T {guid}</title><guid isPermaLink="false">{guid}</guid></item></channel></rss>'
    ).encode()


def test_a_torn_guid_on_an_older_sheet(tmp_path: Path, served: tuple[Path, str]) -> None:
    """It is not taken, what was mended is told with the sheet's address, and the next sheet is read."""
    root, url = served
    (root / "feed.xml").write_bytes(sheet("one", "2.xml"))
    (root / "2.xml").write_bytes(sheet("two", "3.xml").replace(b"two<", b"two\xff<"))
    (root / "3.xml").write_bytes(sheet("three"))
    report = answer("import", f"{url}feed.xml", tmp_path / "show", "--no-media", code=4)
    assert [one["guid"] for one in report["added"]] == ["one", "three"]
    assert "GUID" in report["failed"][0]["error"]
    assert report["warnings"][0].startswith(f"{url}2.xml: not all of it is UTF-8")


def test_a_sheet_that_is_not_there(tmp_path: Path, served: tuple[Path, str]) -> None:
    """What is on it would vanish with the move: the import says so and ends as one that failed in part."""
    root, url = served
    (root / "feed.xml").write_bytes(sheet("one", "2.xml"))
    words = ("import", f"{url}feed.xml", tmp_path / "show", "--no-media")
    plan = answer(*words, "-n", code=4)
    report = answer(*words, code=4)
    assert [one["guid"] for one in report["added"]] == ["one"]
    assert [one["subject"] for one in report["failed"]] == [f"{url}2.xml"]
    assert f"{url}2.xml" in str(plan)
    (root / "2.xml").write_text("<p>Not here")
    assert f"{url}2.xml" in everything_said(*words)
    (root / "2.xml").write_bytes(sheet("two"))
    assert [one["guid"] for one in answer(*words)["added"]] == ["two"]


def test_sheets_without_end(
    served: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At some sheet it is enough, and that there are more is told; one that leads back is the end."""
    root, url = served
    for number in range(5):
        (root / f"{number}.xml").write_bytes(sheet(str(number), f"{number + 1}.xml"))
    (root / "5.xml").write_bytes(sheet("5", "0.xml"))
    with Fetcher(url) as fetcher:
        whole = read_feed.read_feed(f"{url}0.xml", tmp_path, fetcher)
        monkeypatch.setattr(read_feed, "SHEETS", 6)
        exact = read_feed.read_feed(f"{url}0.xml", tmp_path, fetcher)
        monkeypatch.setattr(read_feed, "SHEETS", 4)
        part = read_feed.read_feed(f"{url}0.xml", tmp_path, fetcher)
    assert len(whole.spec.items) == len(exact.spec.items) == 6
    assert whole.lost is None
    assert exact.lost is None
    assert len(part.spec.items) == 4
    assert part.lost is not None
    assert part.lost.address == f"{url}4.xml"

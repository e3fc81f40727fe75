"""Feeds for members by whole commands: an address for each, secrets kept, early, late, ad-free."""

from __future__ import annotations

import shutil
import stat

import pytest
from members_shows import MEMBERS, guids, of, run, tokens
from test_whole_feeds import archive
from whole_runs import complaint, everything_said, podkit, tree

from podkit.cli.boundary import report_error
from podkit.cli.session import Session
from podkit.feed.read import from_xml


@pytest.fixture
def show(tmp_path):
    """Five episodes of January 2026, a public feed and one for members."""
    return archive(tmp_path / "show", MEMBERS)


def test_each_member_has_an_own_address_of_the_same_feed(show):
    """Adding gives the addresses; build writes them; they differ in nothing but the self link."""
    added = run(show, "members", "add", "Анна Коваль", "bob@example.org")["members"]
    assert [one["id"] for one in added] == ["anna-koval", "bob-example-org"]
    secret = tokens(show)
    assert [one["urls"]["members"] for one in added] == [
        f"https://podcast.example/members/{secret[one['id']]}.xml" for one in added
    ]
    assert all(len(token) == 40 and int(token, 16) for token in secret.values())
    assert stat.S_IMODE((show / "members.toml").stat().st_mode) == 0o600
    assert "/members.toml" in (show / ".gitignore").read_text("utf-8").splitlines()
    built = run(show, "build")["feeds"]
    assert [(f["path"], f["members"]) for f in built] == [
        ("feed.xml", None),
        ("members/{token}.xml", 2),
    ]
    one, other = (
        (show / f"public/members/{token}.xml").read_text("utf-8") for token in secret.values()
    )
    assert one.replace(secret["anna-koval"], secret["bob-example-org"]) == other
    assert one.count(secret["anna-koval"]) == 1
    spec = of(show, secret["anna-koval"])
    public = from_xml((show / "public/feed.xml").read_bytes())
    assert guids(spec) == guids(public)
    assert (spec.owner.email, spec.links, spec.podping) == ("", (), None)
    assert [block.id for block in spec.block] == [""]
    assert spec.locked is not None
    assert spec.locked.owner == ""
    before = tree(show / "public")
    assert run(show, "build")["changed"] is False
    assert run(show, "feed")["feeds"][1]["changed"] is False
    assert tree(show / "public") == before


def test_no_secret_is_told_unless_asked_for(show):
    """No report, page, log, error or file of the show has a token, but for the feeds themselves."""
    podkit("-C", show, "members", "add", "anna", "bob")
    secret = tokens(show)
    said = [
        everything_said("-C", show, *words)
        for words in (
            ("build", "--json"),
            ("publish", "file:out", "--json", "-n"),
            ("publish", "file:out", "-v"),
            ("lint", "--json"),
            ("members", "--json"),
            ("show", "--json"),
            ("feed", "members", "-o", "-"),
            ("diff", "--feed", "members", "--json"),
        )
    ]
    (show / "public/members" / f"{secret['anna']}.xml").unlink()
    (show / "public/members" / f"{secret['anna']}.xml").mkdir()  # what cannot be written
    said.append(complaint("-C", show, "feed", code=1))
    assert "{anna}" in said[-1]
    files = [
        path.read_bytes()
        for path in show.rglob("*")
        if path.is_file() and not {"members", "members.toml", "public.txt"} & set(path.parts)
        and path.name not in {"members.toml", "public.txt"}
    ]  # fmt: skip
    for token in secret.values():
        assert [text for text in said if token in text] == []
        assert [content for content in files if token.encode() in content] == []
    assert stat.S_IMODE((show / ".podkit/public.txt").stat().st_mode) == 0o600
    listed = run(show, "members", "list", "--urls")["members"]
    assert all(secret[one["id"]] in one["urls"]["members"] for one in listed)


def test_a_crash_file_has_no_secret(show, capsys):
    """What is saved of a bug names the member where the secret stood."""
    podkit("-C", show, "members", "add", "anna")
    (token,) = tokens(show).values()
    session = Session()
    session.directory, session.debug = show, True
    session.show()
    (show / ".podkit").mkdir(exist_ok=True)
    assert report_error(ValueError(f"public/members/{token}.xml"), session) == 70
    (crash,) = (show / ".podkit").glob("podkit-crash-*.txt")
    for text in (crash.read_text("utf-8"), capsys.readouterr().err):
        assert token not in text
        assert "public/members/{anna}.xml" in text


def test_a_revoked_member_gets_an_empty_feed_that_says_so(show):
    """After revoke and publish the old address holds no episode; the others go on; no id comes twice."""
    podkit("-C", show, "members", "add", "anna", "bob")
    run(show, "publish", "file:out")
    secret = tokens(show)
    assert guids(of(show, secret["bob"], "out"))
    plan = run(show, "members", "revoke", "bob", "-n")["plan"]
    assert plan == [{"action": "revoke", "subject": "bob", "detail": "bob"}]
    assert run(show, "members")["members"][1]["revoked"] is None
    (gone,) = run(show, "members", "revoke", "bob")["members"]
    assert (gone["id"], gone["urls"]) == ("bob", None)
    assert run(show, "members", "revoke", "bob")["skipped"] == ["bob"]
    published = run(show, "publish", "file:out")
    assert {m["path"] for m in published["done"]} == {"members/{bob}.xml"}
    ended = of(show, secret["bob"], "out")
    assert (ended.items, ended.live_items, ended.complete) == ((), (), True)
    assert ended.description == "This subscription has ended."
    assert len(guids(of(show, secret["anna"], "out"))) == 5
    (again,) = run(show, "members", "add", "bob")["members"]
    assert again["id"] == "bob-2"
    assert tokens(show)["bob-2"] != secret["bob"]


def test_a_clone_without_the_members_leaves_them_at_the_target(show):
    """Where members.toml is missing, publishing neither ends nor changes anybody's feed."""
    podkit("-C", show, "members", "add", "anna")
    run(show, "publish", "file:out")
    before = tree(show / "out/members")
    (show / "members.toml").unlink()
    published = run(show, "publish", "file:out")
    assert [m for m in published["plan"] if m["path"].startswith("members/")] == []
    assert not (show / "public/members").exists()
    assert tree(show / "out/members") == before


def test_all_sheets_belong_to_the_member(show):
    """A paged members' feed has its sheets under the secret, linked to one another; so has its end."""
    text = (show / "podkit.toml").read_text("utf-8")
    (show / "podkit.toml").write_text(text + "page_size = 2\n", encoding="utf-8")
    podkit("-C", show, "members", "add", "anna")
    podkit("-C", show, "build")
    token = tokens(show)["anna"]
    names = sorted(p.name for p in (show / "public/members").iterdir())
    assert names == [f"{token}-2.xml", f"{token}-3.xml", f"{token}.xml"]
    first = of(show, token)
    assert {link.rel: link.href for link in first.links}["next"].endswith(f"/{token}-2.xml")
    podkit("-C", show, "members", "revoke", "anna")
    podkit("-C", show, "feed")
    assert [of(show, name.removesuffix(".xml")).items for name in names] == [(), (), ()]


def test_wrong_words_are_answered(show):
    """What cannot be done is said, with what to type; members.toml is what it was."""
    podkit("-C", show, "members", "add", "anna")
    before = (show / "members.toml").read_bytes()
    for words, said in (
        (("add",), "nobody is named"),
        (("add", "anna"), "is a member already: anna"),
        (("add", "x", "--feed", "main"), "no feed for members"),
        (("revoke", "ana"), "did you mean 'anna'"),
        (("list", "anna"), "list takes no names"),
        (("list", "--feed", "members"), "--feed belongs to add"),
        (("ad", "anna"), "'ad' is not one of"),
    ):
        assert said in complaint("-C", show, "members", *words, code=2)
    assert (show / "members.toml").read_bytes() == before


def test_a_show_without_such_a_feed_says_what_to_write(tmp_path):
    """Adding explains the feed that is missing, and writes nothing."""
    show = archive(tmp_path / "show", episodes=1)
    said = complaint("-C", show, "members", "add", "anna", code=2)
    assert 'path = "members/{token}.xml" and private = true' in said
    assert not (show / "members.toml").exists()


def test_every_feed_of_a_member_is_without_errors(show):
    """Lint asks about the feed once for all, and about one member's file as about anybody's."""
    podkit("-C", show, "members", "add", "anna")
    podkit("-C", show, "build")
    found = run(show, "lint")["findings"]
    assert {f["subject"] for f in found} <= {"public/feed.xml", "public/members/{token}.xml"}
    assert [f["code"] for f in found if f["severity"] == "error"] == []
    assert "PK907" not in {f["code"] for f in found}
    path = show / "public/members" / f"{tokens(show)['anna']}.xml"
    assert run(show, "lint", path)["counts"]["error"] == 0


def test_guards_watch_over_the_members_feed(show):
    """What was published is not called changed; an episode may not vanish from it; no secret is told."""
    podkit("-C", show, "members", "add", "anna", "bob")
    run(show, "publish", "file:out")
    text = (show / "podkit.toml").read_text("utf-8")
    target = '[publish.default]\nurl = "file:out"\n'
    (show / "podkit.toml").write_text(text + target, encoding="utf-8")
    assert {f["code"] for f in run(show, "lint")["findings"]} & {"PK901", "PK905", "PK910"} == set()
    assert run(show, "publish")["done"] == []
    shutil.rmtree(show / "episodes/number-3")
    said = complaint("-C", show, "publish", code=3)
    assert "PK901" in said
    planned = podkit("-C", show, "publish", "-n", "--json", code=None)
    assert not [token for token in tokens(show).values() if token in said + planned]
    gone = run(show, "publish", "--allow-removal")
    assert {m["path"] for m in gone["done"]} >= {
        "feed.xml", "members/{anna}.xml", "members/{bob}.xml"
    }  # fmt: skip

"""Feeds for members by whole commands: an address for each, secrets kept, early, late, ad-free."""

from __future__ import annotations

import shutil
import stat
import tomllib
from datetime import datetime, timedelta

import pytest
from test_whole_feeds import archive
from whole_runs import answer, complaint, everything_said, make_show, podkit, tone, tree

from podkit.artwork.draw import plain_cover
from podkit.cli.boundary import report_error
from podkit.cli.session import Session
from podkit.feed.read import from_xml

MEMBERS = """\
path = "feed.xml"

[feeds.members]
path = "members/{token}.xml"
private = true
"""


@pytest.fixture
def show(tmp_path):
    """Five episodes of January 2026, a public feed and one for members."""
    return archive(tmp_path / "show", MEMBERS)


def run(show, *words: object):
    return answer("-C", show, *words)


def tokens(show):
    """The secrets by id, as the publisher's own file holds them."""
    tables = tomllib.loads((show / "members.toml").read_text("utf-8"))
    return {name: table["token"] for name, table in tables.items()}


def of(show, token, folder="public"):
    return from_xml((show / folder / "members" / f"{token}.xml").read_bytes())


def guids(spec):
    return [item.guid for item in spec.items]


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


def test_members_have_it_early_and_keep_its_date(show):
    """Early: in the members' feed 48 h before, in nothing public; the date stays when all have it."""
    text = (show / "podkit.toml").read_text("utf-8")
    (show / "podkit.toml").write_text(text + 'early = "48h"\n', encoding="utf-8")
    podkit("-C", show, "members", "add", "anna")
    token = tokens(show)["anna"]
    podkit("-C", show, "build", "--now", "2026-01-03 05:59")
    assert guids(of(show, token)) == ["episode-4", "episode-3", "episode-2", "episode-1"]
    built = run(show, "build", "--now", "2026-01-03 06:00")
    assert built["held"] == []
    early = of(show, token)
    assert guids(early)[0] == "episode-5"
    assert early.items[0].published == datetime.fromisoformat("2026-01-03T06:00:00+02:00")
    assert early.built == early.items[0].published
    assert early.items[0].link == "https://podcast.example/"
    public = {n: c for n, c in tree(show / "public").items() if not n.startswith("members/")}
    assert [n for n, c in public.items() if b"episode-5" in c or b"Number 5" in c] == []
    assert not [n for n in public if n.startswith("number-5")]
    podkit("-C", show, "build", "--now", "2026-01-05 06:00")
    later = of(show, token)
    assert [(i.guid, i.published) for i in later.items] == [
        (i.guid, i.published) for i in early.items
    ]
    assert later.items[0].link == "https://podcast.example/number-5/"
    (everybody, *_) = from_xml((show / "public/feed.xml").read_bytes()).items
    assert everybody.published == early.items[0].published + timedelta(hours=48)


def test_a_delayed_feed_comes_later_and_status_knows_when(show):
    """A feed with a delay names each episode that much later, under the date at which it came."""
    late = MEMBERS + 'early = "1 day"\n[feeds.late]\npath = "late.xml"\ndelay = "1 week"\n'
    archive(show / "other", late)
    show = show / "other"
    moment = (datetime.now().astimezone() - timedelta(days=3)).replace(microsecond=0)
    record = show / "episodes/number-5/episode.toml"
    text = record.read_text("utf-8").replace("2026-01-05T06:00:00+02:00", moment.isoformat())
    record.write_text(text, encoding="utf-8")
    podkit("-C", show, "build")
    assert len(from_xml((show / "public/feed.xml").read_bytes()).items) == 5
    assert "episode-5" not in guids(from_xml((show / "public/late.xml").read_bytes()))
    due = datetime.fromisoformat(run(show, "status")["next_due"])
    assert due == moment + timedelta(weeks=1)
    published = run(show, "publish", "file:out")
    assert datetime.fromisoformat(published["next_due"]) == due
    after = (due + timedelta(seconds=1)).isoformat()
    podkit("-C", show, "build", "--now", after)
    (newest, *_) = from_xml((show / "public/late.xml").read_bytes()).items
    assert (newest.guid, newest.published) == ("episode-5", due)


@pytest.mark.long
def test_members_hear_the_master_without_ads(tmp_path):
    """The ad-free one where there is one, else the usual file; early media lie there, and nothing tells of them."""
    show = make_show(tmp_path / "show")
    text = (show / "podkit.toml").read_text("utf-8")
    feeds = MEMBERS.removeprefix('path = "feed.xml"\n') + 'master = "adfree"\nearly = "2 days"\n'
    (show / "podkit.toml").write_text(
        text.replace("[media]\n", '[media]\nprefixes = ["https://count.example/e"]\n') + feeds,
        encoding="utf-8",
    )
    podkit("-C", show, "members", "add", "anna")
    text = tmp_path / "said.vtt"
    text.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nA secret plan.\n", encoding="utf-8")
    first, second = tone(tmp_path / "one.wav", 2), tone(tmp_path / "two.wav", 3)
    short = tone(tmp_path / "short.wav", 1)
    podkit("-C", show, "add", first, "--title", "One", "--published", "2026-01-01")
    podkit(
        *("-C", show, "add", second, "--title", "Two", "--published", "2026-02-01"),
        *("--transcript", text),
    )
    podkit("-C", show, "attach", "two", short, "--as", "adfree")
    podkit("-C", show, "build", "--now", "2026-01-31")
    token = tokens(show)["anna"]
    two, one = of(show, token).items
    (public,) = from_xml((show / "public/feed.xml").read_bytes()).items
    assert two.enclosure.url.startswith("https://media.example/show/two-")
    assert public.enclosure.url == one.enclosure.url.replace("https://", "https://count.example/e/")
    assert (round(one.duration), round(two.duration)) == (2, 1)
    assert two.transcripts == ()
    there = tree(show / "public")
    name = two.enclosure.url.rpartition("/")[2]
    assert len(there[f"media/{name}"]) == two.enclosure.length
    open_ = {n: c for n, c in there.items() if not n.startswith(("members/", "media/"))}
    assert [n for n, c in open_.items() if name.encode() in c or b"secret plan" in c] == []
    assert not [n for n in open_ if "two" in n]
    podkit("-C", show, "build", "--now", "2026-02-02")
    two, one = of(show, token).items
    assert [link.url for link in two.transcripts] == [
        "https://podcast.example/show/two/transcript.vtt"
    ]
    public, _ = from_xml((show / "public/feed.xml").read_bytes()).items
    assert round(public.duration) == 3
    pages = {n: c for n, c in tree(show / "public").items() if n.endswith((".html", "/feed.xml"))}
    assert [n for n, c in pages.items() if name.encode() in c or token.encode() in c] == []
    assert run(show, "lint")["counts"]["error"] == 0


@pytest.mark.long
def test_a_show_in_two_languages(tmp_path):
    """A feed of one language takes what is spoken in it: whole episodes, and dubbed masters."""
    feeds = (
        'only_language = "en"\n[feeds.uk]\npath = "uk.xml"\nonly_language = "uk"\n'
        'language = "uk"\ntitle = "Архів"\nimage = "обкладинка.jpg"\n'
    )
    show = archive(tmp_path / "show", feeds, episodes=3)
    (show / "обкладинка.jpg").write_bytes(plain_cover("Архів"))
    podkit("-C", show, "set", "number-2", "language=uk")
    podkit("-C", show, "set", "number-3", "language=uk-UA")
    english, dubbed = tone(tmp_path / "english.wav", 2), tone(tmp_path / "dubbed.wav", 1)
    podkit("-C", show, "add", english, "--title", "Both", "--published", "2026-02-01")
    podkit("-C", show, "attach", "both", dubbed, "--as", "ukrainian", "--language", "uk")
    podkit("-C", show, "build")
    main = from_xml((show / "public/feed.xml").read_bytes())
    other = from_xml((show / "public/uk.xml").read_bytes())
    assert [i.title for i in main.items] == ["Both", "Number 1"]
    assert [i.title for i in other.items] == ["Both", "Number 3", "Number 2"]
    assert {f.image.rpartition("-")[0] for f in (main, other)} == {
        "https://podcast.example/assets/cover",
        "https://podcast.example/assets/cover.uk",
    }
    assert (show / "public/assets" / other.image.rpartition("/")[2]).is_file()
    assert (main.language, other.language, other.title) == ("en", "uk", "Архів")
    assert [round(f.items[0].duration) for f in (main, other)] == [2, 1]
    assert main.items[0].guid == other.items[0].guid
    found = run(show, "lint")
    assert [f for f in found["findings"] if f["severity"] == "error"] == []


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

"""members.toml: read whole, edited with its comments kept, and never quoted in a complaint."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import TEXTS
from shows import SHOW, make_show

from podkit.errors import FileError, RecordError
from podkit.model.member import Member
from podkit.model.show import Feed, Podcast, Show
from podkit.workspace import members_file
from podkit.workspace.layout import Layout

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 (an example)
OTHER = SECRET[::-1]
PODCAST = Podcast(
    show=Show(title="A show"),
    feeds={"main": Feed(), "members": Feed(path="m/{token}.xml", private=True)},
)
MOMENTS = st.integers(10**9, 2 * 10**9).map(lambda n: datetime.fromtimestamp(n, UTC))


@st.composite
def everybody(draw):
    """Members with ids, secrets and labels of their own."""
    ids = draw(
        st.lists(
            st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,5})?", fullmatch=True),
            unique=True,
            max_size=4,
        )
    )
    return tuple(
        Member(
            id=name,
            token=f"{n:022d}",
            label=draw(TEXTS),
            feeds=draw(st.sampled_from([(), ("members",)])),
            added=draw(st.none() | MOMENTS),
            revoked=draw(st.none() | MOMENTS),
        )
        for n, name in enumerate(ids)
    )  # fmt: skip


@pytest.fixture
def layout(tmp_path) -> Layout:
    return make_show(tmp_path / "show", SHOW)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(everybody())
def test_what_is_saved_is_read_again(layout, members):
    """load(save(members)) == members, and a second save changes no byte."""
    layout.members_file.unlink(missing_ok=True)
    members_file.save(layout, members, PODCAST)
    assert members_file.load(layout, PODCAST) == members
    before = layout.members_file.read_bytes()
    members_file.save(layout, members, PODCAST)
    assert layout.members_file.read_bytes() == before


def test_comments_and_others_stay_and_only_the_owner_reads_it(layout):
    """A change of one member leaves every other line; the file is 0600 whatever it was."""
    text = f'# mine\n[anna]  # pays yearly\ntoken = "{SECRET}"\n\n[bob]\ntoken = "{OTHER}"\n'
    layout.members_file.write_text(text, encoding="utf-8")
    layout.members_file.chmod(0o644)
    assert members_file.is_open(layout)
    anna, bob = members_file.load(layout, PODCAST)
    members_file.save(layout, [replace(bob, revoked=datetime(2026, 1, 1, tzinfo=UTC))], PODCAST)
    assert layout.members_file.read_text("utf-8") == text + "revoked = 2026-01-01T00:00:00Z\n"
    assert stat.S_IMODE(layout.members_file.stat().st_mode) == 0o600
    assert not members_file.is_open(layout)
    assert members_file.load(layout, PODCAST)[0] == anna


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\ntoken = "short-SECRET"\n', "22 to 128"),
        ("[a]\n", "it is missing"),
        (f'a = "{SECRET}"\n', "must be a table"),
        (f'[a]\ntoken = "{SECRET}"\n[b]\ntoken = "{SECRET}"\n', "a has the same one"),
        (f'[a]\ntoken = "{SECRET}"\nfeeds = ["mebers"]\n', "did you mean 'members'"),
        (f'["a b"]\ntoken = "{SECRET}"\n', "an id has"),
        (f'[a]\ntoken = "{SECRET}"\ntokn = 1\n', "did you mean 'token'"),
        (f"[a]\ntoken = {SECRET}x\n", "not TOML"),
        (f"a = {SECRET}x\n", "not TOML"),
        (f"a: {SECRET}x\n", "not TOML"),
        (f"a = {{ token: {SECRET}x }}\n", "not TOML"),
        (f"token =\n{SECRET}x\n", "not TOML"),
        (f"[a]\ntoken = \u201c{SECRET}\u201d\n", "not TOML"),
        (f'[a]\ntoken "{SECRET}"\n', "not TOML"),
        ("[a]\ntoken = 1234567890123456789012\n", "must be text"),
        (f'[a]\ntoken = "{SECRET}/../x"\n', "22 to 128"),
    ],
)
def test_faults_are_told_without_the_secret(text, said):
    """Each fault is named with its place; what the token is stands nowhere in the message."""
    with pytest.raises(RecordError) as caught:
        members_file.parse(text, PODCAST)
    assert said in caught.value.message
    assert "members.toml" in caught.value.message
    for told in (str(caught.value), caught.value.hint):
        assert told
        assert SECRET not in told
        assert "SECRET" not in told
        assert "1234567890" not in told


def test_a_link_is_not_written_through(layout, tmp_path):
    """A members.toml that is a link is refused: a new file would take the link's place."""
    real = tmp_path / "elsewhere.toml"
    real.write_text("", encoding="utf-8")
    layout.members_file.symlink_to(real)
    with pytest.raises(FileError, match="it is a link"):
        members_file.save(layout, [Member(id="a", token=SECRET)], PODCAST)
    assert real.read_text("utf-8") == ""


def test_git_is_told_once(layout):
    """The line goes to the end of .gitignore, once, in whatever way it is written there."""
    ignored = layout.root / ".gitignore"
    ignored.write_text("*.tmp", encoding="utf-8")
    assert members_file.ignore(layout)
    assert ignored.read_text("utf-8") == "*.tmp\n/members.toml\n"
    assert not members_file.ignore(layout)
    ignored.write_text("members.toml\n", encoding="utf-8")
    assert not members_file.ignore(layout)

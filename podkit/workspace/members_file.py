"""members.toml: who has an address of the members' feeds. No message of a fault here names a secret."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from typing import Final

from podkit import files
from podkit.errors import FileError
from podkit.model.identity import is_slug
from podkit.model.member import Member, is_for_members
from podkit.model.show import Podcast
from podkit.registry import did_you_mean
from podkit.workspace.faults import parse_toml, read_text
from podkit.workspace.layout import MEMBERS_FILE, Layout
from podkit.workspace.records import Reader
from podkit.workspace.show_file import zone_of

MODE: Final = 0o600
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,128}")
"""22 letters and digits are 128 bits."""

_HEAD: Final = (
    "# Who hears the members' feeds. Each token is a secret: keep this file out of version control,\n"
    "# keep a copy of it. podkit members add|revoke|list looks after it; labels may be edited.\n"
)
_IGNORED: Final = f"/{MEMBERS_FILE}"


def load(layout: Layout, podcast: Podcast) -> tuple[Member, ...]:
    """The members in the file's order; none when there is no file.

    Raises:
        RecordError: all faults of the file.
        FileError: it cannot be read.
    """
    if not layout.members_file.exists():
        return ()
    return parse(read_text(layout.members_file, MEMBERS_FILE), podcast)


def parse(text: str, podcast: Podcast) -> tuple[Member, ...]:
    """The members that a text of members.toml names.

    Raises:
        RecordError: all its faults.
    """
    reader = Reader(zone=zone_of(podcast), release_time=podcast.show.release_time)
    known = [name for name, feed in podcast.feeds.items() if is_for_members(feed)]
    found: list[Member] = []
    for name, table in parse_toml(text, MEMBERS_FILE, secret=True).items():
        if not isinstance(table, dict):
            reader.fault((name,), "must be a table, as podkit members add writes it")
            continue
        member = reader.record(Member, table, (name,), given={"id": name})
        if member is None:
            continue
        if not is_slug(name):
            reader.fault((name,), "an id has a-z, 0-9 and single hyphens only")
        if not _TOKEN.fullmatch(member.token):
            reader.fault((name, "token"), "must be 22 to 128 of A-Z a-z 0-9 _ -, found by chance")
        if other := next((m.id for m in found if m.token == member.token), ""):
            reader.fault((name, "token"), f"{other} has the same one")
        for n, feed in enumerate(member.feeds):
            if feed not in known:
                advice = did_you_mean(feed, known) if known else "podkit.toml has none"
                reader.fault((name, "feeds", n), f"no feed for members has that name; {advice}")
        found.append(member)
    reader.check(MEMBERS_FILE, text)
    return tuple(found)


def save(layout: Layout, members: Iterable[Member], podcast: Podcast) -> None:
    """Write new and changed members, comments and the others kept; only the owner may read the file.

    Raises:
        FileError: it cannot be written; it is what it was.
        RecordError: what is there has faults.
    """
    from podkit.workspace.editing import edited  # noqa: PLC0415 (readers need no tomlkit)
    from podkit.workspace.rendering import tables_text, to_table  # noqa: PLC0415 (likewise)

    path = layout.members_file
    if path.is_symlink():
        raise FileError("it is a link", where=MEMBERS_FILE, hint="put the file itself there")
    text = read_text(path, MEMBERS_FILE) if path.exists() else _HEAD
    there = {member.id: member for member in parse(text, podcast)}
    new = {member.id: member for member in members if member.id not in there}
    changed = [member for member in members if there.get(member.id, member) != member]
    for member in changed:
        keys = to_table(member, omit=("id",))
        text = edited(text, {f"{member.id}.{key}": value for key, value in keys.items()})
    text += tables_text(new, omit=("id",))
    files.write(path, text.encode(), mode=MODE)


def is_open(layout: Layout) -> bool:
    """Whether other users of the machine may read the file."""
    path = layout.members_file
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def ignore(layout: Layout) -> bool:
    """Have git leave the file alone; whether .gitignore had to be changed.

    Raises:
        FileError: it cannot be read or written.
    """
    path = layout.root / ".gitignore"
    text = ""
    if path.exists():
        text = read_text(path, path.name)
    if any(line.strip().lstrip("/") == MEMBERS_FILE for line in text.splitlines()):
        return False
    gap = "" if not text or text.endswith("\n") else "\n"
    files.write(path, f"{text}{gap}{_IGNORED}\n".encode())
    return True

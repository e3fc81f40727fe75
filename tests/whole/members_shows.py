"""What the tests of members' feeds share: a show that has one, and who has which secret."""

from __future__ import annotations

import tomllib

from whole_runs import answer

from podkit.feed.read import from_xml

MEMBERS = """\
path = "feed.xml"

[feeds.members]
path = "members/{token}.xml"
private = true
"""


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

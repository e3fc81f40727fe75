"""People and their credits: the register in podkit.toml, by id everywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from podkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a part in a show or an episode (podcast namespace, tag `person`).

    `role` and `group` are words of the taxonomy at podcasttaxonomy.com; empty means host in cast.
    `bio` and `id` are podkit's own: for pages, not for the feed.
    """

    BARE: ClassVar[str] = "name"

    name: str
    role: str = ""
    group: str = ""
    href: str = ""
    img: str = ""
    bio: str = ""
    id: str = ""


def parse_credit(text: str) -> Person:
    """A credit as typed: `Name[;role[;group[;href]]]`, where the name may be a register's id.

    Raises:
        UsageError: there is no name, or there are more than four parts.
    """
    parts = [part.strip() for part in text.split(";", 3)]
    if not parts[0]:
        raise UsageError(f"{text!r} names nobody", hint='write "Name;role;group;https://…"')
    name, role, group, href = [*parts, "", "", ""][:4]
    return Person(name=name, role=role.lower(), group=group.lower(), href=href)


def resolve(credit: Person, register: Mapping[str, Person]) -> Person:
    """The credit with what the register knows of that id; what the credit says itself wins."""
    known = register.get(credit.name)
    if known is None:
        return credit
    return replace(
        known,
        id=credit.name,
        **{
            key: value
            for key in ("role", "group", "href", "img", "bio")
            if (value := getattr(credit, key))
        },
    )

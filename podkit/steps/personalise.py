"""A feed that was printed once, given to each member at an address with that member's own secret.

All members get the same bytes but for the address. Who is no member any more gets an empty feed
that says so: it replaces the old one at every target, which deleting could not promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.feed.read import from_xml
from podkit.feed.write import to_xml
from podkit.model.member import BLANK, TOKEN, is_for_members, with_token
from podkit.pages.words import words_for
from podkit.steps.paginate import sheets_of

if TYPE_CHECKING:
    from podkit.model.member import Member
    from podkit.model.plan import FailedFile, Move
    from podkit.model.show import Feed
    from podkit.steps.open_show import OpenShow


class Copies(Mapping[str, bytes]):
    """Files by path in public/; those of members are made when they are asked for.

    A thousand members of a large feed would not fit into memory.
    """

    def __init__(
        self, plain: Mapping[str, bytes], of_members: Mapping[str, tuple[bytes, str]]
    ) -> None:
        self._plain = plain
        self._of_members = of_members

    @property
    def of_members(self) -> tuple[str, ...]:
        """The paths of members' own feeds."""
        return tuple(self._of_members)

    def beside(self, others: Mapping[str, bytes]) -> Copies:
        """These files and others."""
        return Copies({**others, **self._plain}, self._of_members)

    def __getitem__(self, path: str) -> bytes:
        if path in self._of_members:
            content, token = self._of_members[path]
            return content.replace(BLANK.encode(), token.encode())
        return self._plain[path]

    def __iter__(self) -> Iterator[str]:
        yield from self._plain
        yield from self._of_members

    def __len__(self) -> int:
        return len(self._plain) + len(self._of_members)


def blank(feed: Feed) -> Feed:
    """The feed to print for all members: with a mark where each one's secret will stand."""
    return with_token(feed, BLANK)


def shown(path: str) -> str:
    """The path of a blank feed as people write it: `members/{token}.xml`."""
    return path.replace(BLANK, TOKEN)


def members_of(show: OpenShow, name: str) -> tuple[Member, ...]:
    """All who have, or had, an address of the feed of that name."""
    if not is_for_members(show.podcast.feeds[name]):
        return ()
    return tuple(member for member in show.members if member.hears(name))


def copies(show: OpenShow, printed: Mapping[str, Mapping[str, bytes]]) -> Copies:
    """What is to lie in public/ of feeds as they were printed, by name and path."""
    plain: dict[str, bytes] = {}
    of_members: dict[str, tuple[bytes, str]] = {}
    for name, sheets in printed.items():
        if not is_for_members(show.podcast.feeds[name]):
            plain |= sheets
            continue
        ended = _ended(next(iter(sheets.values())))
        for member in members_of(show, name):
            for path, content in sheets.items():
                own = path.replace(TOKEN, member.token)
                of_members[own] = (ended if member.revoked else content, member.token)
    return Copies(plain, of_members)


def _ended(sheet: bytes) -> bytes:
    """The feed of somebody whose subscription has ended: nothing to hear, and a word why."""
    spec = from_xml(sheet)
    word = words_for(spec.language).ended
    links = tuple(link for link in spec.links if link.rel not in {"first", "next", "last"})
    return to_xml(
        replace(
            spec, description=word, items=(), live_items=(), trailers=(), complete=True,
            built=None, links=links,
        )
    )  # fmt: skip


def example(show: OpenShow, feed: Feed) -> Feed:
    """The feed of the first who is a member now, whose episodes stand for those of all."""
    if not is_for_members(feed):
        return feed
    name = next(key for key, one in show.podcast.feeds.items() if one == feed)
    tokens = (member.token for member in members_of(show, name) if not member.revoked)
    token = next(tokens, None)
    return feed if token is None else with_token(feed, token)


def as_example(show: OpenShow, name: str, sheets: Mapping[str, bytes]) -> dict[str, bytes]:
    """The printed sheets of a feed as the first who is a member now gets them."""
    path = show.podcast.feeds[name].path
    own = example(show, show.podcast.feeds[name]).path
    if own == path:
        return dict(sheets)
    head = path.partition(TOKEN)
    token = own[len(head[0]) : len(own) - len(head[2])].encode()
    return {
        p.replace(TOKEN, token.decode()): c.replace(BLANK.encode(), token)
        for p, c in sheets.items()
    }


def built(show: OpenShow, name: str) -> set[str]:
    """The paths in public/ of all sheets of a feed, every member's, that lie there."""
    feed = show.podcast.feeds[name]
    tokens = [member.token for member in members_of(show, name)] or [TOKEN]
    return {
        path
        for token in tokens
        for path in sheets_of(with_token(feed, token), lambda path: _in_public(show, path))
    }


def differs(show: OpenShow, name: str, wanted: Copies) -> bool:
    """Whether public/ has other sheets of a feed than it shall have."""
    if built(show, name) != set(wanted):
        return True
    return any(_in_public(show, path) != content for path, content in wanted.items())


def _in_public(show: OpenShow, path: str) -> bytes | None:
    final = show.layout.public / path
    return final.read_bytes() if final.is_file() else None


def veil(show: OpenShow, text: str) -> str:
    """A text with each member's id in braces where the secret stood."""
    for member in show.members:
        if member.token in text:
            text = text.replace(member.token, f"{{{member.id}}}")
    return text


def veil_moves(show: OpenShow, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """The files of a plan, as a report may name them."""
    return tuple(replace(move, path=veil(show, move.path)) for move in moves)


def veil_failures(show: OpenShow, failed: tuple[FailedFile, ...]) -> tuple[FailedFile, ...]:
    """The files that failed, as a report may name them."""
    return tuple(
        replace(one, path=veil(show, one.path), error=veil(show, one.error)) for one in failed
    )

"""From a feed's spec to its bytes, through feedgen; what is written is read again before it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from podkit.errors import FormatError
from podkit.feed.extensions import EXTENSIONS, PLACEHOLDER, namespaces, naming
from podkit.feed.parsing import each_item
from podkit.feed.values import LINE, TEXT, URL
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.share import shared

RSS_TYPE = "application/rss+xml"
_AT_ONCE: Final = 250
_EMPTY: Final = b"\n  <channel/>\n</rss>\n"
_TAIL: Final = b"\n  </channel>\n</rss>\n"


def to_xml(spec: FeedSpec) -> bytes:
    """The feed in UTF-8, indented, with an XML declaration; the same spec gives the same bytes.

    Call it on one thread at a time: feedgen switches the process's locale for a moment.

    Raises:
        FormatError: the spec holds what no feed may say (an enclosure that is not on the web, a
            date without a zone, a link that runs something); it names the episode.
    """
    spaces = namespaces(spec)
    frame = _printed(spec, (), spaces)
    if frame.endswith(_EMPTY):  # a channel of which there is nothing to say
        frame = frame.removesuffix(_EMPTY) + b"\n  <channel>" + _TAIL
    if not frame.endswith(_TAIL):
        raise FormatError("the feed cannot be written: its channel does not end as it should")
    head = frame.removesuffix(_TAIL)

    def piece(begin: int) -> str:
        whole = _printed(spec, spec.items[begin : begin + _AT_ONCE], spaces)
        if not whole.startswith(head) or not whole.endswith(_TAIL):
            raise FormatError("the feed cannot be written: its channel is not always the same")
        return whole[len(head) : -len(_TAIL)].decode()

    pieces = shared(piece, range(0, len(spec.items), _AT_ONCE), each=_AT_ONCE)
    for place, one in enumerate(pieces):  # one by one: a long feed is not to be there three times
        pieces[place] = one.encode()
    content = b"".join([head, *pieces, _TAIL])
    del pieces
    _check(content, spec)
    return content


def refused(spec: FeedSpec) -> list[tuple[Item, FormatError]]:
    """The episodes of which no feed may say what they say, each with the reason.

    It prints all of them once more, by halves where one is refused: for when `to_xml` has failed.

    Raises:
        FormatError: it is the channel that cannot be written.
    """
    spaces = namespaces(spec)
    _printed(spec, (), spaces)
    found: list[tuple[Item, FormatError]] = []
    waiting = [spec.items[at : at + _AT_ONCE] for at in range(0, len(spec.items), _AT_ONCE)]
    while waiting:
        items = waiting.pop()
        try:
            _printed(spec, items, spaces)
        except FormatError as error:
            if len(items) == 1:
                found.append((items[0], error))
            else:
                half = len(items) // 2
                waiting += (items[half:], items[:half])
    found.reverse()
    return found


def _printed(spec: FeedSpec, items: Sequence[Item], spaces: Mapping[str, str]) -> bytes:
    """The channel with these items only: all of a long feed as one tree would take much memory."""
    generator = _generator(spec, spaces)
    for item in items:
        with naming(item):
            _add(generator, item)
    try:
        content: bytes = generator.rss_str(pretty=True)
    except ValueError as error:
        raise FormatError(f"the feed cannot be written: {error}") from error
    return content


def _generator(spec: FeedSpec, spaces: Mapping[str, str]) -> Any:
    generator = FeedGenerator()
    for name, (channel, entry) in EXTENSIONS.items():
        generator.register_extension(name, channel, entry, atom=False)
        getattr(generator, name).held = spec
        getattr(generator, name).spaces = spaces
    title, link, image = LINE.show(spec.title), URL.show(spec.link), URL.show(spec.image)
    generator.title(title or PLACEHOLDER)
    generator.description(TEXT.show(spec.description) or PLACEHOLDER)
    if address := URL.show(spec.self_url):
        generator.link(href=address, rel="self", type=RSS_TYPE)
    # feedgen takes the last link for <link>.
    generator.link(href=link or PLACEHOLDER, rel="alternate")
    generator.language(LINE.show(spec.language) or None)
    generator.copyright(LINE.show(spec.copyright) or None)
    generator.generator(LINE.show(spec.generator))
    if image and title and link:
        generator.image(image, title, link)
    return generator


def _add(generator: Any, item: Item) -> None:
    entry: FeedEntry = generator.add_entry(order="append")
    for name in EXTENSIONS:
        getattr(entry, name).held = item
    entry.title(LINE.show(item.title) or PLACEHOLDER)
    entry.link(href=URL.show(item.link) or PLACEHOLDER, rel="alternate")
    entry.description(PLACEHOLDER)
    entry.content(PLACEHOLDER)
    entry.guid(LINE.show(item.guid), permalink=item.guid_permalink)
    if item.enclosure is not None:
        _enclose(entry, item.enclosure)


def _enclose(entry: Any, enclosure: Enclosure) -> None:
    url = URL.show(enclosure.url)
    if not is_safe_url(url, MEDIA_SCHEMES):
        raise FormatError(
            f"the enclosure's address {url[:200]!r} is not an http or https URL",
            hint='write below [site] in podkit.toml: url = "https://…"',
        )
    if type(enclosure.length) is not int or enclosure.length < 0:
        raise FormatError(f"the enclosure's length is {enclosure.length!r}, not a number of bytes")
    entry.enclosure(url, str(enclosure.length), LINE.show(enclosure.type))


def _check(content: bytes, spec: FeedSpec) -> None:
    """Read the feed again: every episode must be there, in order."""
    found = [item.findtext("guid", "") for item in each_item(content)]
    if found != [LINE.show(item.guid) for item in spec.items]:
        raise FormatError("the feed does not hold the episodes it was made from")

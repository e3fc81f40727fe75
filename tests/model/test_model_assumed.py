"""Items without a GUID keep the one that apps made up for them."""

from __future__ import annotations

from dataclasses import replace

from podkit.model.assumed import with_guids
from podkit.model.comparison import compare
from podkit.model.feedspec import Enclosure, FeedSpec, Item


def _item(title: str, link: str = "") -> Item:
    sound = Enclosure(url=f"https://m.example/{title}.mp3", length=1, type="audio/mpeg")
    return Item(title=title, guid="", link=link, enclosure=sound)


def _feed(*items: Item) -> FeedSpec:
    return FeedSpec(title="T", link="https://show.example/", items=items)


def test_a_link_of_its_own() -> None:
    """A link that only one item has is its GUID; its own GUID is nobody else's business."""
    own, linked = replace(_item("a"), guid="x"), _item("b", "https://show.example/b")
    assert [i.guid for i in with_guids(_feed(own, linked)).items] == ["x", "https://show.example/b"]


def test_links_that_tell_nothing_apart() -> None:
    """Where several items link to one page, or to the show's, the address of the sound is it."""
    feed = _feed(
        _item("a", "https://show.example/p"),
        _item("b", "https://show.example/p"),
        _item("c", "https://show.example/"),
        _item("d"),
    )
    assert [i.guid for i in with_guids(feed).items] == [
        f"https://m.example/{name}.mp3" for name in "abcd"
    ]


def test_nothing_is_new_where_guids_were_assumed() -> None:
    """A feed that gives the assumed GUIDs is that which gave none; without them something is gone."""
    live = _feed(_item("a", "https://show.example/a"), _item("b"))
    found = compare(live, with_guids(live))
    assert (found.added, found.removed, found.guid_changes) == ((), (), ())
    assert [one.title for one in compare(live, _feed()).removed] == ["a", "b"]

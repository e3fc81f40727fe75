"""The law of the feed room: what is written is read back as it was."""

from __future__ import annotations

import dataclasses

import pytest
from feed_specs import full_spec
from feed_strategies import specs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from podkit.feed.read import from_xml
from podkit.feed.table import TAGS, tag_table
from podkit.feed.tag import Tag
from podkit.feed.write import to_xml
from podkit.model.feedspec import FeedSpec, Item

SLOW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)  # fmt: skip


@SLOW
@given(specs)
def test_a_feed_is_read_back_as_it_was_written(spec: FeedSpec):
    """`from_xml(to_xml(spec)) == spec` for all feeds whose text passed the text gate."""
    assert from_xml(to_xml(spec)) == spec


@SLOW
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_clean_after_one_trip(line: str, prose: str):
    """Text that did not pass the gate is gated by the writer: a second trip changes nothing."""
    item = Item(title=line, guid="g", description=prose, content=line, summary=prose)
    spec = FeedSpec(title=line, description=prose, items=(item,))
    once = to_xml(spec)
    assert to_xml(from_xml(once)) == once


def test_the_full_feed_is_read_back_as_it_was_written():
    """A feed that uses every field of the model loses none."""
    spec = full_spec()
    assert from_xml(to_xml(spec)) == spec
    for record in (spec, spec.items[0]):
        unused = [f.name for f in dataclasses.fields(record) if not getattr(record, f.name)]
        empty = {"explicit", "guid_permalink", "block", "unread"}
        assert set(unused) <= empty, "the full feed is not full"


@pytest.mark.parametrize(
    ("place", "tag"),
    [(place, tag) for tag in TAGS for place in tag.parents],
    ids=lambda part: part if isinstance(part, str) else part.prefixed,
)
def test_each_tag_is_written_and_read_by_its_record(place: str, tag: Tag):
    """One record writes the elements of its field and reads equal values from them."""
    spec = full_spec()
    holders = (spec,) if place == "channel" else spec.items
    for holder in holders:
        held = getattr(holder, tag.field)
        values = held if isinstance(held, tuple) else (held,)
        wanted = [v for v in values if v not in {None, ""} and (tag.when is None or tag.when(v))]
        parent = etree.Element(place)
        tag.write(parent, held)
        parsed = etree.fromstring(etree.tostring(parent, pretty_print=True))
        assert {child.tag for child in parsed} <= {tag.qualified}
        found = [value for child in parsed for value in tag.read(child)]
        assert [_plain(v) for v in found] == [_plain(v) for v in wanted]


def _plain(value: object) -> object:
    """Apple's tags hold less of an episode's number than the model does."""
    return getattr(value, "number", value)


def test_the_manuals_table_names_every_tag_and_field():
    """The table of tags has a row for each record and each tag inside one, and keys of the records."""
    rows = {
        row.tag: row for row in tag_table() if "channel" in row.parents or "item" in row.parents
    }
    assert len(rows) == len(TAGS)
    inner = {row.tag: row.parents for row in tag_table() if row.tag not in rows}
    assert inner["podcast:source"] == ("podcast:alternateEnclosure",)
    assert rows["podcast:trailer"].attributes[0] == ("url", "URL")
    for tag in TAGS:
        for place in tag.parents:
            record = FeedSpec if place == "channel" else Item
            assert tag.field in {field.name for field in dataclasses.fields(record)}

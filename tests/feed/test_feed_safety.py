"""What strangers' bytes may do to podkit: be refused, and nothing else."""

from __future__ import annotations

import http.server
import threading
from functools import partial
from pathlib import Path

import pytest
from feed_specs import full_spec
from hypothesis import given, settings
from hypothesis import strategies as st

from podkit.errors import FormatError
from podkit.feed.bounds import MAX_BYTES, MAX_ELEMENTS, refusal
from podkit.feed.positions import read_document
from podkit.feed.read import from_xml
from podkit.feed.references import as_numbers
from podkit.feed.write import to_xml


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="koi8-u"?><rss><channel><title>Ціна</title></channel></rss>'.encode("koi8-u"),
        '<?xml version="1.0" encoding="Shift_JIS"?><rss><channel><title>日本</title></channel></rss>'.encode("shift_jis"),
        '<?xml version="1.0" encoding="UTF-16"?><rss><channel><title>Ціна</title></channel></rss>'.encode("utf-16"),
        '<?xml version="1.0"?><rss><channel><title>Ціна</title></channel></rss>'.encode("utf-16-be"),
        '\ufeff\n<?xml version="1.0" encoding="utf-8"?><rss><channel><title>Ціна</title></channel></rss>'.encode(),
    ],
    ids=["koi8-u", "shift_jis", "utf-16", "utf-16-be", "mark and blank line"],
)  # fmt: skip
def test_other_encodings_are_read(content: bytes):
    """What a feed declares and Python knows is read; white space before the declaration is forgiven."""
    assert from_xml(content).title in {"Ціна", "日本"}


@pytest.mark.parametrize("name", ["bz2", "zip", "hex", "idna", "punycode", "utf-7", "unicode_escape", "none-such", "rot13"])  # fmt: skip
def test_encodings_that_are_none_are_refused(name: str):
    """Codecs that decompress, unescape or resolve are no encodings of documents."""
    content = f'<?xml version="1.0" encoding="{name}"?><rss><channel/></rss>'.encode()
    with pytest.raises(FormatError, match="encoding"):
        from_xml(content)
    fault = read_document(content).fault
    assert fault is not None
    assert name in fault.message


@pytest.mark.parametrize("content", [b"", b"   ", b"text", b"<rss/>", b"<feed/>", b"<rss><channel>", b"<rss><channel>&nbsp;</channel></rss>", b"\xff\xfe", b"<rss><channel><title>\xff</title></channel></rss>"])  # fmt: skip
def test_what_is_no_feed_is_one_clear_error(content: bytes):
    """Malformed, cut, foreign: FormatError and nothing else."""
    with pytest.raises(FormatError):
        from_xml(content)


def _attacks(file: Path, url: str) -> dict[str, str]:
    body = "<rss><channel><title>&x;</title></channel></rss>"
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    return {
        "file": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{file}">]>{body}',
        "http": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{url}">]>{body}',
        "external subset": f'<!DOCTYPE rss SYSTEM "{url}">{body}',
        "public": f'<!DOCTYPE rss PUBLIC "-//x//y" "{url}">{body}',
        "parameter": f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{url}"> %x;]>{body}',
        "parameter file": f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "file://{file}"> %x;]>{body}',
        "laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY x "&l11;">]>{body}',
        "quadratic": f'<!DOCTYPE rss [<!ENTITY x "{"a" * 50_000}">]>{body.replace("&x;", "&x;" * 5000)}',
        "attribute": f'<!DOCTYPE rss [<!ENTITY x "{"a" * 50_000}">]><rss><channel a="{"&x;" * 2000}"/></rss>',
        "attlist": f'<!DOCTYPE rss [<!ATTLIST rss a CDATA "secret">]>{body}',
        "comment first": f'<!-- <rss> --><?p q?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{file}">]>{body}',
        "harmless": "<!DOCTYPE rss><rss><channel/></rss>",
    }


@pytest.mark.parametrize("name", list(_attacks(Path("x"), "y")))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_unread(name: str, encoding: str, tmp_path: Path):
    """I01, I02: no file is read, nothing is asked of the network, nothing is expanded."""
    asked: list[str] = []

    class Logger(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    canary = tmp_path / "canary"
    canary.write_text("CANARY")
    with http.server.HTTPServer(("127.0.0.1", 0), Logger) as server:
        threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/x.dtd"
        content = _attacks(canary, url)[name].encode(encoding)
        with pytest.raises(FormatError, match="DOCTYPE"):
            from_xml(content)
        document = read_document(content)
        server.shutdown()
    assert document.fault is not None
    assert document.fault.doctype
    assert document.root is None
    assert asked == []


def test_deep_and_huge_files_are_refused():
    """I02: 10 MB of nested elements and files over the limit end at once."""
    with pytest.raises(FormatError):
        from_xml(b"<rss><channel>" + b"<a>" * 3_000_000)
    with pytest.raises(FormatError, match="elements are no feed"):
        from_xml(b"<rss><channel>" + b"<a/>" * MAX_ELEMENTS + b"</channel></rss>")
    with pytest.raises(FormatError, match="bytes are more"):
        from_xml(b"<rss><channel>" + b" " * MAX_BYTES)


_whole = to_xml(full_spec())


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(_whole)), st.integers(0, 60), st.binary(max_size=8))
def test_damage_gives_a_feed_or_one_clear_error(at: int, cut: int, put: bytes):
    """Any bytes: `from_xml` raises FormatError or nothing, `read_document` never raises."""
    broken = _whole[:at] + put + _whole[at + cut :]
    try:
        spec = from_xml(broken)
    except FormatError:
        spec = None
    document = read_document(broken)
    assert spec is None or document.fault is None or document.fault.doctype is False


@pytest.mark.parametrize(
    "content",
    [
        b"<rss xmlns:a='" + b"u" * 5000 + b"'><channel><a:b/></channel></rss>",
        b'<rss xmlns = "' + b"u" * 5000 + b'"><channel/></rss>',
        b"<rss><channel><" + b"n" * 5000 + b"/></channel></rss>",
    ],
)
def test_long_names_reach_no_parser(content: bytes):
    """I02: a name that a parser hands over for each element may not be long."""
    with pytest.raises(FormatError, match="name longer"):
        from_xml(content)
    fault = read_document(content).fault
    assert fault is not None
    assert "name longer" in fault.message


def test_the_prolog_is_looked_through():
    """A DOCTYPE behind comments and instructions is seen; the word in a text is no DOCTYPE."""
    prolog = b"<?xml version='1.0'?>\n<!-- <rss> -->\n<?php <rss> ?> "
    with pytest.raises(FormatError, match="DOCTYPE"):
        from_xml(prolog + b"<!DOCTYPE rss><rss/>")
    text = b"<rss><channel><title>a</title><description>&lt;!DOCTYPE</description></channel></rss>"
    assert from_xml(prolog + text).title == "a"
    many = b"<rss><channel><title>a</title><description><![CDATA[" + b"<p>" * 1_000_001
    assert from_xml(many + b"]]></description></channel></rss>").title == "a"


def test_unknown_elements_are_bounded():
    """I02: each unknown element is kept, so one item may not have them without end."""
    many = b"<o:x xmlns:o='urn:o'/>" * 1001
    with pytest.raises(FormatError, match="unknown elements in one item"):
        from_xml(b"<rss><channel><item>" + many + b"</item></channel></rss>")
    few = from_xml(b"<rss><channel><item>" + many[: 22 * 900] + b"</item></channel></rss>")
    assert len(few.items[0].extra) == 900


def test_attributes_are_bounded():
    """I02: an element with a great many attributes is refused, and not looked through one by one."""
    many = b"".join(b" a%d=''" % n for n in range(200_000))
    with pytest.raises(FormatError, match="attributes of one element"):
        from_xml(b"<rss><channel><o:x xmlns:o='urn:o'" + many + b"/></channel></rss>")


@pytest.mark.parametrize("opening", [b"<![CDATA[", b"<!--"])
def test_what_never_closes_is_looked_through_once(opening):
    """A million openings without an end are no million searches for it, here or where it is mended."""
    content = b"<rss><channel><title>a</title>" + opening * 1_000_001
    assert refusal(content) == ""
    assert as_numbers(content) == (content, ())

"""Foreign HTML becomes Markdown that a person can edit, and that renders as the same text and links."""

from __future__ import annotations

import re
from collections.abc import Callable

from podkit.pages.prose import sanitize, to_html
from podkit.pages.tree import Element, Node, collapse, items, parse, text_of

_BLOCKS = frozenset({"blockquote", "h2", "h3", "h4", "hr", "ol", "p", "pre", "table", "ul"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
_BREAK = "\\\n"
_SPECIAL = re.compile(r"([\\`*\[\]<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_AT_START = re.compile(r"^([#+=>-])", re.MULTILINE)
_NUMBER_AT_START = re.compile(r"^(\d{1,9})([.)])", re.MULTILINE)
_APART = re.compile(r"(?:[ \t]*\\\n[ \t]*){2,}")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_BACKTICKS = re.compile(r"`+")
_NEWLINES = re.compile(r"\n")


def from_html(html: str) -> str:
    """The notes as Markdown: paragraphs, headings, lists, links, stress, quotes, code, tables, pictures kept.

    Text without any block has its line breaks kept, as listeners' apps show it. Where stress cannot
    be written so that it reads the same again, the plain text is kept without it.

    Raises:
        FormatError: the HTML is longer than a megabyte or too deep.
    """
    nodes = parse(sanitize(html))
    if not _has_blocks(nodes):
        nodes = _with_breaks(nodes)
    return "\n\n".join(_blocks(nodes)) + "\n" if nodes else ""


def _has_blocks(nodes: list[Node]) -> bool:
    return any(
        isinstance(n, Element) and (n.tag in _BLOCKS or n.tag == "br" or _has_blocks(n.children))
        for n in nodes
    )


def _with_breaks(nodes: list[Node]) -> list[Node]:
    """The nodes with each line end as a break."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, Element):
            out.append(node)
            continue
        for number, line in enumerate(_NEWLINES.split(node)):
            out += [Element(tag="br")] if number else []
            out += [line] if line.strip() else []
    return out


def _blocks(nodes: list[Node]) -> list[str]:
    found: list[str] = []
    line: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and (node.tag in _BLOCKS or node.tag == "li"):
            found += _paragraphs(line)
            line = []
            found += _block(node)
        elif isinstance(node, Element) and node.tag == "a" and _has_blocks(node.children):
            found += _paragraphs(line)
            line = []
            found += _blocks(_linked(node, node.children))
        else:
            line.append(node)
    found += _paragraphs(line)
    return [block for block in found if block.strip()]


def _linked(link: Element, nodes: list[Node]) -> list[Node]:
    """What lies in a link around blocks, with the link inside of each block."""
    made: list[Node] = []
    line: list[Node] = []
    for node in nodes:
        if not isinstance(node, Element) or not _has_blocks([node]):
            line.append(node)
            continue
        made += _link_of(link, line)
        line = []
        if node.tag in {"br", "hr", "pre"}:
            made.append(node)
        else:
            inner = _linked(link, node.children)
            made.append(Element(tag=node.tag, attributes=node.attributes, children=inner))
    return made + _link_of(link, line)


def _link_of(link: Element, nodes: list[Node]) -> list[Node]:
    shown = any(not isinstance(n, str) or n.strip() for n in nodes)
    return [Element(tag="a", attributes=link.attributes, children=nodes)] if shown else nodes


def _block(element: Element) -> list[str]:
    written = _WRITERS.get(element.tag)
    if written is not None:
        return written(element)
    return [
        "#" * int(element.tag[1]) + " " + block.replace(_BREAK, " ")
        for block in _paragraphs(element.children)
    ]


def _quote(element: Element) -> list[str]:
    inside = "\n\n".join(_blocks(element.children))
    return ["\n".join(f"> {line}".rstrip() for line in inside.split("\n"))] if inside else []


def _fenced(text: str) -> str:
    fence = _fence(text, 3)
    return f"{fence}\n{text}\n{fence}"


def _fence(text: str, least: int) -> str:
    """More backticks than stand in a row anywhere in the text."""
    return "`" * max(least, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))


def _list(element: Element) -> str:
    start = element.attributes.get("start", "")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
    lines = []
    for place, item in enumerate(items(element), start=number):
        mark = f"{place}. " if element.tag == "ol" else "- "
        blocks = _blocks(item.children)
        tight = all(b.startswith(("- ", "1. ")) for b in blocks[1:])
        text = ("\n" if tight else "\n\n").join(blocks)
        lines.append((mark + text.replace("\n", "\n" + " " * len(mark))).rstrip())
    return re.sub(r"\n +\n", "\n\n", "\n".join(lines))


def _table(element: Element) -> list[str]:
    """A table, if its first row names the columns and Markdown can say it; else its rows as paragraphs."""
    rows = _rows(element.children)
    lines = [[_inline(cell.children, stress=True).strip() for cell in row] for row in rows]
    if lines and all(cell.tag == "th" for cell in rows[0]):
        lines.insert(1, ["---"] * len(lines[0]))
        text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        if _said(rows) == _said(_rows(parse(to_html(text)))):
            return [text]
        del lines[1]
    return [_guarded(" \\| ".join(line)) for line in lines]


def _rows(nodes: list[Node]) -> list[list[Element]]:
    """The cells of each row, however the rows are grouped."""
    found: list[list[Element]] = []
    for node in nodes:
        if isinstance(node, Element):
            cells = [c for c in node.children if isinstance(c, Element)]
            found += [cells] if node.tag == "tr" else _rows(node.children)
    return found


def _said(rows: list[list[Element]]) -> list[list[str]]:
    """What stands in each cell."""
    return [["".join(_shown(cell.children).split()) for cell in row] for row in rows]


def _paragraphs(nodes: list[Node]) -> list[str]:
    """The paragraphs of inline nodes; two breaks in a row part them.

    What does not read the same again is written more plainly: without stress, then as bare text.
    """
    wanted = "".join(_shown(nodes).split())
    for text in (_inline(nodes, stress=True), _inline(nodes, stress=False)):
        parts = [part for part in map(_guarded, _APART.split(text)) if part]
        rendered = parse(to_html("\n\n".join(parts)))
        if "".join(_shown(rendered).split()) == wanted:
            return parts
    bare = collapse(_shown(nodes)).strip()
    return [_PUNCTUATION.sub(r"\\\g<0>", bare)] if bare else []


def _shown(nodes: list[Node]) -> str:
    return "".join(
        n if isinstance(n, str) else n.attributes.get("alt", "") + _shown(n.children) for n in nodes
    )


def _guarded(text: str) -> str:
    """A paragraph whose lines begin with nothing that would make them something else."""
    lines = [line.strip(" \t") for line in text.strip().split("\n")]
    joined = "\n".join(line for line in lines if line)
    joined = (
        joined.removesuffix("\\")
        if joined.endswith("\\") and not joined.endswith("\\\\")
        else joined
    )
    while joined.startswith(_BREAK):
        joined = joined.removeprefix(_BREAK)
    return _NUMBER_AT_START.sub(r"\1\\\2", _AT_START.sub(r"\\\1", joined)).strip()


def _inline(nodes: list[Node], *, stress: bool) -> str:
    return "".join(_one(node, stress=stress) for node in nodes)


def _one(node: Node, *, stress: bool) -> str:
    if isinstance(node, str):
        return _SPECIAL.sub(r"\\\1", collapse(node))
    if node.tag == "br":
        return _BREAK
    if node.tag == "img":
        alt = _SPECIAL.sub(r"\\\1", collapse(node.attributes.get("alt", "")))
        return f"![{alt}](<{_address(node.attributes.get('src', ''))}>)"
    if node.tag == "code" and stress:
        return _code(collapse(text_of(node.children)))
    text = _inline(node.children, stress=stress)
    if node.tag == "a":
        return _link(node, text)
    mark = _MARKS.get(node.tag, "") if stress else ""
    return _around(mark, text) if mark and text.strip() else text


def _around(mark: str, text: str) -> str:
    """The text between marks, white space and breaks at its ends outside of them."""
    bare = text.strip().removesuffix("\\").strip()
    if not bare:
        return text
    before, _, after = text.partition(bare)
    return f"{before}{mark}{bare}{mark}{after}" if "\\\n\\\n" not in bare else text


def _code(text: str) -> str:
    fence = _fence(text, 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def _link(element: Element, text: str) -> str:
    address = element.attributes.get("href", "")
    shown = text_of(element.children).strip()
    if not address or not text.strip():
        return text
    if shown == address and not any(c in address for c in "<> \\"):
        return f"<{address}>"
    bare = text.strip()
    before, _, after = text.partition(bare)
    title = element.attributes.get("title", "").replace("\\", "\\\\").replace('"', '\\"')
    spoken = f' "{collapse(title)}"' if title.strip() else ""
    return f"{before}[{bare}](<{_address(address)}>{spoken}){after}"


def _address(text: str) -> str:
    escaped = text.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace("\n", "")
    return re.sub(r"&(?=#?\w+;)", r"\\&", escaped)


# How a block is written; headings are what is left.
_WRITERS: dict[str, Callable[[Element], list[str]]] = {
    "ul": lambda element: [_list(element)],
    "ol": lambda element: [_list(element)],
    "blockquote": _quote,
    "pre": lambda element: [_fenced(text_of(element.children).strip("\n"))],
    "hr": lambda _: ["***"],
    "table": _table,
    "p": lambda element: _blocks(element.children),
    "li": lambda element: _blocks(element.children),
}

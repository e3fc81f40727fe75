"""What a feed's description may hold, and how long notes are cut to fit: after a block, never in a tag."""

from __future__ import annotations

from podkit.pages.tree import Element, Node, collapse, escape, items, serialize, start_tag, text_of

_INLINE = frozenset({"a", "b", "em", "i", "strong"})
_LISTS = frozenset({"ol", "ul"})
_HEADINGS = frozenset({"h2", "h3", "h4"})
_BOXES = frozenset({"blockquote", "li", "table", "tbody", "td", "th", "thead"})
_LINES = _LISTS | _HEADINGS | _BOXES | {"p", "pre", "tr"}
_ELLIPSIS = "…"


def simple_blocks(nodes: list[Node]) -> list[Element]:
    """The nodes as paragraphs and lists only: headings become strong, rows and quotes paragraphs."""
    blocks: list[Element] = []
    loose: list[Node] = []

    def settle() -> None:
        _append_paragraph(blocks, _inline(loose))
        loose.clear()

    for node in nodes:
        made = None if isinstance(node, str) else _blocks_of(node)
        if made is None:
            loose.append(node)
        else:
            settle()
            blocks.extend(made)
    settle()
    return blocks


def fit(blocks: list[Element], room: int) -> str:
    """As many of the blocks as fit into `room` bytes of UTF-8, one to a line.

    A list may end after any of its items. Only a first block that is too long by itself is cut
    inside, between words.
    """
    taken: list[str] = []
    for block in blocks:
        whole = serialize([block])
        size = len(whole.encode()) + bool(taken)
        if size <= room:
            taken.append(whole)
            room -= size
            continue
        part = _part(block, room - bool(taken), first=not taken)
        if part is not None:
            taken.append(serialize([part]))
        break
    return "\n".join(taken)


def _blocks_of(element: Element) -> list[Element] | None:
    """The blocks that an element stands for; None when it is part of a line."""
    tag, children = element.tag, element.children
    if tag == "hr":
        return []
    if tag in _HEADINGS:
        return _paragraph([Element(tag="strong", children=_inline(children))])
    if tag in _LISTS:
        made = [item for item in map(_item, items(element)) if item.children]
        return [Element(tag=tag, children=[*made])] if made else []
    if tag in _BOXES:
        return simple_blocks(children)
    line = {"p": _inline, "pre": _lines, "tr": _row}.get(tag)
    return None if line is None else _paragraph(line(children))


def _paragraph(inline: list[Node]) -> list[Element]:
    blocks: list[Element] = []
    _append_paragraph(blocks, inline)
    return blocks


def _append_paragraph(blocks: list[Element], inline: list[Node]) -> None:
    trimmed = _trim(inline)
    if trimmed:
        blocks.append(Element(tag="p", children=trimmed))


def _item(item: Element) -> Element:
    """A list item: its lines, then the lists in it."""
    lines: list[Node] = []
    lists: list[Node] = []
    for block in simple_blocks(item.children):
        if block.tag in _LISTS:
            lists.append(block)
        else:
            lines.extend([Element(tag="br"), *block.children] if lines else block.children)
    return Element(tag="li", children=[*lines, *lists])


def _inline(nodes: list[Node], *, linked: bool = False) -> list[Node]:
    """Only what may stand in a line; blocks in it become lines, a link in a link its text."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            text = collapse(node)
            out.append(text.lstrip(" ") if out and _is_break(out[-1]) else text)
        elif node.tag == "br":
            out.append(Element(tag="br"))
        elif node.tag == "a" and "href" in node.attributes and not linked:
            href = {"href": node.attributes["href"]}
            out.append(
                Element(tag="a", attributes=href, children=_inline(node.children, linked=True))
            )
        elif node.tag in _INLINE and node.tag != "a":
            out.append(Element(tag=node.tag, children=_inline(node.children, linked=linked)))
        else:
            line = _inline(node.children, linked=linked)
            out.extend(_separated(line, after=out) if node.tag in _LINES else line)
    return out


def _separated(line: list[Node], *, after: list[Node]) -> list[Node]:
    """A block's line between breaks, none before the first."""
    shown = _trim(line)
    begin = [Element(tag="br")] if after and not _is_break(after[-1]) else []
    return [*begin, *shown, Element(tag="br")] if shown else []


def _is_break(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "br"


def _lines(nodes: list[Node]) -> list[Node]:
    out: list[Node] = []
    for line in text_of(nodes).strip("\n").split("\n"):
        shown = collapse(line).strip(" ")
        out.extend([Element(tag="br"), shown] if out else [shown])
    return out


def _row(cells: list[Node]) -> list[Node]:
    out: list[Node] = []
    for cell in cells:
        if isinstance(cell, Element) and (content := _trim(_inline(cell.children))):
            out.extend([" · ", *content] if out else content)
    return out


def _trim(nodes: list[Node]) -> list[Node]:
    """The line without white space and breaks at its ends; empty when nothing is to be read."""
    kept = list(nodes)
    for end in (0, -1):
        while kept:
            node = kept[end]
            if isinstance(node, Element) and node.tag != "br":
                break
            bare = (
                "" if isinstance(node, Element) else (node.lstrip() if end == 0 else node.rstrip())
            )
            if bare:
                kept[end] = bare
                break
            kept.pop(end)
    return kept if text_of(kept).strip() else []


def _part(block: Element, room: int, *, first: bool) -> Element | None:
    """As much of a block as fits: items of a list; of a `first` paragraph or item, its words."""
    inner = room - len(f"{start_tag(block)}</{block.tag}>".encode())
    if block.tag not in _LISTS:
        children = _cut(block.children, inner) if first else []
        return Element(tag=block.tag, children=children) if children else None
    kept: list[Node] = []
    for item in block.children:
        size = len(serialize([item]).encode())
        if size > inner:
            if first and not kept and isinstance(item, Element):
                part = _part(item, inner, first=True)
                kept = [part] if part else []
            break
        kept.append(item)
        inner -= size
    return Element(tag=block.tag, children=kept) if kept else None


def _cut(nodes: list[Node], room: int) -> list[Node]:
    """The beginning of a line that fits into `room` bytes, with an ellipsis."""
    out: list[Node] = []
    room -= len(_ELLIPSIS.encode())
    for node in nodes:
        size = len(serialize([node]).encode())
        if size <= room:
            out.append(node)
            room -= size
            continue
        if isinstance(node, str):
            out.append(_words(node, room))
        else:
            inner = room - len(f"{start_tag(node)}</{node.tag}>".encode())
            children = _cut(node.children, inner) if node.tag in _INLINE else []
            if children:
                return [*out, Element(tag=node.tag, attributes=node.attributes, children=children)]
        break
    trimmed = _trim(out)
    return [*trimmed, _ELLIPSIS] if trimmed else []


def _words(text: str, room: int) -> str:
    """As many whole words as fit when escaped; of a single word that is longer, its letters."""
    fitting = 0
    used = 0
    for position, letter in enumerate(text, start=1):
        used += len(escape(letter).encode())
        if used > room:
            break
        fitting = position
    cut = text[:fitting]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return at_word.rstrip()

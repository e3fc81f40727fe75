"""A feed file with the line and column of every element, as lint wants it; read by expat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias
from xml.parsers import expat

from podkit.errors import FormatError
from podkit.feed import bounds
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.charset import as_utf8
from podkit.model.document import Document, Element, Fault, Places

MAX_DEPTH = 200

_Name: TypeAlias = tuple[tuple[str, str], str, str, list[Element]]
"""Namespace and name, each of them, and every element that is called so."""

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


class _StoppedError(Exception):
    """Something that podkit does not read further."""

    def __init__(self, message: str, *, doctype: bool = False) -> None:
        super().__init__(message)
        self.doctype = doctype


def read_document(content: bytes) -> Document:
    """The elements of a file, as far as it can be read; what stopped it is the document's `fault`.

    Lines and columns count from 1, columns in characters. A DOCTYPE is refused before anything in
    it is looked at. Nothing is raised for whatever bytes are given.
    """
    document = Document(root=None, bytes=len(content))
    if len(content) > MAX_BYTES:
        document.fault = Fault(message=f"more than {MAX_BYTES} bytes are no feed")
        return document
    try:
        text = as_utf8(content)
    except FormatError as error:
        document.fault = Fault(message=error.message)
        return document
    why = bounds.refusal(text)
    if why and bounds.doctype_at(text) < 0:
        document.fault = Fault(message=why)
        return document
    _Reading(document, text).read(text)
    return document


class _Reading:
    """One pass of expat over one file; what it does for each element is kept short.

    `open` are the elements that are, `texts` the pieces of text that each of them has so far, where
    a child came after some; `pieces` is the text that is being read. The handlers that are called
    for every element have all that in variables of their own, which takes a sixth less time.
    """

    def __init__(self, document: Document, text: bytes) -> None:
        self.document = document
        document.text = text
        self.places = Places(text)
        self.names: dict[str, _Name] = {}
        self.open = [Element(("", ""), "", "", _NO_ATTRIBUTES, 0, self.places)]  # holds the root
        self.texts: list[list[str] | None] = [None]
        self.pieces: list[str] = []
        # Of expat's own joined names, a local name cannot hold a brace, whatever the namespace is.
        self.parser = expat.ParserCreate("UTF-8", "}")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartElementHandler = self._starting()
        self.parser.EndElementHandler = self.end = self._ending()
        self.parser.CharacterDataHandler = self.pieces.append
        self.parser.StartCdataSectionHandler = self._cdata

    def read(self, text: bytes) -> None:
        """Fill the document."""
        try:
            self.parser.Parse(text, True)
        except expat.ExpatError as error:
            self.document.fault = Fault(
                message=expat.ErrorString(error.code), line=error.lineno, column=error.offset + 1
            )
        except _StoppedError as error:
            self.document.fault = Fault(
                message=str(error),
                line=self.parser.CurrentLineNumber,
                column=self.parser.CurrentColumnNumber + 1,
                doctype=error.doctype,
            )
        self.parser.buffer_text = False  # hands over the text that it still held
        while len(self.open) > 1:
            self.end("")
        self.document.root = next(iter(self.open[0].children), None)
        self.document.by_name = {key: same for key, _, _, same in self.names.values()}
        # they hold each other, and with them everything that was read
        self.parser.StartElementHandler = None
        del self.parser

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del version, standalone
        self.document.declared_encoding = encoding

    def _doctype(self, *_: object) -> None:
        raise _StoppedError("a DOCTYPE, which no feed needs and podkit does not read", doctype=True)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        namespaces = self.document.namespaces
        assert isinstance(namespaces, dict)  # noqa: S101 (its own default)
        namespaces.setdefault(prefix or "", uri or "")

    def _starting(self) -> Callable[[str, dict[str, str]], None]:
        """What is done where an element begins."""
        parser, places, names, opened = self.parser, self.places, self.names, self.open
        texts, pieces = self.texts, self.pieces

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if pieces:
                held = texts[-1]
                if held is None:
                    texts[-1] = pieces.copy()
                else:
                    held += pieces
                pieces.clear()
            if len(opened) > MAX_DEPTH:
                raise _StoppedError(f"elements nested deeper than {MAX_DEPTH}")
            key, namespace, local, same = names.get(name) or _named(name, names)
            if not attributes:
                attributes = _NO_ATTRIBUTES
            else:
                for word in attributes:
                    if "}" in word:
                        attributes = _braced(attributes)
                        break
            offset = parser.CurrentByteIndex
            element = Element(key, namespace, local, attributes, offset, places)
            same.append(element)
            children = opened[-1].children
            if isinstance(children, list):
                children.append(element)
            else:
                opened[-1].children = [element]
            opened.append(element)
            texts.append(None)

        return start

    def _ending(self) -> Callable[[str], None]:
        """What is done where an element ends."""
        opened, texts, pieces = self.open, self.texts, self.pieces

        def end(_: str) -> None:
            element = opened.pop()
            held = texts.pop()
            if held is not None:
                element.text = "".join(held + pieces)
                pieces.clear()
            elif pieces:
                element.text = pieces[0] if len(pieces) == 1 else "".join(pieces)
                pieces.clear()

        return end

    def _cdata(self) -> None:
        self.open[-1].raw = True


def _named(name: str, names: dict[str, _Name]) -> _Name:
    namespace, _, local = name.rpartition("}")
    named = names[name] = ((namespace, local), namespace, local, [])
    return named


def _braced(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes with names as lint knows them: with a namespace `{namespace}name`."""
    return {("{" + name if "}" in name else name): value for name, value in attributes.items()}

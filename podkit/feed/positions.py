"""A feed file with the line and column of every element, as lint wants it; read by expat."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from xml.parsers import expat

from podkit.errors import FormatError
from podkit.feed import bounds
from podkit.feed.bounds import MAX_BYTES, MAX_ELEMENTS
from podkit.feed.charset import as_utf8
from podkit.model.document import Document, Element, Fault, Places

MAX_DEPTH = 200

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

    The three stacks are of equal height: elements that are open, their children, and their text: a
    string, or a list where it comes in pieces.
    """

    def __init__(self, document: Document, text: bytes) -> None:
        self.document = document
        document.text = text
        self.places = Places(text)
        self.names: dict[str, tuple[tuple[str, str], list[Element]]] = {}
        self.open = [Element(("", ""), "", "", _NO_ATTRIBUTES, 0, self.places)]  # holds the root
        self.children: list[list[Element]] = [[]]
        self.texts: list[str | list[str] | None] = [None]
        self.count = 0
        # Of expat's own joined names, a local name cannot hold a brace, whatever the namespace is.
        self.parser = expat.ParserCreate("UTF-8", "}")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
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
            self._end("")
        self.document.root = next(iter(self.children[0]), None)
        self.document.by_name = dict(self.names.values())
        del self.parser  # it and this hold each other, and with them everything that was read

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del version, standalone
        self.document.declared_encoding = encoding

    def _doctype(self, *_: object) -> None:
        raise _StoppedError("a DOCTYPE, which no feed needs and podkit does not read", doctype=True)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        namespaces = self.document.namespaces
        assert isinstance(namespaces, dict)  # noqa: S101 (its own default)
        namespaces.setdefault(prefix or "", uri or "")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if len(self.open) > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise self._beyond()
        key, same = self.names.get(name) or self._named(name)
        if not attributes:
            attributes = _NO_ATTRIBUTES
        else:
            for word in attributes:
                if "}" in word:
                    attributes = {("{" + k if "}" in k else k): v for k, v in attributes.items()}
                    break
        offset = self.parser.CurrentByteIndex
        element = Element(key, key[0], key[1], attributes, offset, self.places)
        same.append(element)
        self.children[-1].append(element)
        self.open.append(element)
        self.children.append([])
        self.texts.append(None)

    def _named(self, name: str) -> tuple[tuple[str, str], list[Element]]:
        namespace, _, local = name.rpartition("}")
        named = self.names[name] = ((namespace, local), [])
        return named

    def _beyond(self) -> _StoppedError:
        if len(self.open) > MAX_DEPTH:
            return _StoppedError(f"elements nested deeper than {MAX_DEPTH}")
        return _StoppedError(f"more than {MAX_ELEMENTS} elements are no feed")

    def _end(self, name: str) -> None:
        del name
        element = self.open.pop()
        if children := self.children.pop():
            element.children = children
        held = self.texts.pop()
        if held is not None:
            element.text = held if isinstance(held, str) else "".join(held)

    def _text(self, text: str) -> None:
        held = self.texts[-1]
        if held is None:
            self.texts[-1] = text
        elif isinstance(held, str):
            self.texts[-1] = [held, text]
        else:
            held.append(text)

    def _cdata(self) -> None:
        self.open[-1].raw = True

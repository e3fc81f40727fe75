"""A feed file with the line and column of every element, as lint wants it; read by expat."""

from __future__ import annotations

from xml.parsers import expat

from podkit.errors import FormatError
from podkit.feed import bounds
from podkit.feed.bounds import MAX_BYTES, MAX_ELEMENTS
from podkit.feed.charset import as_utf8
from podkit.model.document import Document, Element, Fault

MAX_DEPTH = 200


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
    _Reading(document).read(text)
    return document


class _Reading:
    """One pass of expat over one file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
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
        while self.open:
            self._end("")

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del version, standalone
        self.document.declared_encoding = encoding

    def _doctype(self, *_: object) -> None:
        raise _StoppedError("a DOCTYPE, which no feed needs and podkit does not read", doctype=True)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        namespaces = self.document.namespaces
        assert isinstance(namespaces, dict)  # noqa: S101 (its own default)
        namespaces.setdefault(prefix or "", uri or "")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= MAX_DEPTH:
            raise _StoppedError(f"elements nested deeper than {MAX_DEPTH}")
        if self.count > MAX_ELEMENTS:
            raise _StoppedError(f"more than {MAX_ELEMENTS} elements are no feed")
        namespace, _, local = name.rpartition("}")
        parser = self.parser
        element = Element(
            namespace=namespace,
            name=local,
            attributes={("{" + k if "}" in k else k): v for k, v in attributes.items()},
            line=parser.CurrentLineNumber,
            column=parser.CurrentColumnNumber + 1,
        )
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.document.root = element
        self.open.append(element)
        self.texts.append([])

    def _end(self, name: str) -> None:
        del name
        self.open.pop().text = "".join(self.texts.pop())

    def _text(self, text: str) -> None:
        self.texts[-1].append(text)

    def _cdata(self) -> None:
        self.open[-1].raw = True

"""Foreign XML as a stream of events, for parts too long for a tree (sheets of a workbook).

The second door for XML beside `strict_xml`: the standard library's expat, which builds nothing.
A DOCTYPE is refused before anything it declares is read, so there are no entities either.
"""

from collections.abc import Iterator
from typing import NoReturn, Protocol
from xml.parsers import expat

from gateway.model.refusal import Refusal

_CHUNK = 65_536
_RULE = "the text must be well-formed XML"


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most that many bytes; none at the end."""


class Listener(Protocol):
    """What is told of elements, by the names as they are spelled, and of text between them."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def end(self, name: str, /) -> None:
        """An element ends."""

    def text(self, data: str, /) -> None:
        """Some text; it may come in pieces."""


def events(source: Readable, listener: Listener) -> Iterator[None]:
    """Tell a listener everything; each turn, some more bytes have been told.

    Refuses `xml.doctype`, `xml.malformed`. A refusal of the listener or the source goes through.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    data = b" "
    while data:
        data = source.read(_CHUNK)
        try:
            parser.Parse(data, not data)
        except expat.ExpatError as error:
            place = f"line {error.lineno} column {error.offset}"
            raise Refusal("xml.malformed", step="validate", rule=_RULE, place=place) from None
        yield


def _refuse_doctype(*_told: object) -> NoReturn:
    rule = "XML comes without a DOCTYPE"
    raise Refusal("xml.doctype", step="validate", rule=rule, place="prolog")

"""SHEP messages, synchronous and asynchronous: an envelope, and a document in its `data`."""

from collections.abc import Callable, Sequence
from typing import Protocol

from lxml import etree

from adapters.kz.channels import (
    REQUEST,
    RESPONSE,
    Channel,
    message_of,
    new_envelope,
    new_message,
)
from adapters.kz.payload import Document, is_nothing, put_text, take
from gateway.model.refusal import Refusal
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import Foreign, XmlFile
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.media.soap import refuse_failed_status, refuse_fault, signatures
from gateway.translation.media.xml_tree import DSIG, tree_of
from gateway.translation.reading import Stamp

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_ASIDE = frozenset({DSIG, WSSE})


class Put(Protocol):
    """A form in which documents are written."""

    def __call__(self, held: etree._Element, document: Document, tree: Tree) -> None:
        """Add `data` with the document to what holds it."""


class ShepMessage:
    """One document a message, read from any channel and form, written in the layout's own."""

    media_type = "application/soap+xml"
    extension = "xml"

    def __init__(
        self,
        document: Document,
        *,
        channel: Channel = REQUEST,
        put: Put = put_text,
        service_id: str = "",
        many: bool = False,
        says: Callable[[Tree], bool] = bool,
    ) -> None:
        """document: what the message carries. channel, put: how it is written. service_id: of
        the SHEP service. many: a file may hold several messages. says: whether a document says
        anything; an answer that does not is empty (R16)."""
        self.document = document
        self.channel = channel
        self.put = put
        self.service_id = service_id
        self.many = many
        self.says = says

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the (first) message carries the document, or ought to by its service."""
        found = message_of(foreign)
        if found is None:
            return False
        channel, message = found
        held = message.findall(channel.data)
        if all(is_nothing(data) and not self.document.stands_in(data) for data in held):
            service = message.findtext(f"{channel.turn}/{channel.told}/serviceId", "").strip()
            return bool(service) and service == self.service_id
        return any(self.document.stands_in(data) for data in held)

    def open(self, foreign: Foreign) -> Opened:
        """The document is the one row; signatures are found, not verified.

        Refuses `source.fault` for an answer that is a failure.
        """
        found = message_of(foreign)
        if found is None or not isinstance(foreign, XmlFile):
            if isinstance(foreign, XmlFile):
                refuse_fault(foreign.root)
            raise not_of_layout()
        channel, message = found
        refuse_failed_status(message)
        signed = signatures(foreign.root)
        held = message.findall(channel.data)
        if len(held) > 1:
            raise not_of_layout()
        rows: tuple[tuple[int, Tree], ...] = ()
        if held and not is_nothing(held[0]):
            tree, inside = take(self.document, held[0], channel.place)
            signed += inside
            rows = ((1, tree),) if self.says(tree) else ()
        elif channel is not RESPONSE:
            raise _without_document(channel.place)
        return Opened(
            rows,
            root=f"/{self.document.root}",
            envelope={"Envelope": tree_of(foreign.root, without=_ASIDE)},
            signatures=signed,
        )

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """A message a row, unsigned: the ministry signs what it sends on."""
        envelope, body = new_envelope()
        for row in rows:
            held = new_message(body, self.channel, self.service_id, stamp)
            self.put(held, self.document, row)
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _without_document(place: str) -> Refusal:
    rule = "the message carries no document"
    return Refusal("source.not-a-record", step="translate", rule=rule, place=place)

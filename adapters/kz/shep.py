"""SHEP synchronous messages: a SOAP body whose data element holds the document as escaped text."""

from collections.abc import Sequence

from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof import strict_xml
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import MAX_BYTES, Foreign, XmlFile
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.media.soap import SOAP, body_of, is_envelope, signatures
from gateway.translation.media.xml_tree import DSIG, XSI, grow, tree_of
from gateway.translation.reading import Stamp

SYNC = "http://bip.bee.kz/SyncChannel/v10/Types"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
_DATA = "request/requestData/data"


class ShepMessage:
    """One document a message, told by its namespace and root name."""

    media_type = "application/soap+xml"
    extension = "xml"
    many = False

    def __init__(self, namespace: str, root: str, service_id: str) -> None:
        """namespace, root: of the document. service_id: of the SHEP service when written."""
        self.namespace = namespace
        self.root = root
        self.service_id = service_id

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the message carries a document of the namespace."""
        data = _data_of(foreign)
        if data is None:
            return False
        if len(data):
            return data[0].tag == self._name
        return f'"{self.namespace}"' in (data.text or "").replace("'", '"')

    @property
    def _name(self) -> str:
        return f"{{{self.namespace}}}{self.root}"

    def open(self, foreign: Foreign) -> Opened:
        """Unescape the document once and read it; signatures are found, not verified."""
        data = _data_of(foreign)
        if data is None or not isinstance(foreign, XmlFile):
            raise not_of_layout()
        document = self._document(data)
        if document.tag != self._name:
            raise not_of_layout()
        found = signatures(foreign.root) + signatures(document)
        data.clear()
        return Opened(
            ((1, tree_of(document, without=frozenset({DSIG}))),),
            root=f"/{self.root}",
            envelope={"Envelope": tree_of(foreign.root, without=frozenset({DSIG, WSSE}))},
            signatures=found,
        )

    @staticmethod
    def _document(data: etree._Element) -> etree._Element:
        if len(data):
            return data[0]
        octets = (data.text or "").strip().encode()
        if not octets:
            raise Refusal(
                "source.not-a-record",
                step="translate",
                rule="the message carries no document",
                place="/Envelope/Body/SendMessage/request/requestData/data",
            )
        return strict_xml.parse_native(octets, max_bytes=MAX_BYTES)

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """The message, unsigned: the ministry signs what it sends on."""
        (row,) = rows
        document = etree.Element(self._name, nsmap={"lc": self.namespace})
        grow(document, row, None)
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
        etree.SubElement(envelope, f"{{{SOAP}}}Header")
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
        message = etree.SubElement(body, f"{{{SYNC}}}SendMessage", nsmap={"ns2": SYNC})
        request = etree.SubElement(message, "request")
        told = {"serviceId": self.service_id}
        if stamp is not None:
            told = {"messageId": stamp.message_id, **told, "messageDate": stamp.at}
        grow(request, {"requestInfo": told}, None)
        held = etree.SubElement(request, "requestData")
        data = etree.SubElement(held, "data", nsmap={"xs": SCHEMA, "xsi": XSI})
        data.set(f"{{{XSI}}}type", "xs:string")
        data.text = etree.tostring(document, xml_declaration=True, encoding="UTF-8").decode()
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _data_of(foreign: Foreign) -> etree._Element | None:
    if not isinstance(foreign, XmlFile) or not is_envelope(foreign.root):
        return None
    message = body_of(foreign.root)
    if message is None or message.tag != f"{{{SYNC}}}SendMessage":
        return None
    return message.find(_DATA)

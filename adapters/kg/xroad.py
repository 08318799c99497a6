"""X-Road 4.0 SOAP requests of Tunduk: a service in the header, one operation in the body."""

from collections.abc import Mapping, Sequence

from lxml import etree

from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import Foreign, XmlFile
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.media.soap import SOAP, body_of, is_envelope, signatures
from gateway.translation.media.xml_tree import DSIG, grow, tree_of
from gateway.translation.reading import Stamp

XROAD = "http://x-road.eu/xsd/xroad.xsd"
IDENTIFIERS = "http://x-road.eu/xsd/identifiers"


class XRoadRequest:
    """One request an envelope, told by the operation's qualified name."""

    media_type = "text/xml; charset=utf-8"
    extension = "xml"
    many = False

    def __init__(self, namespace: str, operation: str, service: Mapping[str, str]) -> None:
        """namespace, operation: of the body's element. service: the X-Road service members."""
        self.namespace = namespace
        self.operation = operation
        self.service = dict(service)

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the body holds the operation's request."""
        return self._request(foreign) is not None

    def _request(self, foreign: Foreign) -> etree._Element | None:
        if not isinstance(foreign, XmlFile) or not is_envelope(foreign.root):
            return None
        body = body_of(foreign.root)
        if body is None or body.tag != f"{{{self.namespace}}}{self.operation}":
            return None
        return body.find(f"{{{self.namespace}}}request")

    def open(self, foreign: Foreign) -> Opened:
        """The request is the one row; the header is its envelope."""
        request = self._request(foreign)
        if request is None or not isinstance(foreign, XmlFile):
            raise not_of_layout()
        tree = tree_of(request, without=frozenset({DSIG}))
        header = foreign.root.find(f"{{{SOAP}}}Header")
        told = "" if header is None else tree_of(header, without=frozenset({DSIG}))
        return Opened(
            ((1, tree if isinstance(tree, dict) else {}),),
            root=f"/{self.operation}/request",
            envelope={"Header": told},
            signatures=signatures(foreign.root),
        )

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """The request; the client that sends it adds itself and its user to the header."""
        (row,) = rows
        names = {"soapenv": SOAP, "xro": XROAD, "iden": IDENTIFIERS, "prod": self.namespace}
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap=names)
        header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
        told = {"protocolVersion": "4.0"} | ({"id": stamp.message_id} if stamp else {})
        grow(header, told, XROAD)
        service = etree.SubElement(header, f"{{{XROAD}}}service")
        service.set(f"{{{IDENTIFIERS}}}objectType", "SERVICE")
        grow(service, self.service, IDENTIFIERS)
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
        operation = etree.SubElement(body, f"{{{self.namespace}}}{self.operation}")
        grow(operation, {"request": row}, self.namespace)
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

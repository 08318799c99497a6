"""X-Road 4.0 SOAP messages of Tunduk: a service in the header, one operation in the body."""

from collections.abc import Mapping, Sequence

from lxml import etree

from gateway.translation.fields import blank
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import Foreign, XmlFile
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.media.soap import SOAP, body_of, fault_refusal, is_envelope, signatures
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
        return _envelope(self.namespace, self.service, stamp, self.operation, {"request": row})


class XRoadAnswer:
    """An answer whose rows stand in its response, told by the operation's qualified name.

    A row is the response with one element in place of the list, for the rest is of each of them.
    """

    media_type = "text/xml; charset=utf-8"
    extension = "xml"
    many = True

    def __init__(
        self, namespace: str, operation: str, service: Mapping[str, str], *, rows: str, success: str
    ) -> None:
        """namespace, operation: of the request that is answered. service: the X-Road service
        members. rows: path of the list. success: the member that is true unless it failed."""
        self.namespace = namespace
        self.operation = operation
        self.service = dict(service)
        self.holder, _, self.element = rows.rpartition("/")
        self.success = success

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the body holds the operation's response."""
        return self._response(foreign) is not None

    def _response(self, foreign: Foreign) -> etree._Element | None:
        if not isinstance(foreign, XmlFile) or not is_envelope(foreign.root):
            return None
        body = body_of(foreign.root)
        if body is None or body.tag != f"{{{self.namespace}}}{self.operation}Response":
            return None
        return body.find(f"{{{self.namespace}}}response")

    def open(self, foreign: Foreign) -> Opened:
        """Rows counted from 1. Refuses `source.fault` when the answer says that it failed."""
        response = self._response(foreign)
        if response is None or not isinstance(foreign, XmlFile):
            raise not_of_layout()
        told = tree_of(response, without=frozenset({DSIG}))
        answer = told if isinstance(told, dict) else {}
        holder = answer.get(self.holder)
        self._require_success(answer)
        listed = holder.get(self.element, []) if isinstance(holder, dict) else []
        beside = {name: v for name, v in answer.items() if name != self.holder}
        found = signatures(foreign.root)
        return Opened(
            [
                (
                    number,
                    {**beside, self.holder: {self.element: row}}
                    if isinstance(row, dict)
                    else not_of_layout(),
                )
                for number, row in enumerate(listed if isinstance(listed, list) else [listed], 1)
                if row not in ("", None)
            ],
            root=f"/{self.operation}Response/response",
            envelope=_surroundings(foreign.root, response),
            signatures=found,
        )

    def _require_success(self, answer: Tree) -> None:
        # A non-technical fault of X-Road stands in the response, as faultCode and faultString.
        # An answer that says nothing at all is no empty one either.
        if not blank(answer.get("faultCode")):
            raise fault_refusal(str(answer["faultCode"]))
        said = answer.get(self.success)
        if blank(said) and self.holder in answer:
            return
        if not isinstance(said, str) or said.strip().casefold() not in ("true", "1"):
            raise fault_refusal("")

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """One response with every row; the first tells what all share."""
        response = {
            **rows[0],
            self.holder: {self.element: [row[self.holder][self.element] for row in rows]},
        }
        operation = f"{self.operation}Response"
        return _envelope(self.namespace, self.service, stamp, operation, {"response": response})


def _surroundings(root: etree._Element, carried: etree._Element) -> Tree:
    """Header and body of an envelope as a tree, without the element that is carried."""
    parent = carried.getparent()
    if parent is not None:
        parent.remove(carried)
    told = tree_of(root, without=frozenset({DSIG}))
    return told if isinstance(told, dict) else {}


def _envelope(
    namespace: str, service: Mapping[str, str], stamp: Stamp | None, operation: str, body: Tree
) -> bytes:
    names = {"soapenv": SOAP, "xro": XROAD, "iden": IDENTIFIERS, "prod": namespace}
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap=names)
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    told = {"protocolVersion": "4.0"} | ({"id": stamp.message_id} if stamp else {})
    grow(header, told, XROAD)
    named = etree.SubElement(header, f"{{{XROAD}}}service")
    named.set(f"{{{IDENTIFIERS}}}objectType", "SERVICE")
    grow(named, dict(service), IDENTIFIERS)
    held = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    grow(held, {operation: body}, namespace)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

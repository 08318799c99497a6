"""SHEP's channels: where a message keeps what it tells of itself, and the document (SHEP v10)."""

from dataclasses import dataclass

from lxml import etree

from gateway.translation.layout import Tree
from gateway.translation.media.foreign import Foreign, XmlFile
from gateway.translation.media.soap import SOAP, is_envelope
from gateway.translation.media.xml_tree import grow
from gateway.translation.reading import Stamp

SYNC = "http://bip.bee.kz/SyncChannel/v10/Types"
ASYNC = "http://bip.bee.kz/AsyncChannel/v10/Types"
_BODY = f"{{{SOAP}}}Body"


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of message.

    operation: the body's qualified element. turn: its unqualified child. told: what the message
    tells of itself. held: what holds `data`. at: the member of `told` that says when. constants:
    what a written message tells besides its id, its instant and its service.
    """

    namespace: str
    operation: str
    turn: str
    told: str
    held: str
    at: str
    constants: tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...] = ()

    @property
    def tag(self) -> str:
        """The qualified name of the body's element."""
        return f"{{{self.namespace}}}{self.operation}"

    @property
    def data(self) -> str:
        """The path of `data` below the body's element."""
        return f"{self.turn}/{self.held}/data"

    @property
    def place(self) -> str:
        """Where `data` stands, for people and residue."""
        return f"/Envelope/Body/{self.operation}/{self.data}"


_SUCCESS = (("code", "SCSS001"), ("message", "Message has been processed successfully"))
REQUEST = Channel(SYNC, "SendMessage", "request", "requestInfo", "requestData", "messageDate")
RESPONSE = Channel(
    SYNC,
    "SendMessageResponse",
    "response",
    "responseInfo",
    "responseData",
    "responseDate",
    (("status", _SUCCESS),),
)
NOTIFICATION = Channel(
    ASYNC,
    "sendMessage",
    "request",
    "messageInfo",
    "messageData",
    "messageDate",
    (("messageType", "NOTIFICATION"),),
)
CHANNELS = {channel.tag: channel for channel in (REQUEST, RESPONSE, NOTIFICATION)}


def message_of(foreign: Foreign) -> tuple[Channel, etree._Element] | None:
    """The (first) message of an envelope with its channel, else None."""
    if not isinstance(foreign, XmlFile) or not is_envelope(foreign.root):
        return None
    body = foreign.root.find(_BODY)
    if body is None or not len(body):
        return None
    channel = CHANNELS.get(str(body[0].tag))
    return None if channel is None else (channel, body[0])


def new_envelope() -> tuple[etree._Element, etree._Element]:
    """An empty envelope and its body; the ministry signs what it sends on."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    return envelope, etree.SubElement(envelope, _BODY)


def new_message(
    body: etree._Element, channel: Channel, service_id: str, stamp: Stamp | None
) -> etree._Element:
    """Add a message to a body and give what will hold its `data`."""
    message = etree.SubElement(body, channel.tag, nsmap={"ns2": channel.namespace})
    turn = etree.SubElement(message, channel.turn)
    told: Tree = {} if stamp is None else {"messageId": stamp.message_id}
    if channel is not RESPONSE:
        told["serviceId"] = service_id
    constants: Tree = {n: v if isinstance(v, str) else dict(v) for n, v in channel.constants}
    when = {} if stamp is None else {channel.at: stamp.at}
    # The schema wants the status of an answer last, and the type of a message before its date.
    told |= when | constants if channel is RESPONSE else constants | when
    grow(turn, {channel.told: told}, None)
    return etree.SubElement(turn, channel.held)

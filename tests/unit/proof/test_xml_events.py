"""Foreign XML as events: what is told, and what is refused."""

from io import BytesIO

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.xml_events import events


class Heard:
    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.told.append(f"<{name} {attributes}")

    def end(self, name: str) -> None:
        self.told.append(f"{name}>")

    def text(self, data: str) -> None:
        self.told.append(data)


def test_elements_and_texts_are_told_in_their_order() -> None:
    heard = Heard()
    list(events(BytesIO(b'<a x="1"><!--no--><b>&lt;</b></a>'), heard))
    assert heard.told == ["<a {'x': '1'}", "<b {}", "<", "b>", "a>"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml.doctype"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "xml.doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml.doctype"),
        (b"<a>&b;</a>", "xml.malformed"),
        (b"<a>", "xml.malformed"),
        (b"", "xml.malformed"),
    ],
)
def test_what_is_not_plain_xml_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        list(events(BytesIO(data), Heard()))
    assert caught.value.code == code

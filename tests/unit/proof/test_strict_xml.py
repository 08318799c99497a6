"""The streaming side of the XML profile: elements one after the other, refused like whole files."""

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.strict_xml import (
    DEEPEST,
    MOST_ATTRIBUTES,
    MOST_ELEMENTS,
    native_head,
    native_siblings,
    parse_signed,
)

BATCH = b'<?xml version="1.0"?><!-- a --><E><B><m>1</m><m>2</m><m>3</m></B></E>'


def test_each_element_is_complete_while_it_is_looked_at_and_gone_after() -> None:
    seen = []
    for element in native_siblings(BATCH, "m"):
        parent = element.getparent()
        assert parent is not None
        seen.append((element.text, parent.tag, len(parent)))
    assert [text for text, _, _ in seen] == ["1", "2", "3"]
    assert {(tag, children <= 3) for _, tag, children in seen} == {("B", True)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BATCH[:-6], "xml.malformed"),
        (b"<!DOCTYPE E []>" + BATCH[31:], "xml.doctype"),
        (b"<!-- a --><?p?> <!DOCTYPE E>" + BATCH[31:], "xml.doctype"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE E><E/>'.encode("utf-16"), "xml.doctype"),
    ],
)
def test_stream_is_refused_like_a_whole_file(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        list(native_siblings(data, "m"))
    assert caught.value.code == code


def test_head_is_read_without_the_rest() -> None:
    head = native_head(BATCH[:-6] + b" " * 100_000 + b"<", "B", most=1_000)
    assert head is not None
    assert head[0].text == "1"


def test_element_with_one_child_has_no_head() -> None:
    assert native_head(b"<E><B><m>1</m></B></E>", "B", most=1_000) is None


def _deep(levels: int) -> bytes:
    return b"<a>" * levels + b"</a>" * levels


@pytest.mark.parametrize(
    "data",
    [
        b'<a><b Id="1"/><c Id="1"/></a>',
        b'<a><b Id="x"/><c xml:id="x"/></a>',
        b'<a><b ID = "&#49;"/><c id="1"/></a>',
        b'<a xmlns="other"/>',
        b'<a><b xmlns:x = "other"/></a>',
        b'<a xmlns:x="urn:1"><b xmlns:y="./other"/></a>',
        b"<a><!-- --></a>",
        b"<a><?p?></a>",
        b"<!-- --><a/>",
        b"<a/><?p?>",
        _deep(DEEPEST + 1),
        b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>",
        b"<a " + b" ".join(b'a%d="1"' % one for one in range(MOST_ATTRIBUTES + 1)) + b"/>",
        '<a xmlns="other"/>'.encode("utf-16"),
    ],
)
def test_signed_xml_outside_the_profile_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        parse_signed(data)
    assert caught.value.code == "xml.profile"


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        _deep(DEEPEST),
        b'<a xmlns="urn:1" Id="1"><b xmlns:x="http://x/" Id="2"/></a>',
        b"<a>" + b"<b/>" * (MOST_ELEMENTS - 1) + b"</a>",
        b"<a>" + b'<b c="1"/>' * (MOST_ATTRIBUTES + 1) + b"</a>",
        b'<?xml version="1.0" encoding="UTF-8"?><a><![CDATA[<!-- -->]]></a>',
        b'<a>xmlns="other" Id="1" Id="1"</a>',
    ],
)
def test_signed_xml_within_the_profile_is_taken(data: bytes) -> None:
    assert parse_signed(data).tag in ("a", "{urn:1}a")

"""SHEP: one document in every form and channel, failures by their codes, hostile documents."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from adapters.kz.payload import Document
from gateway.catalogue import load_catalogue
from gateway.proof.strict_xml import parse_native
from gateway.translation import Reading, Stamp, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
KZ = ROOT / "adapters" / "kz"
COUNTER_SAMPLES = sorted((KZ / "counter-samples").iterdir())
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PERMIT = "urn:example:kz:migration:labour-immigrant-permit:v1"
MEMBERS = (
    "<permitNumber>ТИ-1</permitNumber><permitType>LABOUR_IMMIGRANT</permitType>"
    "<state>ISSUED</state><validFrom>2026-06-12+05:00</validFrom><validTo>2026-12-11</validTo>"
    "<immigrant><SurName>САТТОРОВ</SurName><Name>ИЛХОМ</Name></immigrant>"
    "<employerPerson><SurName>СЕРІКҚЫЗЫ</SurName></employerPerson>"
)
DOCUMENT = f'<p:Permit xmlns:p="{PERMIT}">{MEMBERS}</p:Permit>'
PARAMETERS = {
    "permitNumber": "ТИ-1",
    "permitType": "LABOUR_IMMIGRANT",
    "state": "ISSUED",
    "validFrom": "2026-06-12+05:00",
    "validTo": "2026-12-11",
    "immigrant/SurName": "САТТОРОВ",
    "immigrant.Name": "ИЛХОМ",
    "employerPerson/SurName": "СЕРІКҚЫЗЫ",
}


def parameter(key: str, value: str) -> str:
    return f"<parameter><key>{key}</key><value>{escape(value)}</value></parameter>"


FORMS = {
    "typed": f'<data xmlns:p="{PERMIT}" xmlns:x="{XSI}" x:type="p:Permit">{MEMBERS}</data>',
    "element": f"<data>{DOCUMENT}</data>",
    "element beside others": f"<data><MessageInfo>1</MessageInfo>{DOCUMENT}</data>",
    "escaped": f"<data>{escape(DOCUMENT)}</data>",
    "escaped with a declaration": "<data>\n&lt;?xml version='1.0' encoding='UTF-16'?&gt;"
    f"&lt;!-- a --&gt;\n{escape(DOCUMENT)}</data>",
    "CDATA": f"<data><![CDATA[\ufeff{DOCUMENT}]]></data>",
    "parameters": f"<data>{''.join(parameter(*pair) for pair in PARAMETERS.items())}</data>",
    "one parameter": f"<data>{parameter('XML', DOCUMENT)}</data>",
}
CHANNELS = {
    "request": (
        '<m:SendMessage xmlns:m="http://bip.bee.kz/SyncChannel/v10/Types"><request><requestInfo/>'
        "<requestData>{}</requestData></request></m:SendMessage>"
    ),
    "answer": (
        '<m:SendMessageResponse xmlns:m="http://bip.bee.kz/SyncChannel/v10/Types"><response>'
        "<responseInfo><status><code>SCSS001</code></status></responseInfo>"
        "<responseData>{}</responseData></response></m:SendMessageResponse>"
    ),
    "notification": (
        '<m:sendMessage xmlns:m="http://bip.bee.kz/AsyncChannel/v10/Types"><request><messageInfo/>'
        "<messageData>{}</messageData></request></m:sendMessage>"
    ),
}


def envelope(*messages: str) -> bytes:
    body = f"<S:Body>{''.join(messages)}</S:Body>"
    return (
        f'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">{body}</S:Envelope>'
    ).encode()


def answer(data: str) -> str:
    return CHANNELS["answer"].format(data)


def reading_of(data: bytes, layout: str | None = None) -> Reading:
    return read(data, layout, COUNTRIES, CATALOGUE, at=AT)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("form", FORMS)
def test_a_document_says_the_same_in_every_form_and_channel(form: str, channel: str) -> None:
    reading = reading_of(envelope(CHANNELS[channel].format(FORMS[form])))
    assert reading.layout == "kz.household-permit"
    (result,) = reading.results
    assert result.record is not None, result.errors
    assert (result.record["number"], result.record["from"]) == ("ТИ-1", "2026-06-12")
    assert result.record["person"]["name"][0]["full"] == "САТТОРОВ ИЛХОМ"
    assert result.record["employer"]["person"]["name"][0]["full"] == "СЕРІКҚЫЗЫ"


def test_what_stands_beside_the_document_is_residue() -> None:
    (result,) = reading_of(envelope(answer(FORMS["element beside others"]))).results
    place = "/Envelope/Body/SendMessageResponse/response/responseData/data/MessageInfo"
    assert result.residue_values[place] == "1"


@pytest.mark.parametrize("sample", COUNTER_SAMPLES, ids=lambda path: path.name)
def test_counter_sample_is_refused_with_the_code_in_its_name(sample: Path) -> None:
    reading = reading_of(sample.read_bytes())
    errors = [reading.error] if reading.error else reading.results[0].errors
    assert [".".join(sample.name.split(".")[:2])] == [error.code for error in errors if error]


@pytest.mark.parametrize(
    ("sample", "place"),
    [
        ("xml.doctype.in-the-escaped-document.xml", "SendMessage/request/requestData/data: prolog"),
        (
            "xml.profile.document-nested-too-deep.xml",
            "SendMessageResponse/response/responseData/data",
        ),
    ],
)
def test_hostile_document_is_refused_at_its_place(sample: str, place: str) -> None:
    error = reading_of((KZ / "counter-samples" / sample).read_bytes()).error
    assert error is not None
    assert error.place == f"/Envelope/Body/{place}"


@pytest.mark.parametrize(
    "document",
    [
        f"<!DOCTYPE p [<!ENTITY a 'b'>]>{DOCUMENT}",
        f"<!--{'<!-- -->' * 900}--><!DOCTYPE p>{DOCUMENT}",
        f"<?a?><!DOCTYPE p SYSTEM 'http://example.invalid/p.dtd'>{DOCUMENT}",
    ],
)
def test_document_type_in_a_text_is_never_read(document: str) -> None:
    reading = reading_of(
        envelope(answer(f"<data>{escape(document)}</data>")), "kz.household-permit"
    )
    assert reading.error is not None
    assert reading.error.code in {"xml.doctype", "xml.malformed"}


def test_cause_of_a_nested_fault_is_told_with_the_fault() -> None:
    sample = KZ / "counter-samples" / "source.fault.shep-fault-in-a-soap-fault.xml"
    error = reading_of(sample.read_bytes()).error
    assert error is not None
    assert error.rule == "the source answered with the fault ENPF-17 in SCSE002"


def test_fault_in_place_of_the_document_is_a_fault() -> None:
    fault = "<Fault><errorCode>ENPF-3</errorCode></Fault>"
    reading = reading_of(envelope(answer(f"<data>{escape(fault)}</data>")), "kz.household-permit")
    assert reading.error is not None
    assert (reading.error.code, "ENPF-3" in reading.error.rule) == ("source.fault", True)


@pytest.mark.parametrize("data", ["", "<data/>", f'<data xmlns:x="{XSI}" x:nil="true"/>'])
def test_answer_without_a_document_is_empty(data: str) -> None:
    reading = reading_of(envelope(answer(data)), "kz.household-permit")
    assert (reading.status, [w.code for w in reading.warnings]) == ("ok", ["EMPTY-ANSWER"])


def test_document_of_too_many_elements_is_refused_at_its_place() -> None:
    reading = reading_of(
        envelope(answer(FORMS["typed"].replace("</data>", "<a/>" * 100_001 + "</data>")))
    )
    assert reading.error is not None
    assert (reading.error.code, reading.error.place.rsplit("/", 1)[1]) == (
        "submission.too-large",
        "data",
    )


def test_two_documents_in_one_message_are_not_the_layouts() -> None:
    reading = reading_of(envelope(answer(f"<data>{DOCUMENT}{DOCUMENT}</data>")))
    assert reading.error is not None
    assert reading.error.code == "layout.unknown"


def test_failed_answer_in_a_batch_does_not_stop_the_others() -> None:
    failed = answer(FORMS["typed"]).replace("SCSS001", "SCSE001")
    reading = reading_of(envelope(answer(FORMS["typed"]), failed, answer(FORMS["escaped"])))
    assert [result.status for result in reading.results] == ["ok", "refused", "ok"]
    assert reading.results[1].errors[0].code == "source.fault"


def test_signature_inside_a_document_is_found_once() -> None:
    signature = (
        '<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:SignedInfo>'
        '<s:SignatureMethod Algorithm="urn:gost"/></s:SignedInfo></s:Signature>'
    )
    signed = DOCUMENT.replace("</p:Permit>", f"{signature}</p:Permit>")
    for data in (f"<data>{signed}</data>", f"<data>{escape(signed)}</data>"):
        reading = reading_of(envelope(answer(data)))
        assert [(s.algorithm, s.verdict) for s in reading.signatures] == [
            ("urn:gost", "not-checked")
        ]
        assert "NATIVE-SIGNATURE-NOT-CHECKED" in {w.code for w in reading.results[0].warnings}


def test_root_is_told_by_name_and_namespace_alone() -> None:
    document = Document("urn:a", "Permit")
    assert document.begins("\n<?xml version='1.0'?><!-- <Permit --><x:Permit xmlns:x='urn:a'>")
    assert not document.begins("<x:Permit xmlns:x='urn:ab'><note>urn:a</note>")
    assert not document.begins("<x:Permits xmlns:x='urn:a'>")
    assert not document.begins("<!--")


@pytest.mark.parametrize(
    ("layout", "sample", "members"),
    [
        (
            "kz.household-permit",
            "02-labour-immigrant-permit-shep-response.xml",
            ["messageId", "responseDate", "status"],
        ),
        (
            "kz.async-permit",
            "03-foreign-workforce-permit-async.xml",
            ["messageId", "serviceId", "messageType", "messageDate"],
        ),
        (
            "kz.labour-contract",
            "01-esutd-contract-shep-sync.xml",
            ["messageId", "serviceId", "messageDate"],
        ),
    ],
)
def test_written_message_tells_of_itself_what_its_channel_wants(
    layout: str, sample: str, members: list[str]
) -> None:
    (result,) = reading_of((KZ / "samples" / sample).read_bytes()).results
    stamp = Stamp("0199f0a0-0000-7000-8000-000000000001", "2026-11-24T06:00:00.000Z")
    triple = (result.record_type, result.record or {}, "KZ")
    root = parse_native(write([triple], layout, COUNTRIES, stamp=stamp).data)
    (told,) = (root.iter("requestInfo", "responseInfo", "messageInfo"),)
    assert [child.tag for child in next(told)] == members

"""Bad input is refused by code, row and place, and never repeated; doubts are warnings."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.catalogue import Catalogue
from gateway.translation import Countries, Reading, read

AT = datetime(2026, 11, 24, tzinfo=UTC)


class Reader:
    """Reads changed copies of the samples."""

    def __init__(self, countries: Countries, catalogue: Catalogue, adapters: Path) -> None:
        self.countries = countries
        self.catalogue = catalogue
        self.adapters = adapters

    def sample(self, name: str) -> str:
        return (self.adapters / name).read_text(encoding="utf-8")

    def __call__(self, data: bytes | str, layout: str | None = None) -> Reading:
        octets = data.encode() if isinstance(data, str) else data
        return read(octets, layout, self.countries, self.catalogue, at=AT)

    def changed(self, name: str, old: str, new: str) -> Reading:
        text = self.sample(name)
        assert old in text
        return self(text.replace(old, new))


@pytest.fixture
def reader(countries: Countries, catalogue: Catalogue, adapters: Path) -> Reader:
    return Reader(countries, catalogue, adapters)


KZ = "kz/samples/01-esutd-contract-shep-sync.xml"
KG = "kg/samples/02-migrant-contract-soap-request.xml"
KG_REST = "kg/samples/04-departure-registration-rest.json"
UZ = "uz/samples/02-labour-contract-lc.json"
TJ_CARDS = "tj/samples/01-departure-cards-2026-08.expected-utf8.csv"
TJ_CONTRACTS = "tj/samples/02-contracts-2026-q3.expected-utf8.csv"


def first_error(reading: Reading) -> tuple[str, str]:
    error = reading.results[0].errors[0]
    return error.code, error.place


def warnings_of(reading: Reading) -> set[tuple[str, str]]:
    return {(w.code, w.path) for result in reading.results for w in result.warnings}


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        (KZ, "910314350013", "910314350014", ("identifier.check-digit", "row 1: /worker/IIN")),
        (KZ, "910314350013", "9103143500", ("identifier.length", "row 1: /worker/IIN")),
        (KZ, "2026-08-10&lt;", "2026-13-10&lt;", ("date.unreadable", "row 1: /contract/DateFrom")),
        (KZ, "280000.00", "280x000", ("number.unreadable", "row 1: /contract/Salary/#text")),
        (KZ, "CONTRACT&lt;", "PARDON&lt;", ("code.unknown", "row 1: /messageKind")),
        (UZ, "31403912040014", "31403912040015", ("identifier.check-digit", "row 1: /pin_lc")),
        (UZ, '"2026-08-10"', "null", ("field.missing", "row 1: /date_start_lc")),
        (UZ, '"2026-08-10"', '{"d": 1}', ("field.unreadable", "row 1: /date_start_lc")),
        (
            KG,
            "20907198800123</prod:pin>",
            "2</prod:pin>",
            ("identifier.length", "row 1: /migrant/pin"),
        ),
        (KG, ">KZ<", ">XX<", ("code.unknown", "row 1: /employer/country")),
        (TJ_CARDS, ";400000015;", ";4E+08;", ("document.number-lost", "row 1: /Шиноснома")),
        (TJ_CARDS, "Қазоқистон", "Атлантида", ("code.unknown", "row 1: /Давлати таъинот")),
    ],
)
def test_bad_field_refuses_its_row(
    reader: Reader, name: str, old: str, new: str, error: tuple[str, str]
) -> None:
    assert first_error(reader.changed(name, old, new)) == error


def test_refusal_does_not_repeat_the_value(reader: Reader) -> None:
    reading = reader.changed(KZ, "910314350013", "910314350014")
    assert "910314350014" not in str(reading.results[0].errors)


def test_good_rows_go_when_one_is_refused(reader: Reader) -> None:
    reading = reader.changed(TJ_CARDS, ";400000015;", ";4E+08;")
    assert [result.status for result in reading.results] == ["refused", "ok", "ok"]


def test_every_fault_of_a_row_is_told(reader: Reader) -> None:
    text = reader.sample(UZ).replace("31403912040014", "31403912040015")
    reading = reader(text.replace('"2026-08-03"', '"03.08.2026"'))
    codes = [error.code for error in reading.results[0].errors]
    assert codes == ["identifier.check-digit", "date.unreadable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "source.not-a-record"),
        (b"<a", "xml.malformed"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml.doctype"),
        (b'{"id_lc": 1, "id_lc": 2}', "json.duplicate-name"),
        (b'{"id_lc": 1', "json.malformed"),
        (b"{}", "layout.unknown"),
        (b"<a/>", "layout.unknown"),
        (b'a;"b\r\nc;d', "csv.malformed"),
        (b"a;b\r\n1;2\r\n", "layout.unknown"),
        (b"Column is null", "source.fault"),
        (b"GET /r1/central-server/GOV/x HTTP/1.1\r\nHost: a\r\n", "source.not-a-record"),
        (b'{"type": "Server.ServerProxy.ServiceFailed", "message": "m"}', "source.fault"),
    ],
)
def test_unreadable_file_is_refused_whole(reader: Reader, data: bytes, code: str) -> None:
    reading = reader(data)
    assert reading.error is not None
    assert (reading.error.code, reading.results) == (code, ())


def test_soap_fault_is_a_fault_with_its_code(reader: Reader) -> None:
    fault = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        "<faultcode>Server.ClientProxy.NetworkError</faultcode><faultstring>x</faultstring>"
        "</e:Fault></e:Body></e:Envelope>"
    )
    error = reader(fault).error
    assert error is not None
    assert error.code == "source.fault"
    assert "Server.ClientProxy.NetworkError" in error.rule


def test_unknown_layout_name_is_refused(reader: Reader) -> None:
    error = reader(reader.sample(UZ), "uz.nothing").error
    assert error is not None
    assert error.code == "layout.unknown"


def test_doctype_in_the_escaped_document_is_refused(reader: Reader) -> None:
    reading = reader.changed(
        KZ, "&lt;lc:LabourContract ", "&lt;!DOCTYPE a&gt;&lt;lc:LabourContract "
    )
    assert reading.error is not None
    assert reading.error.code == "xml.doctype"


def test_wrong_control_total_quarantines_the_file_and_tells_both_counts(reader: Reader) -> None:
    reading = reader.changed(TJ_CARDS, "Ҷамъ:;3;", "Ҷамъ:;4;")
    assert reading.status == "quarantined"
    assert reading.error is not None
    assert reading.error.code == "submission.control-total"
    assert "expects 4 rows, 3 were found" in reading.error.rule
    assert reading.results == ()


def test_row_with_missing_cells_is_refused_alone(reader: Reader) -> None:
    reading = reader.changed(TJ_CONTRACTS, "муҳоҷир;", "")
    assert first_error(Reading("", "", None, reading.results[1:]))[0] == "csv.malformed"
    assert reading.results[0].status == "ok"


def test_heading_that_stands_twice_is_refused(reader: Reader) -> None:
    reading = reader.changed(TJ_CONTRACTS, ";Имзо", ";То")
    assert reading.error is not None
    assert reading.error.code == "csv.malformed"


@pytest.mark.parametrize("data", [b"", b'{"status": true, "data": []}'])
def test_empty_answer_is_well_and_says_so(reader: Reader, data: bytes) -> None:
    reading = reader(data, "kg.departures")
    assert (reading.status, reading.results) == ("ok", ())
    assert [w.code for w in reading.warnings] == ["EMPTY-ANSWER"]


def test_failing_number_of_another_country_is_kept_with_a_warning(reader: Reader) -> None:
    reading = reader.changed(KG, "170440012348", "170440012349")
    record = reading.results[0].record
    assert record is not None
    assert record["employer"]["identifier"][0]["state"] == "failed"
    assert ("ID-CHECK-FAILED", "/employer/identifier/0") in warnings_of(reading)


def test_short_tajik_number_gets_its_zeros_back(reader: Reader) -> None:
    reading = reader.changed(TJ_CARDS, ";520000015;", ";20025789;")
    record = reading.results[0].record
    assert record is not None
    assert record["person"]["identifier"][0]["value"] == "020025789"
    assert ("TIN-PADDED", "/person/identifier/0") in warnings_of(reading)


def test_identifier_against_field_is_a_warning_and_the_field_wins(reader: Reader) -> None:
    reading = reader.changed(KZ, "1991-03-14", "1991-03-15")
    record = reading.results[0].record
    assert record is not None
    assert record["person"]["birthDate"]["value"] == "1991-03-15"
    assert ("ID-DOB-MISMATCH", "/person/identifier/0") in warnings_of(reading)


def test_internal_country_code_is_told_by_its_label(reader: Reader) -> None:
    reading = reader.changed(KZ, "&lt;Code&gt;860&lt;", "&lt;Code&gt;001&lt;")
    record = reading.results[0].record
    assert record is not None
    assert record["person"]["citizenship"] == ["UZB"]
    assert ("CODE-LIST-ASSUMED", "/person/citizenship/0") in warnings_of(reading)


def test_sex_as_a_number_in_a_tajik_card_is_assumed(reader: Reader) -> None:
    reading = reader.changed(TJ_CARDS, ";зан;", ";2;")
    assert ("SEX-CODE-ASSUMED", "/person/sex") in warnings_of(reading)


def test_two_digit_birth_year_needs_the_present(reader: Reader) -> None:
    text = reader.sample(TJ_CARDS).replace("25.01.1987", "25.1.87")
    assert reader(text).results[0].record["person"]["birthDate"]["value"] == "1987-01-25"  # type: ignore[index]
    without = read(text.encode(), None, reader.countries, reader.catalogue)
    assert first_error(without)[0] == "date.unreadable"


def test_single_row_without_a_list_is_read(reader: Reader) -> None:
    answer = json.loads(reader.sample(KG_REST))
    answer["data"] = answer["data"][0]
    assert len(reader(json.dumps(answer), "kg.departures").results) == 1


def test_national_signature_is_found_and_not_checked(reader: Reader) -> None:
    reading = reader(reader.sample(KZ))
    assert [s.verdict for s in reading.signatures] == ["not-checked", "not-checked"]
    assert all(s.algorithm.endswith("gostr34102015-gostr34112015-512") for s in reading.signatures)


def test_native_ids_stay_local(reader: Reader) -> None:
    result = reader(reader.sample(KZ)).results[0]
    place = "/Envelope/Body/SendMessage/request/requestInfo/messageId"
    assert result.residue_values[place] == "7d7a3a62-44a1-4b0b-9b0e-1d52a0b4f001"
    assert result.residue_values[place] not in json.dumps(result.record)


def test_consent_stands_beside_the_record(reader: Reader) -> None:
    result = reader(reader.sample(KG)).results[0]
    assert result.consent_ref == "8841-220517"


def test_identity_is_the_registers_number(reader: Reader) -> None:
    assert reader(reader.sample(KZ)).results[0].identity == "26-0008812345"


def test_fee_without_amount_stays_in_residue(reader: Reader) -> None:
    result = reader(reader.sample(TJ_CONTRACTS)).results[0]
    assert "fee" not in (result.record or {})


def test_termination_of_a_kazakh_contract_is_an_update(reader: Reader) -> None:
    reading = reader.changed(KZ, "CONTRACT&lt;", "TERMINATION&lt;")
    result = reading.results[0]
    assert result.record is not None
    assert (result.action, result.record["state"]) == ("update", "terminated")


def test_uzbek_contract_without_foreign_employer_is_the_companys_own(reader: Reader) -> None:
    native = json.loads(reader.sample(UZ))
    native["value_fields_lc"] = {}
    record = reader(json.dumps(native)).results[0].record
    assert record is not None
    assert "agency" not in record
    assert record["employer"]["identifier"][0]["value"] == "300000018"
    assert record["pay"][0]["currency"] == "UZS"


def test_ground_of_dismissal_means_terminated(reader: Reader) -> None:
    reading = reader.changed(UZ, '"article_lc": null', '"article_lc": "100"')
    assert reading.results[0].record["state"] == "terminated"  # type: ignore[index]


def batch(reader: Reader, *messages: str) -> str:
    """One SOAP envelope whose body holds the bodies of several samples."""
    sample = reader.sample(KZ)
    start = sample.index(">", sample.index("<S:Body")) + 1
    return sample[:start] + "".join(messages) + sample[sample.index("</S:Body>") :]


def message(reader: Reader) -> str:
    sample = reader.sample(KZ)
    start = sample.index(">", sample.index("<S:Body")) + 1
    return sample[start : sample.index("</S:Body>")]


FAULT = "<x:Fault xmlns:x='urn:x'><faultcode>SHEP-4</faultcode></x:Fault>"


def test_each_message_of_a_batch_is_a_row(reader: Reader) -> None:
    reading = reader(batch(reader, message(reader), FAULT, message(reader)))
    assert [(r.status, r.rows) for r in reading.results] == [
        ("ok", (1,)),
        ("refused", (2,)),
        ("ok", (3,)),
    ]
    assert reading.results[0].record == reading.results[2].record


def test_large_batch_gives_the_same_records_as_a_small_one(reader: Reader) -> None:
    reading = reader(batch(reader, *[message(reader)] * 260))
    assert len(reading.results) == 260
    assert {r.rows for r in reading.results} == {(n,) for n in range(1, 261)}
    first = reader(reader.sample(KZ)).results[0].record
    assert all(r.record == first for r in reading.results)


@pytest.mark.parametrize(("last", "code"), [("<a>", "xml.malformed"), (FAULT, "layout.unknown")])
def test_large_batch_that_ends_badly_gives_no_record(reader: Reader, last: str, code: str) -> None:
    reading = reader(batch(reader, *[message(reader)] * 260, last))
    assert reading.error is not None
    assert (reading.error.code, reading.results) == (code, ())


def test_table_that_ends_badly_gives_no_record(reader: Reader) -> None:
    table = reader.sample(TJ_CONTRACTS).rstrip() + '\r\n"broken'
    reading = reader(table)
    assert reading.error is not None
    assert (reading.error.code, reading.results) == ("csv.malformed", ())

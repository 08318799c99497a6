"""Kazakhstan's permits and contributions: what is read, what is kept, what is said to be lost."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kz.payments import Payment, first_day, last_day, runs
from gateway.catalogue import load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Reading, Written, load_countries, read, write
from gateway.translation.reading import Record

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "adapters/kz/samples"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
HOUSEHOLD = "02-labour-immigrant-permit-shep-response.xml"
SEASONAL = "03-foreign-workforce-permit-async.xml"
PENSION = "04-pension-contributions-shep-response.xml"
FLATTENED = "07-household-permit-cdata-flattened.xml"
TRADER = "08-seasonal-permit-sole-trader.xml"
TWO_PERSONS = "10-pension-two-persons.xml"


def reading_of(data: bytes | str) -> Reading:
    octets = data.encode() if isinstance(data, str) else data
    return read(octets, None, COUNTRIES, CATALOGUE, at=AT)


def changed(name: str, *changes: tuple[str, str]) -> Reading:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return reading_of(text)


def record_of(reading: Reading, place: int = 0) -> Record:
    record = reading.results[place].record
    assert record is not None, reading.results[place].errors
    return record


def records_of(name: str) -> list[Record]:
    reading = changed(name)
    return [record_of(reading, place) for place in range(len(reading.results))]


def errors_of(reading: Reading) -> list[tuple[str, str]]:
    return [(e.code, e.place) for result in reading.results for e in result.errors]


def warnings_of(reading: Reading) -> set[tuple[str, str]]:
    return {(w.code, w.path) for result in reading.results for w in result.warnings}


def written(layout: str, *records: Record, country: str = "KZ") -> Written:
    record_type = COUNTRIES.named(layout).record_type
    return write([(record_type, record, country) for record in records], layout, COUNTRIES)


# permits


def test_extension_without_a_number_is_taken_as_the_first() -> None:
    reading = changed(HOUSEHOLD, ("<extensionNo>1</extensionNo>", ""))
    assert record_of(reading)["extensionNo"] == 1
    assert ("EXTENSION-NUMBER-ASSUMED", "/extensionNo") in warnings_of(reading)


def test_number_of_an_extension_that_is_given_is_not_assumed() -> None:
    reading = changed(HOUSEHOLD, ("<extensionNo>1<", "<extensionNo>2<"))
    assert record_of(reading)["extensionNo"] == 2
    assert "EXTENSION-NUMBER-ASSUMED" not in {code for code, _ in warnings_of(reading)}


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        (' currency="KZT"><amount>', "><amount>", "/Permit/incomeTaxPrepaid/amount"),
        ("<amount>24720.00</amount>", "<amount/>", "/Permit/incomeTaxPrepaid/@currency"),
    ],
)
def test_tax_without_amount_or_currency_is_no_money(old: str, new: str, left: str) -> None:
    reading = changed(HOUSEHOLD, (old, new))
    assert "prepaidTax" not in record_of(reading)
    assert left in reading.results[0].residue_values


def test_flattened_letters_and_absent_patronymic_stay_as_they_are() -> None:
    (record,) = records_of(FLATTENED)
    assert record["person"]["name"][0]["full"] == "САТТОРОВ ИЛХОМ"
    assert record["employer"]["person"]["name"][0]["patronymic"] == "ОМИРЗАККЫЗЫ"


def test_country_without_a_code_is_told_by_its_label() -> None:
    reading = changed(FLATTENED)
    assert record_of(reading)["person"]["citizenship"] == ["UZB"]
    assert ("CODE-LIST-ASSUMED", "/person/citizenship/0") in warnings_of(reading)


def test_triple_of_empty_parts_is_absent() -> None:
    (record,) = records_of(FLATTENED)
    assert "occupation" not in record


def test_offset_of_an_archive_is_dropped_and_not_converted() -> None:
    (record,) = records_of(FLATTENED)
    assert (record["from"], record["person"]["birthDate"]["value"]) == ("2023-11-20", "1994-05-18")


def test_sole_trader_gives_a_personal_number_where_a_bin_is_asked_for() -> None:
    (record,) = records_of(TRADER)
    assert record["employer"]["identifier"][0]["scheme"] == "KZ-IIN"


def test_category_outside_the_list_is_kept_natively() -> None:
    reading = changed(SEASONAL, ("<code>3<", "<code>9<"))
    category = record_of(reading)["category"]
    assert ("code" in category, category["nativeCode"]) == (False, "9")
    assert ("CODE-UNMAPPED", "/category") in warnings_of(reading)


def test_ground_of_a_refusal_is_carried() -> None:
    reading = changed(
        HOUSEHOLD,
        ("<state>EXTENDED<", "<refusalGround>Нет квоты</refusalGround><state>REFUSED<"),
    )
    record = record_of(reading)
    assert (record["state"], record["refusalGround"]) == ("refused", "Нет квоты")
    again = record_of(reading_of(written("kz.household-permit", record).data))
    assert again == record


@pytest.mark.parametrize(
    ("sample", "layout", "place"),
    [
        (HOUSEHOLD, "kz.async-permit", "/record/employer/person"),
        (SEASONAL, "kz.household-permit", "/record/type"),
    ],
)
def test_permit_of_another_kind_has_no_form(sample: str, layout: str, place: str) -> None:
    (record,) = records_of(sample)
    with pytest.raises(Refusal) as caught:
        written(layout, record)
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", place)


def abroad(sample: str) -> Record:
    """A permit as another country may know it: a Latin name and numbers of its own."""
    (record,) = records_of(sample)
    person = record["person"] | {
        "identifier": [
            {"scheme": "UZ-PINFL", "value": "31403912040014", "issuer": "UZB", "state": "checked"}
        ],
        "name": [
            {
                "form": "native",
                "script": "Latn",
                "lang": "uzb",
                "family": "Qo\u02bbchqorov",
                "given": "G\u02bbayratjon",
                "full": "Qo\u02bbchqorov G\u02bbayratjon",
                "raw": "Qo'chqorov G'ayratjon",
            }
        ],
    }
    return record | {"person": person}


@pytest.mark.parametrize(
    ("sample", "layout", "pin"),
    [
        (HOUSEHOLD, "kz.household-permit", b"<foreignPin>31403912040014</foreignPin>"),
        (SEASONAL, "kz.async-permit", b"<foreignPinScheme>UZ-PINFL</foreignPinScheme>"),
    ],
)
def test_foreign_number_and_script_go_where_they_belong(
    sample: str, layout: str, pin: bytes
) -> None:
    record = abroad(sample)
    made = written(layout, record, country="UZ")
    assert pin in made.data
    assert b"31403912040014</IIN>" not in made.data
    assert "SCRIPT-SUBSTITUTED" in {w.code for w in made.warnings}
    assert b"'" not in made.data.split(b"?>", 1)[1]
    again = record_of(reading_of(made.data))["person"]
    assert again["identifier"] == record["person"]["identifier"]


def test_foreign_employer_is_written_by_its_own_number() -> None:
    (record,) = records_of(SEASONAL)
    identifier = {
        "scheme": "RU-INN",
        "value": "7707012349",
        "issuer": "RUS",
        "state": "checked",
    }
    employer = {"identifier": [identifier], "name": [{"text": "ООО «Пример»"}]}
    made = written("kz.async-permit", record | {"employer": employer})
    assert b"<employerForeignRegNumber>7707012349<" in made.data
    assert b"employerBin" not in made.data


def test_what_a_permit_has_no_place_for_is_listed() -> None:
    (record,) = records_of(SEASONAL)
    more = {"issued": "2026-07-01", "dependant": [{"relation": "spouse"}]}
    residue = written("kz.async-permit", record | more).residue
    assert {"/record/issued", "/record/dependant"} <= set(residue)


# contributions

months = st.integers(2024 * 12, 2025 * 12)
payments = st.builds(
    Payment,
    rows=st.tuples(st.integers(0, 99)),
    payer=st.sampled_from([("1",), ("2",)]),
    scheme=st.sampled_from(["OPV", "DPV"]),
    first=months,
    last=st.just(0),
    amount=st.integers(-3, 3).map(Decimal),
).map(lambda payment: Payment(**{**fields(payment), "last": payment.first}))


def fields(payment: Payment) -> dict[str, Any]:
    return {name: getattr(payment, name) for name in payment.__slots__}


@given(st.lists(payments, max_size=30))
def test_runs_cover_just_the_months_that_sum_to_more_than_nothing(rows: list[Payment]) -> None:
    sums: dict[tuple[Any, ...], Decimal] = {}
    for row in rows:
        key = (row.payer, row.scheme, row.first)
        sums[key] = sums.get(key, Decimal(0)) + row.amount
    covered = {key for key, amount in sums.items() if amount > 0}
    made = runs(rows)
    assert covered == {
        (run.payer, run.scheme, month) for run in made for month in range(run.first, run.last + 1)
    }
    assert sum(run.amount for run in made) == sum(sums[key] for key in covered)
    ends = [(run.payer, run.scheme, run.last) for run in made]
    assert not {(payer, scheme, last + 1) for payer, scheme, last in ends} & covered


def test_months_have_their_calendar_days() -> None:
    assert (first_day(2024 * 12 + 1), last_day(2024 * 12 + 1)) == ("2024-02-01", "2024-02-29")
    assert last_day(2024 * 12 + 11) == "2024-12-31"


def test_records_name_the_rows_they_came_from() -> None:
    assert [result.rows for result in changed(PENSION).results] == [(1, 2, 3), (4, 5)]


def test_rows_of_a_second_answer_are_counted_on() -> None:
    reading = changed(TWO_PERSONS)
    assert [r.rows for r in reading.results] == [(1,), (2, 3), (4,), (7,), (8,)]


def test_rows_that_differ_in_the_day_of_payment_are_no_copies() -> None:
    reading = changed(PENSION, ("2025-03-20", "2025-03-21"))
    assert record_of(reading)["contribution"]["amount"] == "84000.00"


def test_month_that_was_given_back_whole_is_a_gap_and_its_rows_are_residue() -> None:
    reading = changed(PENSION, ("-3000.00", "-31000.00"))
    (result,) = reading.results
    assert record_of(reading)["to"] == "2025-02-28"
    assert result.residue_values["/Contributions/payment/4/amount"] == "-31000.00"


def test_answer_in_which_no_month_is_covered_is_empty() -> None:
    text = (SAMPLES / PENSION).read_text(encoding="utf-8")
    reading = reading_of(text.replace("28000.00", "0.00").replace("31000.00", "0"))
    assert (reading.status, [w.code for w in reading.warnings]) == ("ok", ["EMPTY-ANSWER"])


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("<payerBin>210640004562<", "<payerBin>21064000456<", ("identifier.length", "payerBin")),
        ("<period>2025-01<", "<period>2025-13<", ("date.unreadable", "period")),
        ("<period>2025-01</period>", "<period/>", ("field.missing", "period")),
        ("<amount>28000.00<", "<amount>28 тыс<", ("number.unreadable", "amount")),
        ("<kind>OPV<", "<kind>ШТРАФ<", ("code.unknown", "kind")),
        (
            "<period>2025-01</period>",
            "<period>2025-01</period><periodTo>2024-12</periodTo>",
            ("date.unreadable", "periodTo"),
        ),
    ],
)
def test_one_row_that_cannot_be_read_refuses_the_answer(
    old: str, new: str, error: tuple[str, str]
) -> None:
    reading = changed(PENSION, (old, new))
    code, member = error
    assert errors_of(reading) == [(code, f"row 1: /payment/0/{member}")]


def test_part_that_is_no_row_is_told_by_its_place() -> None:
    reading = changed(
        PENSION, ("<payment><period>2025-04", "<payment>1</payment><payment><period>2025-04")
    )
    assert errors_of(reading) == [("field.unreadable", "row 1: /payment/3")]


def test_totals_that_a_lone_record_cannot_say_are_listed() -> None:
    first, second = records_of(PENSION)
    assert "/record/totals" in written("kz.pension-contributions", first).residue
    assert "/record/totals" not in written("kz.pension-contributions", first, second).residue


def test_each_person_is_a_message_of_the_written_file() -> None:
    records = records_of(TWO_PERSONS)
    made = written("kz.pension-contributions", *records)
    assert made.data.count(b"SendMessageResponse>") == 2
    again = reading_of(made.data)
    assert [record_of(again, place) for place in range(len(records))] == records


def foreign_period(**members: Any) -> Record:
    first, _ = records_of(PENSION)
    payer = {"name": [{"text": "ОсОО «Ак-Булак»"}]}
    known = {name: first[name] for name in ("person", "type", "state")}
    return known | {"from": "2019-09-16", "to": "2020-03-31", "payer": payer} | members


def test_period_of_another_state_is_written_as_such_and_read_again() -> None:
    record = foreign_period()
    made = written("kz.pension-contributions", record, country="KG")
    assert b"<dateFrom>2019-09-16</dateFrom>" in made.data
    assert b"<payment>" not in made.data
    assert record_of(reading_of(made.data)) == record


def test_pay_is_not_written_as_a_contribution() -> None:
    base = {"amount": "98000.00", "currency": "KGS"}
    made = written("kz.pension-contributions", foreign_period(base=base), country="KG")
    assert b"98000" not in made.data
    assert "/record/base" in made.residue


def test_contribution_in_another_currency_keeps_it() -> None:
    money = {"amount": "1200.00", "currency": "KGS"}
    record = foreign_period(contribution=money)
    made = written("kz.pension-contributions", record, country="KG")
    assert record_of(reading_of(made.data))["contribution"] == money


def test_answer_of_more_periods_than_a_life_has_is_refused() -> None:
    text = (SAMPLES / PENSION).read_text(encoding="utf-8")
    row = text[text.index("<payment>") : text.index("</payment>") + len("</payment>")]
    many = [
        row.replace("2025-01", f"{year}-{month:02}")
        for year in range(1000, 1400)
        for month in (1, 3, 5, 7, 9, 11)
    ]
    reading = reading_of(text.replace(row, "".join(many), 1))
    assert errors_of(reading) == [("submission.too-large", "")]

"""A preflight judges each record as both gateways would, and counts."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Countries, Reading, Result, Source, read
from gateway.translation.preflight import Preflight
from gateway.translation.tally import LOST, REFUSED

AT = datetime(2026, 11, 24, tzinfo=UTC)
CONTRACTS = "tj/samples/02-contracts-2026-q3.expected-utf8.csv"
DEPARTURES = "kg/samples/04-departure-registration-rest.json"
KAZAKH = "kz/samples/01-esutd-contract-shep-sync.xml"
CASE: dict[str, Any] = {
    "country": "KAZ",
    "issue": ["unpaidWages"],
    "caseNumber": "1",
    "state": "opened",
}


def flown(
    to: str, files: dict[str, Reading], countries: Countries, catalogue: Catalogue
) -> Preflight:
    flight = Preflight(to, countries, catalogue)
    for name, reading in files.items():
        list(flight.take(name, reading))
    return flight


def reading_of(file: Path, countries: Countries, catalogue: Catalogue) -> Reading:
    return read(file.read_bytes(), None, countries, catalogue, at=AT)


def codes(flight: Preflight) -> dict[str, int]:
    return {
        key.code: finding.count
        for key, finding in flight.tally.findings.items()
        if key.kind == REFUSED
    }


def case(**members: Any) -> Reading:
    result = Result("ok", (1,), "ProtectionCase", CASE | members, Source("tj.contracts", "1"))
    return Reading("tj.contracts", "1", None, (result,))


def test_a_row_that_concerns_another_state_is_refused(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    reading = reading_of(adapters / CONTRACTS, countries, catalogue)
    flight = flown("KZ", {"a.csv": reading}, countries, catalogue)
    assert codes(flight) == {"to.mismatch": 1}
    assert (flight.totals()["records"], flight.totals()["refused"]) == (2, 1)


def test_what_the_recipients_layout_cannot_carry_is_lost_on_writing(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    reading = reading_of(adapters / CONTRACTS, countries, catalogue)
    flight = flown("KZ", {"a.csv": reading}, countries, catalogue)
    lost = {k.path for k in flight.tally.findings if k.kind == LOST and k.step == "write"}
    assert "/record/licenceRef" in lost


def test_nothing_is_written_of_a_record_that_stays(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    reading = reading_of(adapters / KAZAKH, countries, catalogue)
    flight = flown("TJ", {"a.xml": reading}, countries, catalogue)
    assert codes(flight) == {"to.mismatch": 1}
    assert not [key for key in flight.tally.findings if key.step == "write"]


def test_files_of_the_recipients_own_layouts_are_refused(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    reading = reading_of(adapters / KAZAKH, countries, catalogue)
    flight = flown("KZ", {"a.xml": reading}, countries, catalogue)
    assert (codes(flight), flight.files["refused"]) == ({"to.mismatch": 1}, 1)


def test_a_case_without_consent_stays(countries: Countries, catalogue: Catalogue) -> None:
    flight = flown("KZ", {"a": case(consentToShare=False)}, countries, catalogue)
    assert codes(flight) == {"consent.missing": 1, "restricted.use-sdk": 1}
    assert flight.totals()["refused"] == 1


def test_a_case_with_consent_must_be_sealed_by_the_sdk(
    countries: Countries, catalogue: Catalogue
) -> None:
    flight = flown("KZ", {"a": case(consentToShare=True)}, countries, catalogue)
    assert codes(flight) == {"restricted.use-sdk": 1}


def test_nothing_of_a_quarantined_file_counts(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    reading = reading_of(adapters / CONTRACTS, countries, catalogue)
    wrong = Refusal(
        "submission.control-total", step="translate", rule="the total line expects 9 rows"
    )
    flight = flown("KZ", {"a.csv": replace(reading, error=wrong)}, countries, catalogue)
    assert (flight.files["quarantined"], flight.totals()["records"]) == (1, 0)
    assert flight.exit_code == 1


def test_what_no_layout_of_the_recipient_can_carry_leaves_in_the_common_form(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    reading = reading_of(adapters / DEPARTURES, countries, catalogue)
    (departure,) = [r.record for r in reading.results if r.record and r.rows == (1,)]
    # The Uzbek register holds departures only.
    back = departure | {"kind": "return", "fromCountry": "UZB", "toCountry": "KGZ"}
    result = replace(reading.results[0], record=back)
    flight = flown("UZ", {"a": replace(reading, results=(result,))}, countries, catalogue)
    assert "LAYOUT-CANNOT-CARRY" in {key.code for key in flight.tally.findings}
    assert flight.totals()["common_form"] == 1


def test_a_type_without_an_own_layout_is_written_in_the_default_one(
    countries: Countries, catalogue: Catalogue
) -> None:
    flight = flown("KZ", {"a": case(consentToShare=True)}, countries, catalogue)
    (count,) = flight.tally.layouts.values()
    assert [target.partition(".")[0] for target in count.targets] == ["default"]


def test_a_file_without_records_is_empty(countries: Countries, catalogue: Catalogue) -> None:
    reading = read(b"", "kg.departures", countries, catalogue)
    flight = flown("KZ", {"a": reading}, countries, catalogue)
    assert (flight.files["empty"], flight.exit_code) == (1, 0)

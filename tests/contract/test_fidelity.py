"""The fidelity tables in the docs say what the layouts do today, and every layout is read back."""

import pytest

from gateway.cli.fidelity import PAGES, PRESENT, ROOT
from gateway.translation import load_countries
from gateway.translation.fidelity import Origin, measure
from gateway.translation.fidelity_pages import pages, stale
from tests.support.schemas import catalogue

ADAPTERS = ROOT / "adapters"
COUNTRIES = load_countries(ADAPTERS)


@pytest.fixture(scope="module")
def measured() -> list[Origin]:
    found = measure(COUNTRIES, catalogue(), ADAPTERS, at=PRESENT)
    return [origin for origins in found.values() for origin in origins]


def test_no_table_is_stale() -> None:
    made = pages(COUNTRIES, catalogue(), ADAPTERS, at=PRESENT)
    assert stale(PAGES, made) == [], "run `lmx fidelity renew`"


def test_every_layout_gives_records_that_can_be_measured(measured: list[Origin]) -> None:
    assert [origin.layout for origin in measured if not origin.records] == []


def test_what_is_written_for_another_country_is_read_back_there(measured: list[Origin]) -> None:
    unread = [
        f"{origin.layout} to {crossing.target}: {reason}"
        for origin in measured
        for crossing in origin.crossings
        for reason in crossing.reasons
        if not reason.startswith("layout.cannot-carry:")
    ]
    assert unread == []

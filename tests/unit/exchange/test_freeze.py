"""The one file that an authority gets: its own layout, or the default table of its country."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.exchange.freeze import Frozen, freeze
from gateway.exchange.office import Office
from gateway.proof.header import read_header
from gateway.proof.transfer import Transfer
from gateway.proof.trust_folder import Trust
from gateway.translation import read
from tests.support.evidence import RECORD, exchange, trust_in
from tests.support.office import office_of
from tests.support.stores import Stores

AGENCY = "uz.migration-agency"


def with_entry(trust: Trust, entry: dict[str, Any]) -> Trust:
    """The trust in which the agency's entry says something else."""
    directory = trust.directory("UZ")
    changed = replace(directory, authorities={**directory.authorities, AGENCY: entry})
    return replace(trust, directories={**trust.directories, "UZ": changed})


@pytest.fixture
def office(tmp_path: Path, each_store: Stores) -> Office:
    return office_of("UZ", tmp_path, trust_in(tmp_path / "trust"), each_store)


def frozen(office: Office, layouts: dict[str, str]) -> Frozen:
    entry = {"class": "state", "forms": "native", "layouts": layouts}
    header = read_header(exchange().header())
    transfer = Transfer(RECORD, {}, (), {}, (), ())
    return freeze(replace(office, trust=with_entry(office.trust, entry)), header, transfer)


def test_authority_gets_the_layout_that_it_shows(office: Office) -> None:
    made = frozen(office, {"EmploymentContract": "uz.labour-contract"})
    assert (made.layout, made.extension) == ("uz.labour-contract", "json")


def test_authority_without_a_layout_gets_the_default_table_in_its_language(
    office: Office,
) -> None:
    made = frozen(office, {})
    assert (made.layout, made.extension) == ("default.employment-contract.uz", "csv")
    assert "Shartnoma raqami" in made.data.decode()
    (result,) = read(made.data, None, office.countries, office.catalogue).results
    assert result.record == RECORD

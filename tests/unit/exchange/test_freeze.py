"""The one file that an authority gets: its own layout, or the default table of its country."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.delivery.push import Pusher
from gateway.exchange.freeze import Frozen, freeze
from gateway.exchange.limits import Limits, Rate
from gateway.exchange.office import Office
from gateway.proof.header import read_header
from gateway.proof.key_folder import KeyFolder
from gateway.proof.transfer import Transfer
from gateway.proof.trust_folder import Trust
from gateway.store.connection import open_store
from gateway.store.day_keys import open_day_keys
from gateway.translation import load_countries, read
from tests.support.evidence import AT, RECORD, exchange, trust_in
from tests.support.schemas import SCHEMAS, catalogue

AGENCY = "uz.migration-agency"


def with_entry(trust: Trust, entry: dict[str, Any]) -> Trust:
    """The trust in which the agency's entry says something else."""
    directory = trust.directory("UZ")
    changed = replace(directory, authorities={**directory.authorities, AGENCY: entry})
    return replace(trust, directories={**trust.directories, "UZ": changed})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    master = tmp_path / "master.key"
    master.write_bytes(bytes(32))
    master.chmod(0o600)
    return Office(
        state="UZ",
        name="gw.uz.example",
        store=open_store(tmp_path / "lmx.db"),
        day_keys=open_day_keys(tmp_path / "keys.db", master, os.urandom),
        trust=trust_in(tmp_path / "trust"),
        catalogue=catalogue(),
        countries=load_countries(SCHEMAS.parent / "adapters"),
        keys=KeyFolder(tmp_path),
        clock=lambda: AT,
        entropy=os.urandom,
        reach=lambda _name: None,
        limits=Limits(tmp_path / "limits", Rate(60, 1024)),
        pusher=Pusher(lambda: AT),
    )


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

"""The home log tells which directory a gateway knew when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.exchange.known_at import directories_at
from gateway.exchange.office import Office
from gateway.exchange.record import Event, log_events
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import load_trust
from tests.support.evidence import AGREEMENT, CORRIDOR, directory_files, repository, write_trust
from tests.support.office import at, office_of
from tests.support.stores import Stores
from tests.support.tuf_states import StateRepository

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = f"agreements/{CORRIDOR}/v1.json"


@pytest.fixture
def office(tmp_path: Path, each_store: Stores) -> Office:
    """KZ lists the agreement with its second version, which became known an hour later."""
    files = {name: one for name, one in directory_files("KZ").items() if name != TEXT}
    state = StateRepository(files, AT)
    write_trust(tmp_path / "trust", {"KZ": state, "UZ": repository("UZ")})
    first = load_trust(tmp_path / "trust").directory("KZ")
    state.files = {**files, TEXT: AGREEMENT}
    state.publish()
    state.write(tmp_path / "trust/directory/kz")
    made = office_of("UZ", tmp_path, load_trust(tmp_path / "trust"), each_store)
    for since, one in ((AT, first), (AT + HOUR, made.trust.directory("KZ"))):
        office = at(made, since)
        members = {"dirv": {"KZ": [one.version, one.sha256]}}
        with office.store.write(office.home) as turn:
            log_events(turn, office, [Event("X.10", office.home, members)])
    return made


def known(office: Office, instant: datetime) -> Mapping[str, Directory | None]:
    return directories_at(office.store, office.home, office.trust, instant)


@pytest.mark.parametrize(("later", "listed"), [(0 * HOUR, None), (HOUR, AGREEMENT)])
def test_a_directory_is_that_of_its_time(
    office: Office, later: timedelta, listed: bytes | None
) -> None:
    found = known(office, AT + later)["KZ"]
    assert found is not None
    assert found.agreement(CORRIDOR, 1) == listed


def test_before_the_first_look_none_is_known(office: Office) -> None:
    assert known(office, AT - HOUR)["KZ"] is None


def test_a_directory_that_was_never_asked_for_is_the_newest(office: Office) -> None:
    assert known(office, AT)["UZ"] == office.trust.directory("UZ")


def test_a_directory_that_had_ended_by_then_counts_as_none(office: Office) -> None:
    assert known(office, AT + timedelta(days=3650))["KZ"] is None


def test_nothing_is_known_of_a_state_that_the_trust_folder_lacks(office: Office) -> None:
    alone = {"UZ": office.trust.directory("UZ")}
    trust = replace(office.trust, directories=alone)
    assert list(directories_at(office.store, office.home, trust, AT)) == ["UZ"]

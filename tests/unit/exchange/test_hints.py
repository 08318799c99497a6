"""A partner's message shows which directories it knows: newer is fetched, lower is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.exchange.hints import note_seen, require_known
from gateway.exchange.office import Office
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import Header, read_header
from gateway.store.directory_rows import count_fallen, newest_seen
from tests.support.evidence import exchange, named_directories, trust_in
from tests.support.office import office_of
from tests.support.pki import AT
from tests.support.stores import Stores


@pytest.fixture
def office(tmp_path: Path, each_store: Stores) -> Office:
    return office_of("UZ", tmp_path, trust_in(tmp_path / "trust"), each_store)


def header(version: int = 1, sha256: str = "", *, minutes: int = 0) -> Header:
    named = [
        {**one, "snapshotVersion": version, "sha256": sha256 or one["sha256"]}
        for one in named_directories()
    ]
    at = write_instant(AT + timedelta(minutes=minutes))
    return read_header(exchange(header_change={"directory": named, "createdAt": at}).header())


def noted(office: Office, *headers: Header) -> list[tuple[str, int]]:
    with office.store.write() as turn:
        for one in headers:
            note_seen(turn, [one])
    with office.store.read() as turn:
        return count_fallen(turn)


def test_the_versions_that_both_know_are_accepted(office: Office) -> None:
    require_known(office, header())


def test_a_newer_version_is_to_be_sent_again_and_hinted(office: Office) -> None:
    with pytest.raises(Refusal, match=r"directory\.behind") as refused:
        require_known(office, header(3))
    assert refused.value.kind.retry
    with office.store.read() as turn:
        assert newest_seen(turn) == {"KZ": 3, "UZ": 3}


def test_other_bytes_under_our_version_are_refused(office: Office) -> None:
    with pytest.raises(Refusal, match=r"directory\.version-reused"):
        require_known(office, header(1, "other"))


def test_a_lower_version_than_it_had_named_is_counted(office: Office) -> None:
    assert noted(office, header(3), header(2, minutes=30)) == [("KZ", 2)]


def test_a_message_made_before_is_no_fall(office: Office) -> None:
    assert noted(office, header(3, minutes=60), header(2, minutes=30)) == [("KZ", 0)]


def test_processes_that_read_a_moment_later_are_no_fall(office: Office) -> None:
    assert noted(office, header(3), header(2, minutes=5)) == [("KZ", 0)]

"""The worker asks each directory in its time, at once on a hint, and logs each change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.config.config import DirectorySettings
from gateway.directory.live import LiveTrust
from gateway.exchange.office import Office
from gateway.proof.entry import read_entry
from gateway.store import log_rows
from gateway.store.directory_rows import Seen, put_seen
from gateway.worker.following import HINT_SECONDS, QUIET_SECONDS, Following
from tests.support.directory_server import Served, serving
from tests.support.evidence import directory_files, repository, write_trust
from tests.support.office import office_of
from tests.support.stores import Stores
from tests.support.tuf_states import StateRepository

NOBODY = "http://127.0.0.1:9"


@dataclass
class Ticking:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def state() -> StateRepository:
    return StateRepository(directory_files("KZ"), datetime.now(UTC))


@pytest.fixture
def server(state: StateRepository) -> Iterator[Served]:
    with serving(state.published) as served:
        yield served


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def office(tmp_path: Path, state: StateRepository, each_store: Stores) -> Office:
    trust = write_trust(tmp_path / "trust", {"UZ": repository("UZ")})
    made = office_of("UZ", tmp_path, LiveTrust(trust).now().trust, each_store)
    (trust / "roots" / "kz.root.json").write_bytes(state.pinned)
    return replace(made, clock=lambda: datetime.now(UTC))


@pytest.fixture
def following(tmp_path: Path, office: Office, server: Served, ticking: Ticking) -> Following:
    settings = DirectorySettings(None, tmp_path, 300, {"KZ": server.url})
    return Following(tmp_path / "trust", settings, lambda: office, ticking)


def versions(following: Following) -> list[int]:
    return [one.version for one in following.round()]


def test_a_directory_is_asked_in_its_time(following: Following, ticking: Ticking) -> None:
    assert versions(following) == [1]
    ticking.now = 299
    assert versions(following) == []
    ticking.now = 300
    assert versions(following) == [1]


def test_a_hint_has_it_asked_at_once(
    following: Following, ticking: Ticking, office: Office, state: StateRepository
) -> None:
    versions(following)
    state.publish()
    with office.store.write() as turn:
        put_seen(turn, "KZ", "KZ", Seen(2, "2026-11-24T06:00:00.000Z", 0))
    ticking.now = HINT_SECONDS
    assert versions(following) == [2]
    ticking.now = 2 * HINT_SECONDS
    assert versions(following) == []


def test_a_partner_that_was_played_an_old_directory_is_an_alarm_once(
    following: Following, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.store.write() as turn:
        put_seen(turn, "KZ", "UZ", Seen(3, "2026-11-24T06:00:00.000Z", 1))
    following.round()
    following.round()
    assert capsys.readouterr().out.count("directory.rollback") == 1


def test_each_change_stands_in_the_home_log_with_its_digest(
    following: Following, ticking: Ticking, office: Office, state: StateRepository
) -> None:
    versions(following)
    ticking.now = 300
    versions(following)
    state.publish()
    ticking.now = 600
    (found,) = following.round()
    with office.store.read() as turn:
        octets = log_rows.entries(turn, office.home, 0, 9)
    entries = [read_entry(one) for one in octets]
    assert [one.code for one in entries] == ["X.10", "X.10"]
    assert entries[1].members["dirv"] == {"KZ": [2, found.sha256]}


def test_a_partner_that_is_not_up_yet_is_asked_again_soon_and_told_of_only_later(
    following: Following, ticking: Ticking, capsys: pytest.CaptureFixture[str]
) -> None:
    versions(following)
    settings = replace(following.settings, follow={"KZ": NOBODY})
    restarted = replace(following, settings=settings, asked={}, begun=[])
    capsys.readouterr()
    asked, told = [], []
    for ticking.now in (0.0, HINT_SECONDS, QUIET_SECONDS - 1, QUIET_SECONDS + 300):
        asked.append(len(restarted.round()))
        told.append("directory not reached" in capsys.readouterr().out)
    assert (asked, told) == ([1, 1, 1, 1], [False, False, False, True])

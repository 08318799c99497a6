"""What following came to outlives a restart, good or bad."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.directory.fetch import BoundedFetcher
from gateway.directory.follow import Source
from gateway.directory.followed import Followed, follow_once, line, read_followed, sources
from gateway.directory.freshness import Standing
from gateway.directory.live import LiveTrust
from tests.support.directory_server import Served, serving
from tests.support.evidence import directory_files, repository, write_trust
from tests.support.tuf_states import StateRepository

NOW = datetime.now(UTC)


@pytest.fixture
def state() -> StateRepository:
    return StateRepository(directory_files("KZ"), NOW)


@pytest.fixture
def server(state: StateRepository) -> Iterator[Served]:
    with serving(state.published) as served:
        yield served


@pytest.fixture
def source(tmp_path: Path, state: StateRepository, server: Served) -> Source:
    write_trust(tmp_path, {"UZ": repository("UZ")})
    (tmp_path / "roots" / "kz.root.json").write_bytes(state.pinned)
    return Source("KZ", server.url, tmp_path)


def once(source: Source, at: datetime = NOW) -> Followed:
    follow_once(source, BoundedFetcher(time.monotonic, file_seconds=0.5), at=at)
    return read_followed(source.trust)["KZ"]


def test_a_good_round_is_kept(source: Source) -> None:
    found = once(source)
    assert (found.version, found.failure, found.standing(NOW)) == (1, "", Standing.CURRENT)


def test_a_bad_round_keeps_the_last_good_state_and_its_end(source: Source, server: Served) -> None:
    good = once(source)
    server.status["metadata/timestamp.json"] = 503
    later = NOW + timedelta(hours=1)
    bad = once(source, later)
    assert (bad.version, bad.ends, bad.verified) == (1, good.ends, good.verified)
    assert bad.failure == "directory.unreachable"
    assert once(source, later + timedelta(hours=1)).since == bad.since


def test_the_grace_runs_from_the_kept_end(source: Source, server: Served) -> None:
    once(source)
    server.status["metadata/timestamp.json"] = 503
    found = once(source)
    assert found.standing(NOW + timedelta(hours=95)) is Standing.GRACE
    assert found.standing(NOW + timedelta(hours=97)) is Standing.STALE


def test_a_frozen_directory_has_no_grace(source: Source, state: StateRepository) -> None:
    once(source)
    state.lives["timestamp"] = timedelta(days=-1)
    state.publish()
    found = once(source)
    assert found.failure == "directory.expired"
    assert found.alarm(NOW)
    assert found.standing(NOW + timedelta(hours=25)) is Standing.FROZEN


def test_a_state_that_was_never_verified_is_not_used(source: Source, server: Served) -> None:
    server.status["metadata/timestamp.json"] = 503
    assert once(source).standing(NOW) is Standing.STALE


def test_settings_win_over_what_was_added_at_run_time(source: Source) -> None:
    once(source)
    assert [one.url for one in sources(source.trust, {})] == [source.url]
    assert [one.url for one in sources(source.trust, {"KZ": "http://x"})] == ["http://x"]


def test_a_line_says_what_is_wrong(source: Source, server: Served) -> None:
    server.status["metadata/timestamp.json"] = 503
    assert "directory.unreachable since" in line(once(source), NOW)


def test_a_reader_sees_new_trust_and_new_failures_at_once(
    source: Source, state: StateRepository, server: Served
) -> None:
    once(source)
    live = LiveTrust(source.trust)
    first = live.now()
    assert live.now() is first
    state.publish()
    once(source)
    assert (first.trust.directory("KZ").version, live.now().trust.directory("KZ").version) == (1, 2)
    server.status["metadata/timestamp.json"] = 503
    once(source)
    assert live.now().failing == {"KZ": "directory.unreachable"}


def test_a_reader_stays_with_what_it_verified_when_the_folder_is_spoilt(
    source: Source, state: StateRepository
) -> None:
    once(source)
    live = LiveTrust(source.trust)
    first = live.now()
    state.publish()
    once(source)
    (source.folder / "metadata" / "timestamp.json").write_bytes(b"{")
    assert live.now() is first

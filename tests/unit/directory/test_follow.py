"""A gateway follows a state's directory: it keeps every version, and nothing that is wrong."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.directory.fetch import BoundedFetcher
from gateway.directory.follow import Source, follow
from gateway.directory.trust_files import stamp_of
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.trust_folder import Trust, load_trust
from gateway.proof.tuf_metadata import VerifiedState
from tests.support.directory_server import Served, serving
from tests.support.evidence import CORRIDOR, directory_files, repository, write_trust
from tests.support.tuf_states import StateRepository

AGREEMENT = f"agreements/{CORRIDOR}/v1.json"


@pytest.fixture
def state() -> StateRepository:
    # The client asks the machine's clock, so the directory is of now.
    return StateRepository(directory_files("KZ"), datetime.now(UTC))


@pytest.fixture
def server(state: StateRepository) -> Iterator[Served]:
    with serving(state.published) as served:
        yield served


@pytest.fixture
def source(tmp_path: Path, state: StateRepository, server: Served) -> Source:
    write_trust(tmp_path, {"UZ": repository("UZ")})
    (tmp_path / "roots" / "kz.root.json").write_bytes(state.pinned)
    return Source("KZ", server.url, tmp_path)


def followed(source: Source) -> VerifiedState:
    return follow(source, BoundedFetcher(time.monotonic))


def trust(source: Source) -> Trust:
    return load_trust(source.trust)


def test_a_directory_is_fetched_whole(source: Source) -> None:
    followed(source)
    assert trust(source).directory("KZ").files == directory_files("KZ")


def test_a_new_version_is_taken_and_the_old_one_kept(
    source: Source, state: StateRepository
) -> None:
    old = followed(source)
    del state.files[AGREEMENT]
    state.publish()
    assert followed(source).version == 2
    found = trust(source)
    assert found.directory("KZ").agreement(CORRIDOR, 1) is None
    named = found.as_of("KZ", 1, old.sha256, at=datetime.now(UTC))
    assert named.agreement(CORRIDOR, 1) is not None


def test_versions_between_two_rounds_are_fetched_too(
    source: Source, state: StateRepository
) -> None:
    followed(source)
    for number in range(2, 5):
        state.files[f"agreements/{CORRIDOR}/v{number}.json"] = b"{}"
        state.publish()
    followed(source)
    past = trust(source).past["KZ"]
    assert [one.version for one in past.versions()] == [4, 3, 2, 1]


def test_a_later_follower_fetches_what_was_before_it(
    source: Source, state: StateRepository
) -> None:
    state.publish()
    state.publish()
    followed(source)
    assert [one.version for one in trust(source).past["KZ"].versions()] == [3, 2, 1]


def test_what_the_server_no_longer_has_stays_a_gap(source: Source, state: StateRepository) -> None:
    state.publish()
    state.publish()
    del state.published["metadata/2.snapshot.json"]
    followed(source)
    assert [one.version for one in trust(source).past["KZ"].versions()] == [3, 1]


def test_nothing_is_fetched_twice(source: Source, server: Served) -> None:
    followed(source)
    server.asked.clear()
    followed(source)
    assert server.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_readers_are_told_of_a_change_and_of_nothing_else(
    source: Source, state: StateRepository
) -> None:
    followed(source)
    first = stamp_of(source.trust)
    followed(source)
    assert stamp_of(source.trust) == first
    state.publish()
    followed(source)
    assert stamp_of(source.trust) != first


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp"])
def test_rotated_keys_are_followed(source: Source, state: StateRepository, role: str) -> None:
    followed(source)
    state.rotate(role)
    state.publish()
    assert followed(source).version == 2
    assert trust(source).directory("KZ").version == 2


def test_a_follower_without_its_cache_remembers_from_the_trust_folder(
    source: Source, state: StateRepository
) -> None:
    old = dict(state.published)
    state.publish()
    followed(source)
    for file in source.cache.glob("*.json"):
        file.unlink()
    state.published.clear()
    state.published.update(old)
    with pytest.raises(Refusal, match=r"directory\.rollback"):
        followed(source)


def test_a_round_cut_off_before_its_timestamp_is_done_again(
    source: Source, state: StateRepository
) -> None:
    followed(source)
    old = (source.folder / "metadata" / "timestamp.json").read_bytes()
    state.rotate("timestamp")
    state.publish()
    followed(source)
    (source.folder / "metadata" / "timestamp.json").write_bytes(old)
    assert followed(source).version == 2
    assert trust(source).directory("KZ").version == 2


def test_a_revocation_cannot_be_taken_back(source: Source, state: StateRepository) -> None:
    notice = {"id": "k", "at": "2026-11-24T07:00:00.000Z"}
    state.files["revoked/1.json"] = canonical_json(notice)
    state.publish()
    followed(source)
    del state.files["revoked/1.json"]
    state.publish()
    with pytest.raises(Refusal, match=r"directory\.rollback.*for ever"):
        followed(source)
    assert "k" in trust(source).directory("KZ").revoked


def test_after_a_refusal_the_last_good_state_stands_and_is_gone_on_from(
    source: Source, state: StateRepository
) -> None:
    followed(source)
    good = dict(state.published)
    state.lives["timestamp"] = timedelta(days=-1)
    state.publish()
    with pytest.raises(Refusal, match=r"directory\.expired"):
        followed(source)
    assert trust(source).directory("KZ").version == 1
    state.lives["timestamp"] = timedelta(days=1)
    state.publish()
    assert followed(source).version == 3
    assert good["metadata/1.snapshot.json"] == state.published["metadata/1.snapshot.json"]

"""A trust folder gives each state's directory: the newest, or the one that a header names."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import Trust, load_trust
from tests.support.evidence import CORRIDOR, directory_files, repository, write_trust
from tests.support.pki import AT, key
from tests.support.tuf_states import StateRepository


@pytest.fixture
def state() -> StateRepository:
    return StateRepository(directory_files("KZ"), AT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def trust(folder: Path, state: StateRepository) -> Trust:
    return load_trust(write_trust(folder, {"KZ": state, "UZ": repository("UZ")}))


def first(folder: Path, state: StateRepository) -> Directory:
    return trust(folder, state).directory("KZ")


def test_the_newest_directory_is_given(folder: Path, state: StateRepository) -> None:
    state.publish()
    assert trust(folder, state).directory("KZ").version == 2


def test_a_named_directory_is_given_as_it_stood(folder: Path, state: StateRepository) -> None:
    old = first(folder, state)
    del state.files[f"agreements/{CORRIDOR}/v1.json"]
    state.publish()
    found = trust(folder, state)
    assert found.directory("KZ").agreement(CORRIDOR, 1) is None
    assert found.as_of("KZ", 1, old.sha256, at=AT).agreement(CORRIDOR, 1) is not None


def test_a_revocation_counts_in_every_earlier_directory(
    folder: Path, state: StateRepository
) -> None:
    old = first(folder, state)
    name = key("KZ", "seal").thumbprint
    notice = {"id": name, "at": "2026-11-24T07:00:00.000Z", "reason": "keyCompromise"}
    state.files["revoked/1.json"] = canonical_json(notice)
    state.publish()
    found = trust(folder, state).as_of("KZ", 1, old.sha256, at=AT)
    assert found.key(name, role="seal", at=AT).role == "seal"
    with pytest.raises(Refusal, match=r"certificate\.revoked"):
        found.key(name, role="seal", at=AT + timedelta(hours=1))


def test_a_revocation_that_was_taken_back_counts_all_the_same(
    folder: Path, state: StateRepository
) -> None:
    name = key("KZ", "seal").thumbprint
    notice = {"id": name, "at": "2026-11-24T05:00:00.000Z"}
    state.files["revoked/1.json"] = canonical_json(notice)
    state.publish()
    old = first(folder, state)
    del state.files["revoked/1.json"]
    state.publish()
    found = trust(folder, state).as_of("KZ", 2, old.sha256, at=AT)
    assert name in found.revoked


def test_a_directory_that_had_ended_by_then_is_refused(
    folder: Path, state: StateRepository
) -> None:
    old = first(folder, state)
    with pytest.raises(Refusal, match=r"directory\.expired"):
        trust(folder, state).as_of("KZ", 1, old.sha256, at=AT + timedelta(days=60))


def test_a_version_that_was_never_followed_cannot_be_judged(
    folder: Path, state: StateRepository
) -> None:
    with pytest.raises(Refusal, match=r"trust\.missing"):
        trust(folder, state).as_of("KZ", 7, "x", at=AT)


def test_a_state_that_nobody_pinned_is_missing(folder: Path, state: StateRepository) -> None:
    with pytest.raises(Refusal, match=r"trust\.missing"):
        trust(folder, state).directory("TJ")


def test_another_states_root_opens_no_directory(folder: Path, state: StateRepository) -> None:
    write_trust(folder, {"KZ": state})
    (folder / "roots" / "kz.root.json").write_bytes(repository("UZ").pinned)
    with pytest.raises(Refusal, match=r"directory\.version-reused"):
        load_trust(folder)

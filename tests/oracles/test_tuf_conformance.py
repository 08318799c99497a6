"""TUF attacks, and the cases of the public tuf-conformance suite, against the client we run.

Source of the names: theupdateframework/tuf-conformance at eec841c, tuf_conformance/test_*.py. A
case here keeps the public name and says with which code `follow` refuses it, empty where the
change is taken. Cases that do not apply are listed with the reason. The web server is real, the
client is python-tuf's behind our bounds, and the repository is signed with real keys.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner

from gateway.directory.fetch import BoundedFetcher
from gateway.directory.follow import Source, follow
from gateway.model.refusal import Refusal
from tests.support.directory_server import Served, serving
from tests.support.tuf_states import StateRepository

FILES = {
    "authority/roots.pem": b"",
    "agreements/KZ-UZ/v1.json": b"{}",
    "member/gateway.json": b"{}",
    "revoked/1.json": b'{"at":"2026-11-24T06:00:00.000Z","id":"k"}',
}
STAMP = "metadata/timestamp.json"
Case = Callable[[StateRepository, Served], None]


@pytest.fixture
def state() -> StateRepository:
    files = {name: data for name, data in FILES.items() if name != "authority/roots.pem"}
    return StateRepository(files, datetime.now(UTC))


@pytest.fixture
def server(state: StateRepository) -> Iterator[Served]:
    with serving(state.published) as served:
        yield served


@pytest.fixture
def source(tmp_path: Path, state: StateRepository, server: Served) -> Source:
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "kz.root.json").write_bytes(state.pinned)
    return Source("KZ", server.url, tmp_path)


def followed(source: Source) -> str:
    """Follow once; gives the refusal's code, empty when the state was taken."""
    try:
        follow(source, BoundedFetcher(time.monotonic, file_seconds=0.5))
    except Refusal as refusal:
        return refusal.code
    return ""


def stranger(role: str) -> Case:
    def change(state: StateRepository, _server: Served) -> None:
        state.signers[role] = [CryptoSigner.generate_ed25519() for _ in state.signers[role]]
        state.publish()

    return change


def ended(role: str) -> Case:
    def change(state: StateRepository, _server: Served) -> None:
        state.lives[role] = timedelta(days=-1)
        if role == "root":
            state.publish_root(state.signers["root"])
        state.publish()

    return change


def served(name: str, status: int) -> Case:
    def change(state: StateRepository, server: Served) -> None:
        state.publish()
        server.status[name] = status

    return change


def edited(name: str, old: bytes, new: bytes) -> Case:
    def change(state: StateRepository, _server: Served) -> None:
        state.publish()
        state.published[name] = state.published[name].replace(old, new)

    return change


def rotated(role: str, times: int = 1) -> Case:
    def change(state: StateRepository, _server: Served) -> None:
        for _ in range(times):
            state.rotate(role)
        state.publish()

    return change


def published(state: StateRepository, _server: Served) -> None:
    state.publish()


def nothing(_state: StateRepository, _server: Served) -> None:
    """The repository stands as it is."""


def timestamp_rolled_back(state: StateRepository, _server: Served) -> None:
    state.published[STAMP] = state.first_timestamp


def snapshot_rolled_back(state: StateRepository, _server: Served) -> None:
    # A newer timestamp that names the older snapshot.
    state.versions["timestamp"] += 1
    state.versions["snapshot"] = 1
    state.stamp(state.published["metadata/1.snapshot.json"])


def targets_rolled_back(state: StateRepository, _server: Served) -> None:
    state.versions["targets"] = 1
    state.publish_snapshot(state.meta())


def role_removed(state: StateRepository, _server: Served) -> None:
    meta = state.meta()
    del meta["ops.json"]
    state.publish_snapshot(meta)


def mixed_targets(state: StateRepository, _server: Served) -> None:
    old = state.published["metadata/2.targets.json"]
    state.publish()
    state.published["metadata/3.targets.json"] = old


def mixed_snapshot(state: StateRepository, _server: Served) -> None:
    old = state.published["metadata/2.snapshot.json"]
    state.publish()
    state.published["metadata/3.snapshot.json"] = old


def root_under_another_number(state: StateRepository, _server: Served) -> None:
    state.root.version = 5
    state.published["metadata/2.root.json"] = state.put("root", state.root)


def timestamp_changed_under_its_number(state: StateRepository, _server: Served) -> None:
    state.lives["timestamp"] = timedelta(days=2)
    state.stamp(state.published["metadata/2.snapshot.json"])


def targets_changed_under_their_number(state: StateRepository, _server: Served) -> None:
    state.files["agreements/KZ-UZ/v2.json"] = b"{}"
    state.put("targets", state.targets("targets"))
    state.publish_snapshot(state.meta())


def file_substituted(state: StateRepository, _server: Served) -> None:
    state.files["agreements/KZ-UZ/v2.json"] = b'{"a":1}'
    state.publish()
    name = next(one for one in state.published if one.endswith(".v2.json"))
    state.published[name] = b'{"a":2}'


def file_longer_than_listed(state: StateRepository, server: Served) -> None:
    state.files["agreements/KZ-UZ/v2.json"] = b'{"a":1}'
    state.publish()
    name = next(one for one in state.published if one.endswith(".v2.json"))
    server.padding[name] = 4096


def endless_timestamp(state: StateRepository, server: Served) -> None:
    state.publish()
    server.padding[STAMP] = 1024 * 1024


def slow(state: StateRepository, server: Served) -> None:
    state.publish()
    server.drip.add(STAMP)


def one_root_signature(state: StateRepository, _server: Served) -> None:
    state.publish_root(state.signers["root"][:1])


def one_target_signature(state: StateRepository, _server: Served) -> None:
    state.signers["targets"] = state.signers["targets"][:1]
    state.publish()


def ops_lists_an_agreement(state: StateRepository, _server: Served) -> None:
    state.files["agreements/KZ-UZ/v2.json"] = b"{}"
    state.role_of = lambda path: "ops" if path.endswith("v2.json") else StateRepository.home(path)
    state.publish()


def doubled_signature(state: StateRepository, _server: Served) -> None:
    state.publish()
    found = json.loads(state.published[STAMP])
    found["signatures"] *= 2
    state.published[STAMP] = json.dumps(found).encode()


def a_wrong_signature_beside_the_right_ones(state: StateRepository, _server: Served) -> None:
    state.publish_roles("ops", "revoked", "targets")
    name = f"metadata/{state.versions['targets']}.targets.json"
    found = json.loads(state.published[name])
    found["signatures"][2]["sig"] = "00" * 64
    state.published[name] = json.dumps(found).encode()
    state.publish_snapshot(state.meta())


def member_unknown(state: StateRepository, _server: Served) -> None:
    state.root.unrecognized_fields["x-lmx"] = {"a": [1]}
    state.publish_root(state.signers["root"])
    state.publish()


def snapshot_in_the_timestamps_place(state: StateRepository, _server: Served) -> None:
    state.publish()
    state.published[STAMP] = state.published["metadata/2.snapshot.json"]


def snapshot_numbers_run_away_then_keys_change(state: StateRepository, _server: Served) -> None:
    state.rotate("snapshot")
    state.rotate("timestamp")
    state.publish()


ATTACKS: dict[str, tuple[Case, str]] = {
    "rollback: timestamp": (timestamp_rolled_back, "directory.rollback"),
    "rollback: snapshot": (snapshot_rolled_back, "directory.rollback"),
    "rollback: targets": (targets_rolled_back, "directory.rollback"),
    "freeze: timestamp served and ended": (ended("timestamp"), "directory.expired"),
    "freeze: notices of revocation ended": (ended("revoked"), "directory.expired"),
    "mix and match: targets of an earlier time": (mixed_targets, "directory.mixed"),
    "mix and match: snapshot of an earlier time": (mixed_snapshot, "directory.mixed"),
    "endless data: timestamp": (endless_timestamp, "directory.endless"),
    "endless data: a file": (file_longer_than_listed, "directory.endless"),
    "slow retrieval": (slow, "directory.slow"),
    "wrong threshold: root": (one_root_signature, "directory.threshold"),
    "wrong threshold: targets": (one_target_signature, "directory.threshold"),
    "wrong key: ops": (stranger("timestamp"), "directory.threshold"),
    "reused number: timestamp": (timestamp_changed_under_its_number, "directory.version-reused"),
    "reused number: targets": (targets_changed_under_their_number, "directory.version-reused"),
    "wrong name: ops lists an agreement": (ops_lists_an_agreement, "directory.path"),
    "redirect": (served(STAMP, 302), "directory.unreachable"),
    "server fails": (served(STAMP, 500), "directory.unreachable"),
}

# Public name -> what the repository does, and the code; empty where it is taken.
REPRODUCED: dict[str, tuple[Case, str]] = {
    "test_basic_refresh_requests": (nothing, ""),
    "test_basic_refresh_trusted_data": (published, ""),
    "test_unsigned_metadata": (stranger("snapshot"), "directory.threshold"),
    "test_url_and_metadata_version_mismatch": (root_under_another_number, "directory.mixed"),
    "test_timestamp_content_changes": (
        timestamp_changed_under_its_number,
        "directory.version-reused",
    ),
    "test_basic_metadata_hash_support": (published, ""),
    "test_targets_hash_mismatch": (
        edited("metadata/3.targets.json", b'"version":3', b'"version":4'),
        "directory.mixed",
    ),
    "test_snapshot_hash_mismatch": (mixed_snapshot, "directory.mixed"),
    "test_custom_fields": (member_unknown, ""),
    "test_snapshot_404": (served("metadata/3.snapshot.json", 404), "directory.unreachable"),
    "test_targets_404": (served("metadata/3.targets.json", 404), "directory.unreachable"),
    "test_timestamp_404": (served(STAMP, 404), "directory.unreachable"),
    "test_incorrect_metadata_type": (snapshot_in_the_timestamps_place, "directory.malformed"),
    "test_root_expired": (ended("root"), "directory.expired"),
    "test_timestamp_expired": (ended("timestamp"), "directory.expired"),
    "test_snapshot_expired": (ended("snapshot"), "directory.expired"),
    "test_targets_expired": (ended("targets"), "directory.expired"),
    "test_client_downloads_expected_file": (published, ""),
    "test_client_downloads_expected_file_in_sub_dir": (published, ""),
    "test_repository_substitutes_target_file": (file_substituted, "directory.mixed"),
    "test_snapshot_does_not_meet_threshold": (stranger("snapshot"), "directory.threshold"),
    "test_duplicate_sig_keyids": (doubled_signature, "directory.malformed"),
    "test_invalid_sig_in_valid_metadata": (a_wrong_signature_beside_the_right_ones, ""),
    "test_new_timestamp_version_rollback": (timestamp_rolled_back, "directory.rollback"),
    "test_snapshot_rollback": (snapshot_rolled_back, "directory.rollback"),
    "test_targets_rollback": (targets_rolled_back, "directory.rollback"),
    "test_targets_role_removal": (role_removed, "directory.rollback"),
    "test_new_snapshot_fast_forward_recovery": (snapshot_numbers_run_away_then_keys_change, ""),
    "test_new_timestamp_fast_forward_recovery": (rotated("timestamp"), ""),
    "test_root_rotation": (rotated("root", 3), ""),
    "test_non_root_rotations": (rotated("targets"), ""),
}

_SEARCH = "our reader lists all files of three fixed roles; it never searches a tree of roles"
ELSEWHERE = {
    "test_implicit_refresh": "follow always refreshes first",
    "test_invalid_initial_root": "tests/unit/proof/test_tuf_metadata.py: pinned root differs",
    "test_unsigned_initial_root": "tests/unit/proof/test_tuf_metadata.py: root of one signature",
    "test_metadata_bytes_match": "tests/unit/directory/test_follow.py: files by their digests",
    "test_deprecated_keyid_hash_algorithms": "keys are ed25519 only, with no such member",
    "test_faketime": "a test of the public suite's own clock",
    "test_expired_local_root": "needs the public suite's clock; as-of reading has its own tests",
    "test_expired_local_timestamp": "tests/unit/directory/test_follow.py: after a refusal",
    "test_multiple_changes_to_target": "tests/unit/directory/test_follow.py: every version is kept",
    "test_download_with_hash_algorithms": "our profile has SHA-256 alone",
    "test_download_with_unknown_hash_algorithm": "our profile has SHA-256 alone",
    "test_artifact_cache": "tests/unit/directory/test_follow.py: nothing is fetched twice",
    "test_snapshot_has_too_few_keys": "tests/unit/proof/test_tuf_metadata.py: thresholds",
    "test_duplicate_keys": "tests/unit/proof/test_tuf_metadata.py: one key counted twice",
    "test_keytype_and_scheme": "keys are ed25519 only",
    "test_unusual_role_name": "our profile refuses role names beyond a to z, digits and hyphen",
    "test_targets_fast_forward_recovery": "the same recovery as that of snapshot, which is here",
    "test_static_repository": "repositories of other writers have no files of a state",
    "test_graph_traversal": _SEARCH,
    "test_targetfile_search": _SEARCH,
    "test_cached_role_is_verified_against_current_delegator": _SEARCH,
    "test_delegation_not_in_snapshot": "here as test_targets_role_removal",
}
PUBLIC = 53


def judged(source: Source, state: StateRepository, server: Served, case: Case) -> str:
    state.first_timestamp = state.published[STAMP]
    state.publish()
    assert followed(source) == ""
    case(state, server)
    return followed(source)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_has_its_code(
    name: str, source: Source, state: StateRepository, server: Served
) -> None:
    case, code = ATTACKS[name]
    assert judged(source, state, server, case) == code


@pytest.mark.parametrize("name", REPRODUCED)
def test_a_public_case_has_its_verdict(
    name: str, source: Source, state: StateRepository, server: Served
) -> None:
    case, code = REPRODUCED[name]
    assert judged(source, state, server, case) == code


def test_every_public_case_is_reproduced_or_has_its_reason() -> None:
    assert len(REPRODUCED) + len(ELSEWHERE) == PUBLIC
    assert REPRODUCED.keys() & ELSEWHERE.keys() == set()

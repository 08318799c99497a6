"""A state's metadata is believed from its pinned root on, and as of the time it is asked for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import MetaFile, Role, Snapshot  # type: ignore[attr-defined]

from gateway.model.refusal import Refusal
from gateway.proof.tuf_metadata import (
    TOLERANCE,
    RootChain,
    VerifiedState,
    newest_state,
    read_roots,
    require_good,
    state_named,
    target_file,
)
from tests.support.pki import AT
from tests.support.tuf_states import StateRepository

FILES = {
    "authority/roots.pem": b"pem",
    "agreements/KZ-UZ/v1.json": b"{}",
    "member/gateway.json": b"{}",
    "revoked/1.json": b"{}",
}


@pytest.fixture
def state() -> StateRepository:
    return StateRepository(FILES, AT)


def roots(state: StateRepository) -> RootChain:
    return read_roots(state.read, state.pinned)


def newest(state: StateRepository) -> VerifiedState:
    return newest_state(state.read, roots(state))


def test_the_files_of_all_roles_are_given(state: StateRepository) -> None:
    assert newest(state).files == FILES


def test_the_version_is_that_of_the_snapshot(state: StateRepository) -> None:
    state.publish()
    assert (newest(state).version, newest(state).stamped) == (2, 2)


def test_a_root_signed_by_old_and_new_keys_is_followed(state: StateRepository) -> None:
    state.rotate("root")
    state.rotate("root")
    state.publish()
    assert (roots(state).newest.version, newest(state).version) == (3, 2)


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp"])
def test_an_old_snapshot_verifies_after_its_keys_were_rotated(
    state: StateRepository, role: str
) -> None:
    old = newest(state)
    state.rotate(role)
    state.publish()
    assert state_named(state.read, roots(state), 1, old.sha256).files == FILES


def test_an_old_snapshot_keeps_its_own_files(state: StateRepository) -> None:
    old = newest(state)
    del state.files["agreements/KZ-UZ/v1.json"]
    state.publish()
    assert "agreements/KZ-UZ/v1.json" not in newest(state).files
    assert "agreements/KZ-UZ/v1.json" in state_named(state.read, roots(state), 1, old.sha256).files


def test_a_snapshot_of_another_digest_is_refused(state: StateRepository) -> None:
    with pytest.raises(Refusal, match=r"directory\.mixed"):
        state_named(state.read, roots(state), 1, "x")


def test_a_version_that_is_not_in_the_folder_is_missing(state: StateRepository) -> None:
    with pytest.raises(Refusal, match=r"trust\.missing"):
        state_named(state.read, roots(state), 9, "x")


def test_a_state_is_good_until_its_first_role_ends_and_the_grace_after_it(
    state: StateRepository,
) -> None:
    found = newest(state)
    end = found.ends["snapshot"]
    require_good(found, end + TOLERANCE - timedelta(seconds=1))
    with pytest.raises(Refusal, match=r"directory\.expired"):
        require_good(found, end + TOLERANCE)


def root_of_one_signature(state: StateRepository) -> None:
    state.publish_root(state.signers["root"][:1])


def root_of_strangers(state: StateRepository) -> None:
    state.publish_root([CryptoSigner.generate_ed25519() for _ in range(3)])


def root_not_signed_by_the_one_before(state: StateRepository) -> None:
    old = state.signers["root"]
    state.root.keys = {}
    for role in ("root", "timestamp", "snapshot", "targets"):
        state.root.roles[role] = Role([], state.root.roles[role].threshold)
    state.signers["root"] = [CryptoSigner.generate_ed25519() for _ in old]
    for role in state.root.roles:
        for one in state.signers[role]:
            state.root.add_key(one.public_key, role)
    state.publish_root(state.signers["root"])


def root_of_another_number(state: StateRepository) -> None:
    state.publish_root(state.signers["root"])
    state.root.version = 3
    data = state.put("root", state.root)
    state.published["metadata/2.root.json"] = data


def pinned_root_differs(state: StateRepository) -> None:
    state.published["metadata/1.root.json"] = state.put("root", state.root)[:-1] + b" }"


def targets_by_one_key(state: StateRepository) -> None:
    state.signers["targets"] = state.signers["targets"][:1]
    state.publish()


def timestamp_by_a_stranger(state: StateRepository) -> None:
    state.signers["timestamp"] = [CryptoSigner.generate_ed25519()]
    state.publish()


def snapshot_by_a_stranger(state: StateRepository) -> None:
    state.signers["snapshot"] = [CryptoSigner.generate_ed25519()]
    state.publish()


def revoked_by_a_stranger(state: StateRepository) -> None:
    strangers, own = [CryptoSigner.generate_ed25519()], state.signers["revoked"]
    meta = state.publish_roles("ops", "targets")
    state.signers["revoked"] = strangers
    meta |= state.publish_roles("revoked")
    state.signers["revoked"] = own
    state.publish_snapshot(meta)


def one_key_counted_twice(state: StateRepository) -> None:
    # The same public key under a second identifier must not fill a threshold of two.
    one = state.signers["targets"][0]
    for number in (1, 2):
        other = CryptoSigner(one._private_key)
        other.public_key.keyid = f"{number}" * 64
        state.root.add_key(other.public_key, "targets")
        state.signers["targets"] += [other]
    state.publish_root(state.signers["root"])
    state.signers["targets"] = [state.signers["targets"][0], *state.signers["targets"][3:]]
    state.publish()


def other_snapshot_under_the_same_number(state: StateRepository) -> None:
    meta = state.meta()
    signed = Snapshot(1, expires=AT + timedelta(days=6), meta=meta)
    state.put("snapshot", signed)


def targets_of_an_earlier_time(state: StateRepository) -> None:
    old = state.published["metadata/1.targets.json"]
    state.publish()
    state.published["metadata/2.targets.json"] = old


def a_role_is_not_in_the_snapshot(state: StateRepository) -> None:
    meta = state.meta()
    del meta["ops.json"]
    state.publish_snapshot(meta)


def a_role_nobody_delegated(state: StateRepository) -> None:
    state.publish_snapshot({**state.meta(), "more.json": MetaFile(1)})


def ops_lists_an_agreement(state: StateRepository) -> None:
    state.role_of = lambda path: "ops" if "agreements" in path else StateRepository.home(path)
    state.publish()


def a_path_leads_out_of_the_folder(state: StateRepository) -> None:
    state.files["agreements/../../x"] = b"{}"
    state.publish()


def a_target_file_is_changed(state: StateRepository) -> None:
    name = next(one for one in state.published if one.endswith(".gateway.json"))
    state.published[name] = b"{ }"


def a_target_file_is_gone(state: StateRepository) -> None:
    name = next(one for one in state.published if one.endswith(".gateway.json"))
    del state.published[name]


def metadata_without_end(state: StateRepository) -> None:
    state.published["metadata/1.snapshot.json"] = b" " * 3_000_000


def a_timestamp_that_is_no_json(state: StateRepository) -> None:
    state.published["metadata/timestamp.json"] = b"{"


def a_snapshot_in_place_of_the_timestamp(state: StateRepository) -> None:
    state.published["metadata/timestamp.json"] = state.published["metadata/1.snapshot.json"]


ATTACKS: dict[Callable[[StateRepository], None], str] = {
    root_of_one_signature: "directory.threshold",
    root_of_strangers: "directory.threshold",
    root_not_signed_by_the_one_before: "directory.threshold",
    root_of_another_number: "directory.mixed",
    pinned_root_differs: "directory.version-reused",
    targets_by_one_key: "directory.threshold",
    timestamp_by_a_stranger: "directory.threshold",
    snapshot_by_a_stranger: "directory.threshold",
    revoked_by_a_stranger: "directory.threshold",
    one_key_counted_twice: "directory.threshold",
    other_snapshot_under_the_same_number: "directory.version-reused",
    targets_of_an_earlier_time: "directory.mixed",
    a_role_is_not_in_the_snapshot: "directory.mixed",
    a_role_nobody_delegated: "directory.path",
    ops_lists_an_agreement: "directory.path",
    a_path_leads_out_of_the_folder: "directory.path",
    a_target_file_is_changed: "directory.mixed",
    a_target_file_is_gone: "trust.missing",
    metadata_without_end: "directory.version-reused",
    a_timestamp_that_is_no_json: "directory.malformed",
    a_snapshot_in_place_of_the_timestamp: "directory.malformed",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__.replace("_", " "))
def test_an_attack_has_its_reason(
    state: StateRepository, attack: Callable[[StateRepository], None]
) -> None:
    attack(state)
    with pytest.raises(Refusal) as refused:
        newest(state)
    assert refused.value.code == ATTACKS[attack]


def test_endless_metadata_is_refused_before_it_is_read(state: StateRepository) -> None:
    state.published["metadata/timestamp.json"] = b" " * 3_000_000
    with pytest.raises(Refusal, match=r"directory\.endless"):
        newest(state)


def test_a_target_stands_under_its_digest() -> None:
    assert target_file("agreements/KZ-UZ/v1.json", "ab") == "targets/agreements/KZ-UZ/ab.v1.json"

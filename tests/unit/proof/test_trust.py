"""A directory is what its state signed: every file, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.in_force import agreement_in_force, latest_in_force
from gateway.proof.trust import SIGNATURE, SNAPSHOT, Directory, read_directory, sign_directory
from tests.support.evidence import CORRIDOR, directory_files
from tests.support.pki import AT, authority, key

Files = dict[str, bytes]


def read(files: Files, state: str = "KZ") -> Directory:
    return read_directory(
        files,
        state=state,
        pinned=key(state, "directory").chain,
        roots=authority(state).root.chain,
    )


def plain(state: str = "KZ") -> Files:
    return {
        name: data
        for name, data in directory_files(state).items()
        if name not in {SNAPSHOT, SIGNATURE}
    }


def signed(files: Files, state: str = "KZ", role: str = "directory") -> Files:
    return sign_directory(files, key(state, role), state=state, version=2, at=AT)


def revoking(item: str, state: str = "KZ") -> Directory:
    text = canonical_json({"id": item, "at": "2026-11-24T07:00:00.000Z"})
    return read(signed({**plain(state), "revoked/1.json": text}, state), state)


def test_a_signed_directory_is_read() -> None:
    assert (read(dict(directory_files("KZ"))).state, read(signed(plain())).version) == ("KZ", 2)


CHANGES: dict[str, Callable[[Files], Files]] = {
    "file changed": lambda one: {**one, "member/authorities.json": b"{} "},
    "file added": lambda one: {**one, "member/more.json": b"{}"},
    "file gone": lambda one: {
        name: data for name, data in one.items() if name != "member/authorities.json"
    },
    "snapshot changed": lambda one: {**one, SNAPSHOT: one[SNAPSHOT].replace(b":1}", b":9}")},
    "signature gone": lambda one: {name: data for name, data in one.items() if name != SIGNATURE},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_directory_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match=r"directory\.signature"):
        read(CHANGES[name](dict(directory_files("KZ"))))


def test_a_directory_signed_by_another_key_of_the_state_is_refused() -> None:
    with pytest.raises(Refusal, match=r"directory\.signature"):
        read(signed(plain(), role="seal"))


def test_another_states_directory_is_refused() -> None:
    with pytest.raises(Refusal, match=r"directory\.signature"):
        read(dict(directory_files("UZ")))


def test_a_listed_key_is_given_for_its_role() -> None:
    name = key("KZ", "seal").thumbprint
    assert read(signed(plain())).key(name, role="seal", at=AT).role == "seal"


def test_a_listed_key_is_refused_for_another_role() -> None:
    with pytest.raises(Refusal, match=r"signature\.key-role"):
        read(signed(plain())).key(key("KZ", "tls").thumbprint, role="seal", at=AT)


def test_an_unlisted_key_is_refused() -> None:
    with pytest.raises(Refusal, match=r"signature\.key-unknown"):
        read(signed(plain())).key(key("UZ", "seal").thumbprint, role="seal", at=AT)


@pytest.mark.parametrize(("hours", "usable"), [(0, True), (1, False), (2, False)])
def test_a_revoked_key_ends_at_its_instant(hours: int, usable: bool) -> None:  # noqa: FBT001
    directory = revoking(key("KZ", "seal").thumbprint)
    at = AT + timedelta(hours=hours)
    assert bool(directory.certificates("seal", at)) is usable


def both(uz: Files | None = None) -> list[Directory]:
    return [read(signed(plain("KZ"))), read(signed(uz or plain("UZ"), "UZ"), "UZ")]


def test_equal_bytes_in_both_states_are_in_force() -> None:
    assert agreement_in_force(both(), CORRIDOR, 1, at=AT).version == 1


def test_the_latest_version_in_both_states_is_found() -> None:
    assert latest_in_force(both(), CORRIDOR, at=AT).version == 1


AGREEMENTS: dict[str, Callable[[], list[Directory]]] = {
    "one state lists other bytes": lambda: both(
        {**plain("UZ"), f"agreements/{CORRIDOR}/v1.json": b"{}"}
    ),
    "one state lists none": lambda: both(
        {name: data for name, data in plain("UZ").items() if "agreements" not in name}
    ),
    "one directory is unknown": lambda: both()[:1],
}


@pytest.mark.parametrize("name", AGREEMENTS)
def test_without_equal_bytes_nothing_is_in_force(name: str) -> None:
    with pytest.raises(Refusal, match=r"agreement\.not-in-force"):
        agreement_in_force(AGREEMENTS[name](), CORRIDOR, 1, at=AT)


@pytest.mark.parametrize("years", [-2, 2])
def test_outside_its_validity_an_agreement_is_not_in_force(years: int) -> None:
    with pytest.raises(Refusal, match=r"agreement\.not-in-force"):
        agreement_in_force(both(), CORRIDOR, 1, at=AT + timedelta(days=365 * years))


def test_either_state_ends_an_agreement_alone() -> None:
    pair = [revoking(f"agreement:{CORRIDOR}/v1"), read(signed(plain("UZ"), "UZ"), "UZ")]
    held: Any = agreement_in_force(pair, CORRIDOR, 1, at=AT)
    assert held.version == 1
    with pytest.raises(Refusal, match=r"agreement\.not-in-force"):
        agreement_in_force(pair, CORRIDOR, 1, at=AT + timedelta(hours=1))

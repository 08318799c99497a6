"""A directory says whose a key is, for what and since when; an agreement needs two directories."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.directory_files import read_files
from gateway.proof.in_force import agreement_in_force, latest_in_force
from gateway.proof.strict_json import parse
from gateway.proof.trust import Directory
from tests.support.evidence import CORRIDOR, directory_files, log_key
from tests.support.pki import AT, key

Files = dict[str, bytes]


def read(files: Files, state: str = "KZ") -> Directory:
    return read_files(state, 2, "x", files)


def plain(state: str = "KZ") -> Files:
    return dict(directory_files(state))


def revoking(item: str, state: str = "KZ") -> Directory:
    text = canonical_json({"id": item, "at": "2026-11-24T07:00:00.000Z"})
    return read({**plain(state), "revoked/1.json": text}, state)


def announcing(begins: int | None, ends: int | None) -> Directory:
    """List the seal key of KZ and its log from and to hours around AT."""
    period = {
        name: write_instant(AT + timedelta(hours=hours))
        for name, hours in (("from", begins), ("to", ends))
        if hours is not None
    }
    files = plain()
    gateway = parse(files["member/gateway.json"])
    gateway["keys"] = [{**one, **period} for one in gateway["keys"]]
    gateway["logs"] = [{"vkey": one, **period} for one in gateway["logs"]]
    return read({**files, "member/gateway.json": canonical_json(gateway)})


PERIODS = [(None, None, True), (0, 1, True), (-1, 0, False), (1, None, False), (None, 1, True)]


@pytest.mark.parametrize(("begins", "ends", "counts"), PERIODS)
def test_a_key_counts_from_and_to_its_announced_times(
    begins: int | None,
    ends: int | None,
    counts: bool,  # noqa: FBT001
) -> None:
    directory = announcing(begins, ends)
    assert bool(directory.certificates("seal", AT)) is counts
    assert directory.log_keys_at(AT) == ([log_key("KZ").vkey] if counts else [])


def test_a_key_outside_its_announced_time_says_so() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid.*another time"):
        announcing(1, None).key(key("KZ", "seal").thumbprint, role="seal", at=AT)


def test_a_revoked_log_key_no_longer_counts() -> None:
    directory = revoking(log_key("KZ").vkey.text())
    assert directory.log_keys_at(AT) == [log_key("KZ").vkey]
    assert directory.log_keys_at(AT + timedelta(hours=1)) == []


def test_a_listed_key_is_given_for_its_role() -> None:
    name = key("KZ", "seal").thumbprint
    assert read(plain()).key(name, role="seal", at=AT).role == "seal"


def test_a_listed_key_is_refused_for_another_role() -> None:
    with pytest.raises(Refusal, match=r"signature\.key-role"):
        read(plain()).key(key("KZ", "tls").thumbprint, role="seal", at=AT)


def test_an_unlisted_key_is_refused() -> None:
    with pytest.raises(Refusal, match=r"signature\.key-unknown"):
        read(plain()).key(key("UZ", "seal").thumbprint, role="seal", at=AT)


@pytest.mark.parametrize(("hours", "usable"), [(0, True), (1, False), (2, False)])
def test_a_revoked_key_ends_at_its_instant(hours: int, usable: bool) -> None:  # noqa: FBT001
    directory = revoking(key("KZ", "seal").thumbprint)
    at = AT + timedelta(hours=hours)
    assert bool(directory.certificates("seal", at)) is usable


def both(uz: Files | None = None) -> list[Directory]:
    return [read(plain("KZ")), read(uz or plain("UZ"), "UZ")]


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
    pair = [revoking(f"agreement:{CORRIDOR}/v1"), read(plain("UZ"), "UZ")]
    held: Any = agreement_in_force(pair, CORRIDOR, 1, at=AT)
    assert held.version == 1
    with pytest.raises(Refusal, match=r"agreement\.not-in-force"):
        agreement_in_force(pair, CORRIDOR, 1, at=AT + timedelta(hours=1))

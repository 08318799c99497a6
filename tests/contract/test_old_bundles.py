"""A bundle verifies at its own time, whatever is published later; a revocation reaches back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs.authority import issue
from gateway.model.instants import write_instant
from gateway.proof.canonical import canonical_json
from gateway.proof.claims import exit_code
from gateway.proof.evidence_file import check_bundle
from gateway.proof.note import COSIGNER_KEY
from gateway.proof.policy import read_policy, write_policy
from gateway.proof.strict_json import parse
from gateway.proof.trust_folder import load_trust
from tests.support.evidence import (
    CORRIDOR,
    LOGS,
    b64,
    exchange,
    log_key,
    note_key,
    packed,
    repository,
    witness_key,
    write_trust,
)
from tests.support.pki import AT, authority, key
from tests.support.schemas import catalogue
from tests.support.tuf_states import StateRepository

GATEWAY = "member/gateway.json"
Change = Callable[[StateRepository, str], None]


def listed(state: StateRepository) -> dict[str, list[object]]:
    found: dict[str, list[object]] = parse(state.files[GATEWAY])
    return found


def new_keys(state: StateRepository, name: str) -> None:
    gateway = listed(state)
    for one in gateway["keys"]:
        assert isinstance(one, dict)
        made = issue(authority(name), one["role"], f"new-{one['role']}", at=AT)
        one["chain"] = [b64(each.public_bytes(Encoding.DER)) for each in made.chain]
    state.files[GATEWAY] = canonical_json(gateway)


def new_log_keys(state: StateRepository, name: str) -> None:
    gateway = listed(state)
    gateway["logs"] = [note_key(name, 7, LOGS[name], 1).vkey.text()]
    state.files[GATEWAY] = canonical_json(gateway)


def agreement_delisted(state: StateRepository, _name: str) -> None:
    del state.files[f"agreements/{CORRIDOR}/v1.json"]


def tuf_keys_rotated(state: StateRepository, _name: str) -> None:
    for role in ("root", "targets", "snapshot", "timestamp"):
        state.rotate(role)


def revoking(item: Callable[[str], str], *, hours: int) -> Change:
    def change(state: StateRepository, name: str) -> None:
        told = {"id": item(name), "at": write_instant(AT + timedelta(hours=hours)), "reason": "x"}
        state.files["revoked/1.json"] = canonical_json(told)

    return change


def judged(folder: Path, *changes: Change) -> tuple[int, set[str]]:
    states = {one: repository(one).copy() for one in ("KZ", "UZ")}
    for change in changes:
        for name, state in states.items():
            change(state, name)
            state.publish()
    claims, _ = check_bundle(
        packed(exchange().files()), load_trust(write_trust(folder, states)), catalogue().mapping
    )
    return exit_code(claims), {one.code for one in claims if one.code}


def witness_rotated(ends: int) -> Change:
    """List a second witness key beside the first, which ends so many seconds after AT."""

    def change(state: StateRepository, name: str) -> None:
        gateway: dict[str, object] = dict(listed(state))
        new = note_key(name, 8, witness_key(name).name, COSIGNER_KEY).vkey.text()
        ended = write_instant(AT + timedelta(seconds=ends))
        gateway["witness"] = [{"vkey": witness_key(name).vkey.text(), "to": ended}, new]
        state.files[GATEWAY] = canonical_json(gateway)

    return change


LATER: dict[str, tuple[Change, ...]] = {
    "nothing": (),
    "new keys": (new_keys,),
    "new keys twice": (new_keys, new_keys),
    "new log keys": (new_log_keys,),
    "new witness keys": (witness_rotated(3600),),
    "agreement delisted": (agreement_delisted,),
    "TUF keys rotated": (tuf_keys_rotated,),
    "all of it": (new_keys, new_log_keys, agreement_delisted, tuf_keys_rotated),
    "keys revoked an hour later": (revoking(lambda one: key(one, "seal").thumbprint, hours=1),),
    "agreement revoked an hour later": (revoking(lambda _: f"agreement:{CORRIDOR}/v1", hours=1),),
    "log keys revoked an hour later": (revoking(lambda one: log_key(one).vkey.text(), hours=1),),
}


@pytest.mark.parametrize("name", LATER)
def test_an_old_bundle_still_verifies_after(name: str, tmp_path: Path) -> None:
    assert judged(tmp_path, *LATER[name]) == (0, set())


BEFORE: dict[str, tuple[Change, str]] = {
    "seal key": (revoking(lambda one: key(one, "seal").thumbprint, hours=0), "certificate.revoked"),
    "evidence key": (
        revoking(lambda one: key(one, "evidence").thumbprint, hours=0),
        "certificate.revoked",
    ),
    "log key": (revoking(lambda one: log_key(one).vkey.text(), hours=0), "certificate.revoked"),
    "agreement": (
        revoking(lambda _: f"agreement:{CORRIDOR}/v1", hours=0),
        "agreement.not-in-force",
    ),
}


@pytest.mark.parametrize("name", BEFORE)
def test_what_was_revoked_by_then_fails_although_the_named_directory_knew_nothing_of_it(
    name: str, tmp_path: Path
) -> None:
    change, code = BEFORE[name]
    exit_, codes = judged(tmp_path, change)
    assert exit_ == 1
    assert code in codes


def log_keys_within(begins: int | None, ends: int | None) -> Change:
    """List the log keys with a window, in seconds after AT; witnesses cosigned at AT + 60 s."""

    def change(state: StateRepository, name: str) -> None:
        gateway, window = listed(state), {"from": begins, "to": ends}
        told = {
            word: write_instant(AT + timedelta(seconds=one))
            for word, one in window.items()
            if one is not None
        }
        gateway["logs"] = [{"vkey": log_key(name).vkey.text(), **told}]
        state.files[GATEWAY] = canonical_json(gateway)

    return change


@pytest.mark.parametrize(
    ("begins", "ends", "codes"),
    [
        (None, 61, set()),
        (None, 60, {"witness.missing"}),
        (60, None, set()),
        (61, None, {"witness.missing"}),
    ],
    ids=["ends after", "ended by then", "begins with it", "begins after"],
)
def test_a_log_key_counts_by_the_time_at_which_a_foreign_witness_saw_its_checkpoint(
    begins: int | None, ends: int | None, codes: set[str], tmp_path: Path
) -> None:
    assert judged(tmp_path, log_keys_within(begins, ends))[1] == codes


def test_a_cosignature_made_after_the_end_of_its_key_does_not_count(tmp_path: Path) -> None:
    assert judged(tmp_path / "in time", witness_rotated(61)) == (0, set())
    assert judged(tmp_path / "late", witness_rotated(60))[1] == {"witness.missing"}


def test_an_older_witness_key_of_the_log_s_own_state_is_not_foreign(tmp_path: Path) -> None:
    own = note_key("KZ", 8, witness_key("KZ").name, COSIGNER_KEY)
    states = {one: repository(one).copy() for one in ("KZ", "UZ")}
    witness_rotated(3600)(states["KZ"], "KZ")
    for one in states.values():
        one.publish()
    folder = write_trust(tmp_path, states)
    policy = read_policy((folder / "policy.txt").read_text("utf-8"))
    (folder / "policy.txt").write_text(write_policy([*policy.witnesses, own.vkey]), "utf-8")
    for alone in (own, witness_key("KZ")):
        made = exchange(witnesses={"KZ": [alone], "UZ": [witness_key("KZ")]})
        claims, _ = check_bundle(packed(made.files()), load_trust(folder), catalogue().mapping)
        assert "witness.missing" in {one.code for one in claims}


def test_a_header_that_names_another_digest_fails(tmp_path: Path) -> None:
    wrong = [{"state": one, "snapshotVersion": 1, "sha256": "x"} for one in ("KZ", "UZ")]
    data = packed(exchange(header_change={"directory": wrong}).files())
    claims, _ = check_bundle(data, load_trust(write_trust(tmp_path)), catalogue().mapping)
    assert {one.code for one in claims if one.id == "seal"} == {"directory.mixed"}


def test_a_header_that_names_a_version_nobody_followed_cannot_be_judged(tmp_path: Path) -> None:
    unknown = [{"state": one, "snapshotVersion": 9, "sha256": "x"} for one in ("KZ", "UZ")]
    data = packed(exchange(header_change={"directory": unknown}).files())
    claims, _ = check_bundle(data, load_trust(write_trust(tmp_path)), catalogue().mapping)
    assert exit_code(claims) == 2

"""Metadata of a directory: as many keys as planned, each for one role, versions one by one."""

from pathlib import Path

import pytest

from gateway.directory.keyring import gather_keys
from gateway.directory.repository import first_metadata, next_version, with_file, without_file
from gateway.directory.roles import PLANS, CeremonyError
from tests.support.directories import HOLDERS, NOW


def test_thresholds_and_ends_are_those_of_the_plan(tmp_path: Path) -> None:
    keys, _ = gather_keys(tmp_path, HOLDERS, None)
    made = first_metadata(keys, at=NOW)
    root, targets = made["root"].signed, made["targets"].signed
    found = {
        name: (targets if name in ("ops", "revoked") else root).get_delegated_role(name).threshold
        for name in PLANS
    }
    assert found == {name: plan.threshold for name, plan in PLANS.items()}
    assert {name: one.signed.expires for name, one in made.items()} == {
        name: NOW.replace(microsecond=0) + PLANS[name].lifetime for name in made
    }


def test_one_key_in_two_roles_is_refused(tmp_path: Path) -> None:
    keys, _ = gather_keys(tmp_path, HOLDERS, None)
    with pytest.raises(CeremonyError, match="one key was given twice"):
        first_metadata({**keys, "snapshot": keys["timestamp"]}, at=NOW)


def test_the_next_version_has_no_signature_and_the_same_files(tmp_path: Path) -> None:
    keys, _ = gather_keys(tmp_path, HOLDERS, None)
    ops = with_file(first_metadata(keys, at=NOW)["ops"], "member/gateway.json", b"{}")
    new = next_version(ops, "ops", at=NOW)
    assert (new.signed.version, new.signatures) == (2, {})
    assert new.signed.targets == ops.signed.targets


def test_a_file_that_is_not_listed_cannot_be_removed(tmp_path: Path) -> None:
    keys, _ = gather_keys(tmp_path, HOLDERS, None)
    with pytest.raises(CeremonyError, match="is not listed"):
        without_file(first_metadata(keys, at=NOW)["ops"], "member/gateway.json")

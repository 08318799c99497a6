"""Keys of a new directory: a folder a holder; what is brought is taken, the rest is made."""

from pathlib import Path

import pytest

from gateway.directory.keyring import gather_keys, key_stems
from gateway.directory.roles import PLANS, CeremonyError
from gateway.directory.signing_keys import make_key
from tests.support.directories import HOLDERS


def test_each_role_gets_as_many_keys_as_its_plan_says(tmp_path: Path) -> None:
    public, _ = gather_keys(tmp_path, HOLDERS, None)
    assert {name: len(keys) for name, keys in public.items()} == {
        name: plan.keys for name, plan in PLANS.items()
    }


def test_only_root_keys_that_were_made_here_sign_at_once(tmp_path: Path) -> None:
    brought = make_key(tmp_path / "given/dana/root", "dana")
    public, signers = gather_keys(tmp_path / "keys", HOLDERS, tmp_path / "given")
    here = {one.public_key.keyid for one in signers}
    assert {key.keyid for key in public["root"]} - here == {brought.public_key.keyid}
    assert not (tmp_path / "keys/dana/root.key").exists()


@pytest.mark.parametrize("holders", [("a", "b"), ("a", "b", "b"), ("a", "b", "c", "d")])
def test_there_are_three_holders_each_named_once(holders: tuple[str, ...]) -> None:
    with pytest.raises(CeremonyError, match="name as many, each once"):
        key_stems(holders)

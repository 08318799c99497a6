"""Which witnesses count, and that a state never witnesses itself."""

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.policy import read_policy, write_policy
from tests.support.evidence import log_key, witness_key

KZ, UZ = witness_key("KZ").vkey, witness_key("UZ").vkey
POLICY = read_policy(write_policy([KZ, UZ]))


def test_a_written_policy_reads_back() -> None:
    assert set(POLICY.witnesses) == {KZ, UZ}


def test_a_foreign_witness_suffices() -> None:
    assert POLICY.met_by([UZ], own=[KZ])


@pytest.mark.parametrize("found", [[], [KZ]], ids=["none", "its own"])
def test_without_a_foreign_witness_the_quorum_is_not_met(found: list[object]) -> None:
    assert not POLICY.met_by([one for one in (KZ,) if one in found], own=[KZ])


def test_a_group_of_all_asks_every_foreign_witness() -> None:
    text = write_policy([KZ, UZ]).replace(" any ", " all ")
    assert not read_policy(text).met_by([], own=[KZ])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\n",
        f"witness a {UZ.text()}\ngroup g any b\nquorum g\n",
        f"witness a {UZ.text()}\nwitness a {KZ.text()}\ngroup g any a\nquorum g\n",
        f"witness a {log_key('KZ').vkey.text()}\ngroup g any a\nquorum g\n",
        f"witness a {UZ.text()}\ngroup g some a\nquorum g\n",
    ],
    ids=["empty", "no group", "unknown member", "name twice", "a log key", "other word"],
)
def test_another_policy_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match=r"log\.malformed"):
        read_policy(text)

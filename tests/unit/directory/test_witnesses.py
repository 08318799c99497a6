"""Followed states' witnesses come into the policy; what stands there stays."""

from pathlib import Path

import pytest

from gateway.directory.witnesses import add_witnesses
from gateway.model.refusal import Refusal
from gateway.proof.policy import read_policy
from tests.support.evidence import write_trust


def test_the_witness_of_each_followed_state_counts(tmp_path: Path) -> None:
    trust = write_trust(tmp_path / "trust")
    text, added = add_witnesses(trust, "")
    assert sorted(one.name for one in read_policy(text).witnesses) == sorted(added)
    assert len(added) == 2


def test_a_second_time_adds_nothing_and_keeps_what_stands(tmp_path: Path) -> None:
    trust = write_trust(tmp_path / "trust")
    text, _ = add_witnesses(trust, "")
    assert add_witnesses(trust, text) == (text, [])


def test_a_witness_of_a_state_that_is_followed_no_more_stays(tmp_path: Path) -> None:
    trust = write_trust(tmp_path / "trust")
    text, _ = add_witnesses(trust, "")
    (trust / "roots/kz.root.json").unlink()
    assert add_witnesses(trust, text) == (text, [])


def test_a_policy_that_needs_all_witnesses_is_left_to_a_person(tmp_path: Path) -> None:
    trust = write_trust(tmp_path / "trust")
    text, _ = add_witnesses(trust, "")
    with pytest.raises(Refusal, match=r"log\.malformed"):
        add_witnesses(trust, text.replace(" any ", " all "))


def test_without_a_followed_directory_there_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"trust\.missing"):
        add_witnesses(tmp_path, "")

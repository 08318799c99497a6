"""Proofs made by us verify, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.proof import merkle

LEAVES = [merkle.leaf_hash(str(i).encode()) for i in range(300)]


def _naive(start: int, end: int) -> bytes:
    if end - start == 1:
        return LEAVES[start]
    middle = start + merkle.split(end - start)
    return merkle.node_hash(_naive(start, middle), _naive(middle, end))


@given(st.integers(1, 300))
def test_the_root_equals_the_recursive_definition(size: int) -> None:
    assert merkle.root_of(LEAVES[:size]) == _naive(0, size)


@given(st.integers(1, 300), st.data())
def test_an_inclusion_proof_made_by_us_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.make_inclusion(index, size, _naive)
    found = merkle.verify_inclusion(LEAVES[index], index, size, proof, _naive(0, size))
    assert found == index


@given(st.integers(1, 300), st.data())
def test_a_consistency_proof_made_by_us_verifies(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = merkle.make_consistency(old, new, _naive)
    assert merkle.verify_consistency(old, new, _naive(0, old), _naive(0, new), proof) == new


@given(st.integers(2, 300), st.data())
def test_another_index_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
    proof = merkle.make_inclusion(index, size, _naive)
    with pytest.raises(Refusal, match=r"log\.proof-wrong"):
        merkle.verify_inclusion(LEAVES[index], other, size, proof, _naive(0, size))


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root_of([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )

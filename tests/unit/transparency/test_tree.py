"""Hashes from tiles are those over the leaves, whatever was published in between."""

import pytest

from gateway.proof import merkle
from gateway.store import log_rows
from gateway.store.connection import Store
from gateway.transparency.append import publish
from gateway.transparency.tree import Tree
from tests.support.evidence import LOGS, log_key

LOG, KEY = LOGS["KZ"], log_key("KZ")


def grown(store: Store, leaves: list[bytes], count: int) -> None:
    rows = []
    for _ in range(count):
        octets = f"entry {len(leaves)}".encode()
        leaves.append(merkle.leaf_hash(octets))
        rows.append(log_rows.EntryRow(LOG, len(leaves) - 1, octets, leaves[-1]))
    with store.write(LOG) as turn:
        log_rows.append_entries(turn, rows)


@pytest.mark.parametrize("steps", [(1, 255, 1), (300, 700), (65_530, 5, 300)])
def test_a_root_is_that_of_the_leaves(store: Store, steps: tuple[int, ...]) -> None:
    leaves: list[bytes] = []
    for step in steps:
        grown(store, leaves, step)
        head = publish(store, LOG, KEY)
        assert head is not None
        assert (head.size, head.root) == (len(leaves), merkle.root_of(leaves))


def test_any_entry_is_proved_also_behind_the_newest_checkpoint(store: Store) -> None:
    leaves: list[bytes] = []
    grown(store, leaves, 1000)
    publish(store, LOG, KEY)
    grown(store, leaves, 77)
    root = merkle.root_of(leaves)
    with store.read() as turn:
        tree = Tree(turn, LOG)
        for index in (0, 255, 256, 767, 999, 1000, 1076):
            proof = merkle.make_inclusion(index, len(leaves), tree.range)
            merkle.verify_inclusion(leaves[index], index, len(leaves), proof, root)

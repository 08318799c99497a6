"""Proofs over our own logs, for bundles and for partners who witness."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.proof import merkle
from gateway.store import log_rows
from gateway.store.connection import Store
from gateway.transparency.tree import Tree


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """An entry with its audit path to a published checkpoint."""

    index: int
    octets: bytes
    hashes: Sequence[bytes]
    note: bytes


def prove_entry(store: Store, log: str, index: int) -> ProvedEntry | None:
    """Give an entry's inclusion in the newest checkpoint; None while no checkpoint covers it."""
    with store.read() as connection:
        head = log_rows.head(connection, log)
        if head is None or not 0 <= index < head.size:
            return None
        octets = log_rows.entries(connection, log, index, index + 1)[0]
        hashes = merkle.make_inclusion(index, head.size, Tree(connection, log).range)
        return ProvedEntry(index, octets, hashes, head.note)


def prove_growth(store: Store, log: str, old: int) -> tuple[list[bytes], bytes] | None:
    """Give the consistency proof from `old` to the newest checkpoint, and that checkpoint's note.

    None while there is no checkpoint, or for a size larger than it. From 0 the proof is empty.
    """
    with store.read() as connection:
        head = log_rows.head(connection, log)
        if head is None or not 0 <= old <= head.size:
            return None
        if old == 0:
            return [], head.note
        proof = merkle.make_consistency(old, head.size, Tree(connection, log).range)
        return proof, head.note

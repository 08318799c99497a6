"""The Merkle tree of RFC 6962 section 2.1: hashes, and proofs made and verified.

Proofs are verified by the algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2, with the guards
of evidence-log 1.2: every hash has 32 bytes, a proof has at most 63 of them, index < size,
and a consistency proof never starts from an empty tree.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence

from gateway.model.refusal import Refusal

HASH_SIZE = 32
LONGEST_PROOF = 63
EMPTY_ROOT = hashlib.sha256(b"").digest()

# Gives the root hash over the leaves [start, end) of the log.
RangeHash = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry; the prefix keeps a node from passing for a leaf (RFC 6962 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into their parent (RFC 6962 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Give the largest power of two below `size` (size >= 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the tree head over leaf hashes; the empty tree has SHA-256("")."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            pairs.append(level[-1])
        level = pairs
    return level[0]


def make_inclusion(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Give the audit path of leaf `index` in the tree of `size` leaves (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("the index lies outside the tree")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    path.reverse()
    return path


def make_consistency(old: int, new: int, range_hash: RangeHash) -> list[bytes]:
    """Give the proof that the first `old` leaves of `new` are unchanged (RFC 6962 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError("sizes must satisfy 0 < old <= new")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, end))
    path.reverse()
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> int:
    """Give back the index once the proof leads from the leaf to the root (RFC 9162 2.1.3.2).

    Refuses `log.proof-wrong`.
    """
    _guard([leaf, root, *proof])
    if not 0 <= index < size:
        raise _wrong("the index must lie inside the tree")
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _wrong("the proof has more hashes than the tree has levels")
        if node % 2 or node == last:
            found = node_hash(sibling, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last or not hmac.compare_digest(found, root):
        raise _wrong("the proof must lead from the entry to the root of the checkpoint")
    return index


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> int:
    """Give back the new size once the old tree is its prefix (RFC 9162 2.1.4.2).

    Refuses `log.proof-wrong`.
    """
    _guard([old_root, new_root, *proof])
    if not 0 < old <= new:
        raise _wrong("the old size must be between one and the new size")
    if old == new:
        if proof or not hmac.compare_digest(old_root, new_root):
            raise _wrong("one size must have one root, and needs no proof")
        return new
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise _wrong("the proof is empty")
    node, last = old - 1, new - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    old_found, new_found, last = _climb_both(path, node, last)
    same = hmac.compare_digest(old_found, old_root) and hmac.compare_digest(new_found, new_root)
    if last or not same:
        raise _wrong("the proof must lead to both roots")
    return new


def _climb_both(path: Sequence[bytes], node: int, last: int) -> tuple[bytes, bytes, int]:
    # Steps 4 to 6 of RFC 9162 2.1.4.2.
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _wrong("the proof has more hashes than the tree has levels")
        if node % 2 or node == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        node, last = node >> 1, last >> 1
    return old_found, new_found, last


def _guard(hashes: Sequence[bytes]) -> None:
    if len(hashes) > LONGEST_PROOF + 3:
        raise _wrong("a proof has at most 63 hashes")
    if any(len(one) != HASH_SIZE for one in hashes):
        raise _wrong("every hash has 32 bytes")


def _wrong(rule: str) -> Refusal:
    return Refusal("log.proof-wrong", step="verify", rule=rule, place="proof")

"""Hashes over a partner's tiles are those over its leaves, at every level."""

import hashlib
from functools import cache

import pytest

from gateway.exchange.export import _range_of_tiles
from gateway.proof import merkle, tiles

SIZE = 66_000


@cache
def nodes(level: int) -> list[bytes]:
    """All hashes that tiles of a level hold: roots of full subtrees of 256**level leaves."""
    if level == 0:
        return [hashlib.sha256(b"%d" % number).digest() for number in range(SIZE)]
    below = nodes(level - 1)
    full = len(below) // tiles.WIDTH
    return [merkle.root_of(below[at * tiles.WIDTH : (at + 1) * tiles.WIDTH]) for at in range(full)]


def fetch(level: int | None, number: int) -> bytes:
    assert level is not None
    return b"".join(nodes(level)[number * tiles.WIDTH : (number + 1) * tiles.WIDTH])


@pytest.mark.parametrize("index", [0, 255, 256, 511, 512, 65_535, 65_536, SIZE - 1])
@pytest.mark.parametrize("size", [SIZE, 65_537, 65_536, 512, 300])
def test_an_entry_is_included_by_the_partner_s_tiles(index: int, size: int) -> None:
    if index >= size:
        index %= size
    proof = merkle.make_inclusion(
        index, size, lambda start, end: _range_of_tiles(start, end, fetch)
    )
    root = merkle.root_of(nodes(0)[:size])
    assert merkle.verify_inclusion(nodes(0)[index], index, size, proof, root) == index

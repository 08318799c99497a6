"""What others read of a log is the same, whatever of it is stored."""

import pytest
from sqlalchemy import select

from gateway.proof import merkle, tiles
from gateway.store.connection import Store
from gateway.store.tables import TILE
from gateway.transparency.append import publish
from gateway.transparency.published import published_tile
from tests.support.evidence import LOGS, log_key
from tests.unit.transparency.test_tree import grown

LOG, KEY = LOGS["KZ"], log_key("KZ")


@pytest.fixture
def leaves(store: Store) -> list[bytes]:
    """A log published at 300, 600 and 2,000 entries."""
    found: list[bytes] = []
    for count in (300, 300, 1_400):
        grown(store, found, count)
        publish(store, LOG, KEY)
    return found


@pytest.mark.parametrize("size", [300, 600, 2_000])
def test_each_published_size_has_its_tiles(store: Store, leaves: list[bytes], size: int) -> None:
    ends = {}
    for name in tiles.tiles_of(size):
        ends[name.level] = name
    with store.read() as turn:
        for level, name in ends.items():
            unit = tiles.WIDTH ** (level or 0)
            firsts = range(name.number * tiles.WIDTH * unit, size - size % unit, unit)
            wanted = [merkle.root_of(leaves[at : at + unit]) for at in firsts]
            assert published_tile(turn, LOG, name.path()) == b"".join(wanted)


def test_a_bundle_holds_its_entries(store: Store, leaves: list[bytes]) -> None:
    with store.read() as turn:
        found = published_tile(turn, LOG, "tile/entries/001.p/44")
    assert found is not None
    assert [merkle.leaf_hash(one) for one in tiles.read_bundle(found)] == leaves[256:300]


@pytest.mark.parametrize(
    "path",
    ["tile/0/007.p/209", "tile/entries/007.p/209", "tile/1/000.p/8", "tile/63/000", "tile/x"],
)
def test_what_no_checkpoint_covers_is_not_there(
    store: Store, leaves: list[bytes], path: str
) -> None:
    with store.read() as turn:
        assert len(leaves) == 2_000
        assert published_tile(turn, LOG, path) is None


def test_only_full_tiles_and_the_newest_above_level_0_are_stored(
    store: Store, leaves: list[bytes]
) -> None:
    newest = {one.path() for one in tiles.tiles_of(len(leaves)) if one.level}
    with store.read() as turn:
        assert set(turn.execute(select(TILE.c.path)).scalars()) == newest

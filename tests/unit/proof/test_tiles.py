"""Tile paths, and bundles of entries (tlog-tiles)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.proof import tiles
from tests.unit.proof.test_note import ENTRIES


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (tiles.TileName(0, 1234067), "tile/0/x001/x234/067"),
        (tiles.TileName(0, 0, 5), "tile/0/000.p/5"),
        (tiles.TileName(None, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_a_path_is_written_and_read_back(name: tiles.TileName, path: str) -> None:
    assert (name.path(), tiles.read_path(path)) == (path, name)


def test_a_log_of_70000_has_the_published_tiles() -> None:
    names = tiles.tiles_of(70_000)
    level = [len([one for one in names if one.level == number]) for number in range(3)]
    partial = [one.path() for one in names if one.width != 256]
    assert (level, partial) == (
        [274, 2, 1],
        ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"],
    )


@pytest.mark.parametrize("old", [0, 1, 255, 256, 65_535, 65_536, 69_999])
def test_what_grows_is_what_the_new_size_has_beyond_the_old_one(old: int) -> None:
    before, after = ({one for one in tiles.tiles_of(n) if one.level} for n in (old, 70_000))
    assert set(tiles.grown(old, 70_000)) == after - before
    assert set(tiles.overtaken(old, 70_000)) == before - after


def test_the_known_entry_bundle_has_101_bytes() -> None:
    assert len(tiles.bundle_bytes(ENTRIES)) == 101


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_a_bundle_reads_back(entries: list[bytes]) -> None:
    assert tiles.read_bundle(tiles.bundle_bytes(entries)) == entries


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x05abc"])
def test_a_cut_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match=r"log\.malformed"):
        tiles.read_bundle(data)


@pytest.mark.parametrize(
    "path", ["tile/0/1", "tile/64/000", "tile/0/000.p/256", "tile/0/000.p/0", "x", "tile/a/000"]
)
def test_another_path_is_refused(path: str) -> None:
    with pytest.raises(Refusal, match=r"log\.malformed"):
        tiles.read_path(path)


def test_a_tile_of_another_size_is_refused() -> None:
    with pytest.raises(Refusal, match=r"log\.malformed"):
        tiles.read_tile(bytes(33), 1)

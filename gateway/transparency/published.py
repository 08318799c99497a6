"""The tiles and bundles of a log as others read them (c2sp.org/tlog-tiles).

Tiles of level 0 and bundles are not stored: they are the entries and their hashes over again, a
bundle once and its overtaken partial ones many times. A partial tile is the beginning of a wider
one, so one row a tile of the levels above holds every width that was published.
"""

from gateway.model.refusal import Refusal
from gateway.proof import tiles
from gateway.store import log_rows
from gateway.store.connection import Turn
from gateway.transparency.tree import Tree


def published_tile(turn: Turn, log: str, path: str) -> bytes | None:
    """Give a tile's or bundle's bytes by its path; None when no checkpoint covers it."""
    head = log_rows.head(turn, log)
    try:
        name = tiles.read_path(path)
    except Refusal:
        return None
    first, level = name.number * tiles.WIDTH, name.level or 0
    if head is None or (first + name.width) * tiles.WIDTH**level > head.size:
        return None
    if name.level is None:
        return tiles.bundle_bytes(log_rows.entries(turn, log, first, first + name.width))
    return b"".join(Tree(turn, log).hashes(level, first, name.width))

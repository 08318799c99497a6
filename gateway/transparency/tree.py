"""Hashes over ranges of a log, from the highest tiles that hold them (c2sp.org/tlog-tiles).

A range costs a few reads, however large the log is: whole subtrees of 256 to the power of L leaves
stand in the tiles of level L, and only the leaves behind the newest checkpoint are read one by one.
"""

from gateway.proof import merkle, tiles
from gateway.store import log_rows
from gateway.store.connection import Turn

# A level holds 256 times the leaves of the one below it: 8 bits.
_LEVEL_BITS = 8


class Tree:
    """One log as one turn sees it; what was read is kept for the turn."""

    def __init__(self, connection: Turn, log: str) -> None:
        """Begin with what was published last."""
        head = log_rows.head(connection, log)
        self._connection, self._log = connection, log
        self._published = 0 if head is None else head.size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def range(self, start: int, end: int) -> bytes:
        """Give the hash over leaves [start, end) (RFC 9162 section 2.1.1)."""
        count = end - start
        if count & (count - 1) == 0 and start % count == 0:
            level = (count.bit_length() - 1) // _LEVEL_BITS
            unit = tiles.WIDTH**level
            return merkle.root_of(self.hashes(level, start // unit, count // unit))
        if count < tiles.WIDTH:
            return merkle.root_of(log_rows.leaves(self._connection, self._log, start, end))
        middle = start + merkle.split(count)
        return merkle.node_hash(self.range(start, middle), self.range(middle, end))

    def hashes(self, level: int, first: int, count: int) -> list[bytes]:
        """Give hashes of one tile of a level, full or not: `count` of them from `first` on."""
        if level == 0:
            return log_rows.leaves(self._connection, self._log, first, first + count)
        number, offset = divmod(first, tiles.WIDTH)
        known = self._tile(level, number)
        while len(known) < offset + count:
            below = (number * tiles.WIDTH + len(known)) * tiles.WIDTH
            known.append(merkle.root_of(self.hashes(level - 1, below, tiles.WIDTH)))
        return known[offset : offset + count]

    def _tile(self, level: int, number: int) -> list[bytes]:
        """Give what is published of a tile, to be added to."""
        if (level, number) not in self._tiles:
            done = self._published // tiles.WIDTH**level - number * tiles.WIDTH
            width = min(tiles.WIDTH, max(0, done))
            path = tiles.TileName(level, number, width).path()
            octets = log_rows.tile(self._connection, self._log, path) if width else None
            known = [] if octets is None else tiles.read_tile(octets, width)
            self._tiles[level, number] = list(known)
        return self._tiles[level, number]

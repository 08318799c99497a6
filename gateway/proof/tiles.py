"""Tiles and entry bundles of a log, and their paths (c2sp.org/tlog-tiles v0.1.0)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.model.refusal import Refusal
from gateway.proof.merkle import HASH_SIZE

WIDTH = 256
LARGEST_ENTRY = 65_535


@dataclass(frozen=True, slots=True)
class TileName:
    """One tile: level 0 to 63 (None for an entry bundle), number, and width 1 to 256."""

    level: int | None
    number: int
    width: int = WIDTH

    def path(self) -> str:
        """Give the path below the log's prefix, e.g. `tile/0/x001/067.p/5`."""
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{number_path(self.number)}{partial}"


def number_path(number: int) -> str:
    """Write a tile number in groups of three: 1234067 is `x001/x234/067`."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def read_path(path: str) -> TileName:
    """Read `tile/<L>/<N>[.p/<W>]` back; refuses `log.malformed` for any other spelling."""
    parts = path.split("/")
    try:
        level = None if parts[1] == "entries" else int(parts[1])
        width = WIDTH
        rest = parts[2:]
        if len(rest) >= 2 and rest[-2].endswith(".p"):
            width = int(rest.pop())
            rest[-1] = rest[-1].removesuffix(".p")
        number = int("".join(group.removeprefix("x") for group in rest))
        name = TileName(level, number, width)
        spelled = name.path() == path
    except (ValueError, IndexError):
        spelled, name = False, TileName(0, 0)
    if not spelled or (name.level or 0) > 63 or not 1 <= name.width <= WIDTH:
        raise _malformed("a tile path is tile/<level>/<number>[.p/<width>]", "path")
    return name


def tiles_of(size: int) -> list[TileName]:
    """Give every hash tile of a log of `size` entries, full and partial, lowest level first."""
    names: list[TileName] = []
    level, width = 0, size
    while width:
        names += [TileName(level, number) for number in range(width // WIDTH)]
        if width % WIDTH:
            names.append(TileName(level, width // WIDTH, width % WIDTH))
        level, width = level + 1, width // WIDTH
    return names


def grown(old: int, size: int) -> list[TileName]:
    """Give the hash tiles above level 0 that a log of `size` has and that of `old` had not."""
    names: list[TileName] = []
    level, before, width = 1, old // WIDTH, size // WIDTH
    while width:
        for number in range(before // WIDTH, (width + WIDTH - 1) // WIDTH):
            name = TileName(level, number, min(WIDTH, width - number * WIDTH))
            if number * WIDTH + name.width > before:
                names.append(name)
        level, before, width = level + 1, before // WIDTH, width // WIDTH
    return names


def overtaken(old: int, size: int) -> list[TileName]:
    """Give the partial tiles above level 0 of a log of `old` that are wider at `size`."""
    names: list[TileName] = []
    level, before, width = 1, old // WIDTH, size // WIDTH
    while before:
        if before % WIDTH and width > before:
            names.append(TileName(level, before // WIDTH, before % WIDTH))
        level, before, width = level + 1, before // WIDTH, width // WIDTH
    return names


def bundle_bytes(entries: Sequence[bytes]) -> bytes:
    """Join up to 256 entries, each behind its length as uint16 big-endian."""
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise ValueError("an entry has at most 65,535 bytes")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def read_bundle(data: bytes) -> list[bytes]:
    """Split an entry bundle; refuses `log.malformed` when a length passes the end."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise _malformed("an entry starts with its length", f"byte {at}")
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            raise _malformed("an entry ends inside its bundle", f"byte {at}")
        entries.append(data[at + 2 : end])
        at = end
    return entries


def read_tile(data: bytes, width: int) -> list[bytes]:
    """Split a hash tile of `width` hashes; refuses `log.malformed` for another size."""
    if len(data) != width * HASH_SIZE:
        raise _malformed("a tile holds exactly its width of 32-byte hashes", "tile")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def _malformed(rule: str, place: str) -> Refusal:
    return Refusal("log.malformed", step="verify", rule=rule, place=place)

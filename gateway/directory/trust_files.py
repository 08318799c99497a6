"""Write files of a trust folder so that a reader sees the old or the new one, never half."""

import os
from pathlib import Path

MARKER = "current"


def replace_file(file: Path, data: bytes) -> None:
    """Write a file by rename; when this returns, it survives power loss."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    with unfinished.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(file)
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def changed(trust: Path) -> None:
    """Tell every process that reads this trust folder to read it again."""
    marker = trust / MARKER
    count = int(marker.read_bytes() or b"0") if marker.exists() else 0
    replace_file(marker, str(count + 1).encode("ascii"))


def stamp_of(trust: Path) -> tuple[int, int]:
    """Give what changes whenever the marker does; cheap enough for every request."""
    try:
        found = (trust / MARKER).stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns

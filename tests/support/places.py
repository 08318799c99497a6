"""Where a store stands, as one argument of a command."""

from pathlib import Path

from gateway.config.config import ServerDatabase


def write_place(place: Path | ServerDatabase) -> str:
    return str(place) if isinstance(place, Path) else place.url


def read_place(text: str) -> Path | ServerDatabase:
    return ServerDatabase(text) if "://" in text else Path(text)

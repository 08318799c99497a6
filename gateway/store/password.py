"""The password of a database: in a file of its own, never in a URL of the settings."""

import stat
from pathlib import Path

from sqlalchemy import URL, make_url

from gateway.config.config import ServerDatabase
from gateway.store.turns import StoreError


def with_password(place: ServerDatabase) -> URL:
    """Give the address with its password. StoreError when others could read the file."""
    url = make_url(place.url)
    if place.password_file is None:
        return url
    return url.set(password=_secret(place.password_file))


def _secret(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        found = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file}: the database's password cannot be read") from error
    if mode & 0o077:
        raise StoreError(f"{file}: mode {mode:04o} lets others read it; run chmod 600")
    return found

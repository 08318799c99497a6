"""Local console accounts: a 0600 file of names and Argon2id hashes (RFC 9106)."""

import base64
import json
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


def _zeros(size: int) -> str:
    return base64.b64encode(bytes(size)).rstrip(b"=").decode("ascii")


_HASHER = PasswordHasher()
# Verified when the name is unknown, so that both answers take the same time. All zeros is no
# password's hash; to make a real one would cost every start a quarter of a second.
_NOBODY = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${_zeros(_HASHER.salt_len)}${_zeros(_HASHER.hash_len)}"
)


def add_user(file: Path, name: str, password: str) -> None:
    """Add an account or give it a new password."""
    users = _users(file)
    users[name] = _HASHER.hash(password)
    file.touch(mode=0o600)
    file.write_text(json.dumps(users, indent=2) + "\n", "utf-8")


def password_is_right(file: Path, name: str, password: str) -> bool:
    """Tell whether the account exists and has this password."""
    users = _users(file)
    try:
        _HASHER.verify(users.get(name, _NOBODY), password)
    except (VerificationError, InvalidHashError):
        return False
    return name in users


def _users(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found

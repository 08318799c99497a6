"""A submitter's profile: whose system this is, where its gateway is, and its key."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from gateway.proof.keys import CertifiedKey, load_certified_key


class ProfileError(Exception):
    """A profile that cannot be used; says which file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One submitter: authority, base URL of its own gateway's API, and its ES256 key."""

    authority: str
    url: str
    key: CertifiedKey


def load_profile(file: Path) -> Profile:
    """Read `<name>.toml` with `authority`, `url`, `key`, `chain`. ProfileError, KeyFileError."""
    try:
        found = tomllib.loads(file.read_text("utf-8"))
        key = load_certified_key(file.parent / found["key"], file.parent / found["chain"])
        return Profile(str(found["authority"]), str(found["url"]), key)
    except OSError as error:
        raise ProfileError(f"{file}: cannot be read; give the path of a profile") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ProfileError(f"{file}: a profile has authority, url, key and chain") from error

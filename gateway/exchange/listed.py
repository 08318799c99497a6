"""A submitter's key and rights in the directory, proved once a directory version and window.

A path costs several verifications and does not change while the directory, its revocations and the
certificates' days stay the same; so what was proved is kept under the directory's digest and the
key, with the window in which every certificate of the path is valid and the directory announces
the key, until its revocation.
"""

from dataclasses import dataclass
from datetime import datetime

from gateway.model.rights import Submitter, read_submitter
from gateway.proof.trust import Directory, ListedKey

_MOST = 4096


@dataclass(frozen=True, slots=True)
class ListedSubmitter:
    """A submitter's proved key, what the directory says of it, and when that may be said again."""

    key: ListedKey
    submitter: Submitter
    begins: datetime
    ends: datetime


_PROVED: dict[tuple[str, str], ListedSubmitter] = {}


def listed_submitter(directory: Directory, keyid: str, at: datetime) -> ListedSubmitter:
    """Give the submitter that the directory lists under a key. Refuses as `Directory.key`."""
    name = (directory.sha256, keyid)
    known = _PROVED.get(name)
    if known is not None and known.begins <= at < known.ends:
        return known
    found = _prove(directory, keyid, at)
    if len(_PROVED) >= _MOST:
        _PROVED.clear()
    _PROVED[name] = found
    return found


def _prove(directory: Directory, keyid: str, at: datetime) -> ListedSubmitter:
    key = directory.key(keyid, role="submitter", at=at)
    members = directory.submitters[key.name]
    submitter = read_submitter(key.name, members, state=directory.state)
    path, notice = (*key.chain, *directory.roots), directory.revoked.get(keyid)
    begins = [key.begins, *(one.not_valid_before_utc for one in path)]
    ends = [
        key.ends,
        None if notice is None else notice.at,
        *(one.not_valid_after_utc for one in path),
    ]
    return ListedSubmitter(key, submitter, max(filter(None, begins)), min(filter(None, ends)))

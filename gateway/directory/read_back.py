"""Read what is about to be published as partners will: by the offline reader, from the first root.

A directory that its own state can read and its partners refuse stops every exchange with it, and
its version number is spent; so it is refused before it is written.
"""

from collections.abc import Mapping
from pathlib import Path

from gateway.directory.roles import CeremonyError
from gateway.model.refusal import Refusal
from gateway.proof.directory_files import read_files
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import folder_reader, read_state
from gateway.proof.tuf_metadata import Read, newest_state, read_roots

_FIRST, _TIMESTAMP = "metadata/1.root.json", "metadata/timestamp.json"
_STATE = "the directory"


def require_readable(folder: Path, files: Mapping[str, bytes]) -> None:
    """Require that `folder` with `files` written over it is a directory that partners take.

    files: by path below the folder. CeremonyError names the file and the rule: metadata that does
    not verify, a file that is not what its place says, or a revocation that is taken back.
    """
    kept = folder_reader(folder)

    def read(name: str) -> bytes | None:
        return files.get(name) or kept(name)

    try:
        after = _directory(read)
    except Refusal as refusal:
        raise _refused(refusal.rule, refusal.place) from None
    taken_back = _revoked(kept) - after.revoked.keys()
    if taken_back:
        rule = "what was revoked stays revoked; the notice must stay"
        raise _refused(rule, ", ".join(sorted(taken_back)))


def _directory(read: Read) -> Directory:
    found = newest_state(read, read_roots(read, read(_FIRST) or b""))
    for path, data in found.files.items():
        try:
            read_files(_STATE, found.version, found.sha256, {path: data})
        except Refusal as refusal:
            raise Refusal(refusal.code, step="publish", rule=refusal.rule, place=path) from None
    return read_state(_STATE, found)


def _revoked(kept: Read) -> set[str]:
    if kept(_TIMESTAMP) is None:
        return set()
    try:
        return set(_directory(kept).revoked)
    except Refusal:
        # Cut off after a new root: what stands cannot be read, and this publication heals it.
        return set()


def _refused(rule: str, place: str) -> CeremonyError:
    return CeremonyError(
        f"partners would refuse this directory: {rule} ({place}). Correct the file, stage it again "
        "in a new draft and have it signed. Nothing was published."
    )

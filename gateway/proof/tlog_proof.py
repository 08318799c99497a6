"""An inclusion proof with its checkpoint in one text file (c2sp.org/tlog-proof@v1)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.model.refusal import Refusal
from gateway.proof.merkle import HASH_SIZE, LONGEST_PROOF

_FIRST = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class InclusionFile:
    """A proof as read: the entry's index, the audit path, and the checkpoint note's bytes."""

    index: int
    hashes: tuple[bytes, ...]
    note: bytes


def write_proof(index: int, hashes: Sequence[bytes], note: bytes) -> bytes:
    """Write the file; the note stands verbatim behind an empty line."""
    lines = [_FIRST, f"index {index}", *(base64.b64encode(one).decode() for one in hashes), ""]
    return "\n".join(lines).encode("ascii") + b"\n" + note


def read_proof(data: bytes) -> InclusionFile:
    """Read the file. Refuses `log.malformed` for another spelling or a hash of another size."""
    head, mark, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        first, index, *hashes = lines
        number = int(index.removeprefix("index "))
        path = tuple(base64.b64decode(one, validate=True) for one in hashes)
    except (UnicodeDecodeError, ValueError, binascii.Error):
        raise _malformed("a proof file has its first line, an index and base64 hashes") from None
    if not mark or first != _FIRST or index != f"index {number}" or number < 0:
        raise _malformed("a proof file starts with its version and its index")
    if len(path) > LONGEST_PROOF or any(len(one) != HASH_SIZE for one in path):
        raise _malformed("a proof has at most 63 hashes of 32 bytes")
    return InclusionFile(number, path, note)


def _malformed(rule: str) -> Refusal:
    return Refusal("log.malformed", step="verify", rule=rule, place="tlog-proof")

"""Which unavoidable parts a batch of records really takes, counted as it goes its whole way.

Both gateways, the submitter and the ministry run in this process (`tests.bench.steps`); each call
of the libraries that sign, verify, encrypt and pack is seen, and each turn that waits for the disk.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from gateway.store.sqlite import SqliteStore
from tests.bench.steps import Spent, opened, states

# By the name and kind of what is called: compiled code of the libraries.
_PARTS = {
    ("sign", "ECPrivateKey"): "sign",
    ("verify", "ECPublicKey"): "verify",
    ("encrypt", "AESGCM"): "encrypt",
    ("decrypt", "AESGCM"): "decrypt",
    ("compress", "ZstdCompressor"): "pack",
    ("decompress", "ZstdDecompressor"): "unpack",
}
_WRITE: Any = SqliteStore.write
_TURN = _WRITE.__wrapped__.__code__


def counted(records: int) -> dict[str, float]:
    """Give how often each part is done for one record of a submission of so many."""
    found: Counter[str] = Counter()

    def see(frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            part = _PARTS.get((arg.__name__, type(getattr(arg, "__self__", None)).__name__))
            if part is not None:
                found[part] += 1
        # A turn is a generator: it returns once, however often it was gone on with.
        elif event == "return" and frame.f_code is _TURN and arg is None:
            found["commit"] += frame.f_locals["lasting"]

    with tempfile.TemporaryDirectory(prefix="lmx-counted-") as folder:
        once, _, _ = opened(Path(folder), states(Path(folder)), Spent(), records)
        # What is done once a process or a second is none of a record's.
        once()
        sys.setprofile(see)
        try:
            once()
        finally:
            sys.setprofile(None)
    return {part: round(count / records, 3) for part, count in sorted(found.items())}

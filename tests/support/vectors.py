"""Where the public test vectors lie: beside the checkout; absent ones skip loudly or fail."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2].parent / "shared" / "vectors"


def corpus(name: str) -> Path:
    """Give the folder of a corpus; skips with its name, or fails under LMX_REQUIRE_ALL=1."""
    folder = ROOT / name
    if folder.is_dir():
        return folder
    reason = f"SKIPPED CORPUS {name}: no folder shared/vectors/{name} beside the checkout"
    if os.environ.get("LMX_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    print(reason)
    pytest.skip(reason)

"""Independent judges: programs of the machine; absent ones skip loudly or fail."""

import os
import shutil

import pytest


def program(name: str) -> str:
    """Give the path of a program; skips with its name, or fails under LMX_REQUIRE_ALL=1."""
    found = shutil.which(name)
    if found:
        return found
    reason = f"SKIPPED JUDGE {name}: the program is not installed"
    if os.environ.get("LMX_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    print(reason)
    pytest.skip(reason)

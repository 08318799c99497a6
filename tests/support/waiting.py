"""Waiting for what another process does: asked again and again, never slept for."""

import threading
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 60.0


def until(
    holds: Callable[[], Any],
    what: str,
    *,
    every: float = 0.05,
    patience: float = PATIENCE_SECONDS,
) -> Any:
    """Ask until it holds; fails after `patience` seconds."""
    ticks = threading.Event()
    for _ in range(int(patience / every)):
        if found := holds():
            return found
        ticks.wait(every)
    raise AssertionError(f"waited in vain for {what}")

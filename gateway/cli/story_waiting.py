"""How the demonstration waits for what its gateways do."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from gateway.delivery.link import UnreachableError

# A gateway that ended is told at once; one that runs may be slow on a machine with other work.
PATIENCE_SECONDS = 180.0
STEP_SECONDS = 0.1
# Waits until something holds; the text names it.
Until = Callable[[Callable[[], bool], str], None]


def wait_until(
    folder: Path,
    gateways: Sequence["subprocess.Popen[bytes]"],
    holds: Callable[[], bool],
    what: str,
) -> None:
    """Ask until it holds. ClickException when a gateway has ended, or patience has."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not _answered(holds):
        if any(one.poll() is not None for one in gateways):
            raise click.ClickException(f"a gateway ended; see {folder}/gateways.log")
        if time.monotonic() > ends:
            raise click.ClickException(f"waited {PATIENCE_SECONDS:.0f} s for {what}; see {folder}")
        time.sleep(STEP_SECONDS)


def _answered(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except UnreachableError:
        # Not up yet, or too busy for one answer: it is asked again.
        return False

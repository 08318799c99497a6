"""The bell wakes who listens, and nobody waits for it."""

import threading
import time
from pathlib import Path

import pytest

from gateway.delivery.bell import NAME, Bell

LONG = 30.0


@pytest.fixture
def bell(tmp_path: Path) -> Bell:
    return Bell(tmp_path / NAME)


def test_ringing_wakes_the_worker(bell: Bell) -> None:
    hearing, begun = bell.hung(), time.monotonic()
    threading.Timer(0.05, bell.ring, ["KZ"]).start()
    assert hearing.wait(LONG, lambda: False) == {"KZ"}
    assert time.monotonic() - begun < LONG / 2


def test_it_tells_for_which_partners_it_rang(bell: Bell) -> None:
    hearing = bell.hung()
    for partner in ("KZ", "UZ", "KZ"):
        bell.ring(partner)
    assert hearing.wait(LONG, lambda: False) == {"KZ", "UZ"}
    assert hearing.wait(0.0, lambda: False) == frozenset()


def test_what_rang_before_is_heard_once(bell: Bell) -> None:
    hearing = bell.hung()
    for _ in range(3):
        bell.ring("KZ")
    begun = time.monotonic()
    hearing.wait(LONG, lambda: False)
    assert time.monotonic() - begun < LONG / 2
    waited = time.monotonic()
    hearing.wait(0.1, lambda: False)
    assert time.monotonic() - waited >= 0.1


def test_ringing_where_nobody_listens_is_no_error(bell: Bell) -> None:
    bell.ring("KZ")
    bell.hung()
    bell.ring("KZ")


def test_a_bell_that_nobody_hears_never_holds_up_who_rings(bell: Bell) -> None:
    bell.hung()
    for _ in range(100_000):
        bell.ring("KZ")


def test_a_stop_is_told(bell: Bell) -> None:
    assert bell.hung().wait(LONG, lambda: True) is None


def test_only_the_gateway_s_user_may_ring(bell: Bell) -> None:
    bell.hung()
    assert bell.file.stat().st_mode & 0o777 == 0o600

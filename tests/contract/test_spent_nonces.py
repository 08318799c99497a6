"""The worker forgets nonces of requests that are too old to be taken, and no others."""

from pathlib import Path

from sqlalchemy import select

from gateway.proof.http_signature import WINDOW_SECONDS
from gateway.store.submission_rows import spend_nonce
from gateway.store.tables import NONCE
from tests.support.two_offices import two_offices


def test_what_is_too_old_to_be_taken_is_forgotten(tmp_path: Path) -> None:
    with two_offices(tmp_path) as offices:
        store, now = offices.kz.office.store, int(offices.kz.office.clock().timestamp())
        with store.write() as turn:
            spend_nonce(turn, "key", "old", now)
            spend_nonce(turn, "key", "young", now + 2 * WINDOW_SECONDS)
        offices.clock.turn(seconds=2 * WINDOW_SECONDS + 1)
        offices.kz.worker.round()
        with store.read() as turn:
            wanted = select(NONCE.c.nonce).where(NONCE.c.keyid == "key")
            assert list(turn.execute(wanted).scalars()) == ["young"]

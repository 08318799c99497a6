"""SIGKILL at each failpoint of security.md section 6: every accepted record ends once."""

import os
import signal
from pathlib import Path

import pytest

from gateway.client import client
from gateway.delivery.link import UnreachableError
from gateway.wiring import now
from tests.bench.machine import family
from tests.support.cluster import cluster
from tests.support.gateways import SAMPLES, Ground, codes, ground, until

CONTRACT = SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml"


def _submit(made: Ground) -> dict[str, object] | None:
    _, link = made.actor("kz.labour-ministry")
    try:
        return client.submit(
            link,
            CONTRACT.read_bytes(),
            to="uz.migration-agency",
            purpose="contract-registration",
            idempotency="one-and-the-same-key",
        )
    except UnreachableError:
        return None


def _take_and_confirm(made: Ground) -> None:
    profile, link = made.actor("uz.migration-agency")
    try:
        taken = client.take(link)
        if taken:
            client.confirm(link, profile.key, taken, at=now())
    except (UnreachableError, client.AnsweredError):
        return


@pytest.mark.parametrize("_round", range(int(os.environ.get("LMX_KILLS", "1"))))
@pytest.mark.parametrize(
    ("point", "killed"),
    [
        ("K1", "KZ"),
        ("K3", "KZ"),
        ("K4", "KZ"),
        ("K5", "KZ"),
        ("K6", "KZ"),
        ("K8", "KZ"),
        ("K9", "KZ"),
        ("K10", "KZ"),
        ("K4", "UZ"),
        ("K11", "UZ"),
        ("K13", "UZ"),
    ],
)
def test_a_killed_gateway_ends_every_record_once(
    tmp_path: Path, point: str, killed: str, _round: int
) -> None:
    with ground(tmp_path) as made:
        _end_once(made, point, killed)


@pytest.mark.skipif("LMX_STORE" in os.environ, reason="LMX_STORE names one database for all")
@pytest.mark.parametrize(("point", "killed"), [("K5", "KZ"), ("K9", "KZ"), ("K4", "UZ")])
def test_on_postgresql_a_killed_gateway_ends_every_record_once(
    tmp_path: Path, point: str, killed: str
) -> None:
    with ground(tmp_path, databases=cluster().section) as made:
        _end_once(made, point, killed)


def _end_once(made: Ground, point: str, killed: str) -> None:
    for state in ("KZ", "UZ"):
        made.start(state, kill_at=point if state == killed else "")
    made.ready("kz.labour-ministry")
    made.ready("uz.migration-agency")
    _submit(made)
    if point == "K13":
        _, uz = made.actor("uz.migration-agency")
        until(lambda: client.inbox(uz), "the message")
        _take_and_confirm(made)
    made.ended(killed)

    made.start(killed)
    _, kz = made.ready("kz.labour-ministry")
    made.ready("uz.migration-agency")
    answer = _submit(made)
    assert answer is not None
    x = answer["records"][0]["exchangeId"]  # type: ignore[index]
    until(lambda: codes(kz, x)[1:] == ["B.1", "D.1"], "the relay receipt")
    _take_and_confirm(made)
    until(lambda: codes(kz, x) == ["A.1", "B.1", "D.1", "E.1"], "the whole ladder")

    _, uz = made.actor("uz.migration-agency")
    assert codes(uz, x) == ["A.1", "B.1", "D.1", "E.1"]
    assert client.inbox(uz) == []
    metrics = uz.get("/metrics").body.decode()
    assert 'lmx_exchanges{state="E.1"} 1.0' in metrics
    assert metrics.count("lmx_exchanges{") == 1


def test_a_gateway_whose_first_process_is_killed_leaves_none_behind(tmp_path: Path) -> None:
    with ground(tmp_path) as made:
        made.start("KZ")
        made.ready("kz.labour-ministry")
        first = made.running["KZ"].pid
        others = family(first)[1:]
        os.kill(first, signal.SIGKILL)
        made.ended("KZ")
        until(lambda: not any(Path(f"/proc/{one}").exists() for one in others), "their end")

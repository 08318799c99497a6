"""A ministry that waits at its inbox: told when something comes, and in nobody's way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.client import client
from gateway.web.door import THREADS
from tests.support.gateways import SAMPLES, Ground, ground

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
LONG = 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("wait")) as found:
        for state in ("KZ", "UZ"):
            found.start(state)
        found.ready("kz.labour-ministry")
        found.ready("uz.migration-agency")
        yield found


def test_a_wait_that_sees_nothing_ends_empty(made: Ground) -> None:
    _, uz = made.actor("uz.migration-agency")
    assert client.inbox(uz, after=10**9, wait=1) == []


def test_waiting_requests_hold_no_threads_and_are_told_what_comes(made: Ground) -> None:
    _, kz = made.actor("kz.labour-ministry")
    with ThreadPoolExecutor(THREADS * 2) as waiters:
        links = [made.actor("uz.migration-agency")[1] for _ in range(THREADS * 2)]
        waiting = [waiters.submit(client.inbox, link, wait=LONG) for link in links]
        _, other = made.actor("uz.migration-agency")
        assert client.inbox(other) == []
        assert not any(one.done() for one in waiting)
        x = client.submit(kz, CONTRACT, **TO)["records"][0]["exchangeId"]
        told = [[item["exchangeId"] for item in one.result()] for one in waiting]
    assert told == [[x]] * len(waiting)

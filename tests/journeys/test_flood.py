"""Floods beyond the limits: 429 with the time to wait, and nothing grows."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from gateway.config.config import load_config
from gateway.delivery.link import Link, Reply
from gateway.store.connection import Store, open_store
from gateway.store.tables import ENTRY, NONCE, SUBMISSION
from gateway.wiring import open_gateway
from tests.support.gateways import Ground, ground

# What a minute allows, and how much more is asked within it.
ALLOWED, ASKED = 5, 60
LIMITS = f"""
[limits]
requests = {ALLOWED}
[limits.partners]
requests = {ALLOWED}
bytes = 1000000
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("states")) as found:
        file = found.settings["KZ"]
        file.write_text(file.read_text("utf-8") + LIMITS, "utf-8")
        found.start("KZ")
        found.ready("kz.labour-ministry")
        yield found


@pytest.fixture(scope="module")
def store(made: Ground) -> Store:
    return open_store(load_config(made.settings["KZ"]).database)


def _rows(store: Store) -> list[int]:
    with store.read() as turn:
        tables = (NONCE, SUBMISSION, ENTRY)
        return [turn.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]


def _flooded(ask: Callable[[], Reply], store: Store) -> tuple[list[Reply], list[int], list[int]]:
    """Ask until it is refused, then on; gives what came then, and the rows before and after."""
    while ask().status != 429:
        pass
    before = _rows(store)
    replies = [ask() for _ in range(ASKED)]
    return [one for one in replies if one.status == 429], before, _rows(store)


def _submitter(made: Ground) -> Callable[[], Reply]:
    _, link = made.actor("kz.labour-ministry")
    return lambda: link.post("/v1/submissions?to=uz.migration-agency", b"x", "text/csv")


def _partner(made: Ground) -> Callable[[], Reply]:
    link: Link = open_gateway(load_config(made.settings["UZ"])).link_to("KZ")
    body = b'{"items":[{"receipts":[],"x":"x"}]}'
    return lambda: link.post("/peer/v1/receipts", body, "application/json")


@pytest.mark.parametrize("who", [_submitter, _partner])
def test_a_flood_is_refused_with_the_time_to_wait_and_leaves_no_row(
    made: Ground, store: Store, who: Callable[[Ground], Callable[[], Reply]]
) -> None:
    refused, before, after = _flooded(who(made), store)
    # A few of a long flood are taken again, since a minute's share comes back bit by bit.
    taken = ASKED - len(refused)
    assert all(one.after > 0 for one in refused)
    assert len(refused) > ASKED // 2
    assert all(grown - stood <= 2 * taken for stood, grown in zip(before, after, strict=True))

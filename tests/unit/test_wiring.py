"""How a gateway is put together: its bell, and its partners, which are those that have not left."""

import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.config.config import Config, load_config
from gateway.delivery.bell import NAME, Bell
from gateway.directory.followed import Followed, leave, write_followed
from gateway.directory.trust_files import changed
from gateway.wiring import open_gateway
from tests.support.written import four_states

OPENED = """
import sys
from pathlib import Path
from gateway.config.config import load_config
from gateway.wiring import load_shared, open_gateway
config = load_config(Path(sys.argv[1]))
load_shared(config)
before = set(sys.modules)
open_gateway(config)
print(*{one.partition(".")[0] for one in set(sys.modules) - before})
"""


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    with four_states(tmp_path) as settings:
        yield load_config(settings["KZ"])


def test_what_is_submitted_wakes_the_worker(config: Config) -> None:
    office = open_gateway(config).office
    hearing = Bell(config.data / NAME).hung()
    assert not select.select([hearing.pipe], [], [], 0)[0]
    office.ring("KZ")
    assert select.select([hearing.pipe], [], [], 0)[0]


def test_a_state_that_left_is_no_partner_until_it_is_followed_anew(config: Config) -> None:
    gateway = open_gateway(config)
    assert gateway.partners == ["KG", "TJ", "UZ"]
    followed = Followed("TJ", "http://127.0.0.1:9")
    write_followed(config.trust, followed)
    leave(config.trust, "TJ")
    assert gateway.now().partners == ["KG", "UZ"]
    assert "TJ" in gateway.now().office.trust.directories
    write_followed(config.trust, followed)
    changed(config.trust)
    assert gateway.now().partners == ["KG", "TJ", "UZ"]


def test_what_is_forked_off_shares_what_opens_the_stores(tmp_path: Path) -> None:
    with four_states(tmp_path) as settings:
        # The first opening makes the stores, by packages that no later one needs.
        open_gateway(load_config(settings["KZ"]))
        command = [sys.executable, "-c", OPENED, str(settings["KZ"])]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(found.stdout.split()).isdisjoint({"alembic", "gateway", "sqlalchemy", "sqlite3"})

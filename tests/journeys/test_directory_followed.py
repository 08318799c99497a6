"""A fifth state joins a gateway that runs; its later directories are taken, without a restart."""

import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from certs.states import write_certified_key
from gateway.cli.main import main
from gateway.config.config import load_config
from gateway.delivery.link import Link
from gateway.proof.canonical import canonical_json
from gateway.proof.certificate import pem
from gateway.wiring import PARTNER_ROOTS
from tests.support.directory_server import Served, serving
from tests.support.gateways import Ground, ground, until
from tests.support.pki import authority, key
from tests.support.tuf_states import StateRepository

FIFTH = "TM"
GATEWAY = {
    "name": "gw.tm.example",
    "endpoints": {"peer": "https://127.0.0.1:9", "directory": "http://127.0.0.1:9"},
    "keys": [],
    "logs": [],
    "witness": "",
}


@pytest.fixture
def state() -> StateRepository:
    files = {
        "authority/roots.pem": pem(authority(FIFTH).root.chain),
        "member/gateway.json": canonical_json(GATEWAY),
    }
    return StateRepository(files, datetime.now(UTC))


@pytest.fixture
def server(state: StateRepository) -> Iterator[Served]:
    with serving(state.published) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("followed")) as found:
        file = found.settings["KZ"]
        often = file.read_text("utf-8").replace("[directory]\n", "[directory]\nevery = 1\n")
        file.write_text(often, "utf-8")
        found.start("KZ")
        found.ready("kz.labour-ministry")
        yield found


def version(link: Link) -> float:
    text = link.get("/metrics").body.decode()
    found = re.search(rf'lmx_directory_version{{state="{FIFTH}"}} (\S+)', text)
    return float(found[1]) if found else 0.0


def listens(made: Ground) -> bool:
    config = load_config(made.settings["KZ"])
    with socket.socket() as one:
        return one.connect_ex((config.peer.host, config.peer.port)) == 0


def let_in(made: Ground, folder: Path) -> bool:
    """Tell whether the peer port takes a TLS connection of the fifth state."""
    write_certified_key(folder / "tls", key(FIFTH, "tls"))
    config = load_config(made.settings["KZ"])
    try:
        answer = requests.get(
            f"https://{config.peer}/healthz",
            cert=(str(folder / "tls.pem"), str(folder / "tls.key")),
            verify=str(config.data / PARTNER_ROOTS),
            timeout=5,
        )
    except requests.ConnectionError:
        return False
    return answer.status_code == 200


def asked(made: Ground, *more: str) -> tuple[int, str]:
    found = CliRunner().invoke(
        main, ["directory", "follow", *more, "--config", str(made.settings["KZ"])]
    )
    return found.exit_code, found.output


def test_a_directory_that_begins_to_be_followed_is_known_at_once_and_kept_up(
    made: Ground, state: StateRepository, server: Served, tmp_path: Path
) -> None:
    root = tmp_path / "1.root.json"
    root.write_bytes(state.pinned)
    _, link = made.actor("kz.labour-ministry")
    assert version(link) == 0
    until(lambda: listens(made), "the peer port")
    assert not let_in(made, tmp_path)
    code, told = asked(made, server.url, "--state", FIFTH, "--root", str(root))
    assert (code, told.split()[:4]) == (0, [FIFTH, "current", "version", "1"])
    until(lambda: version(link) == 1, "the fifth state's directory")
    until(lambda: let_in(made, tmp_path), "the peer port to let the fifth state in")
    state.publish()
    until(lambda: version(link) == 2, "its second version")


def test_another_root_for_a_pinned_state_is_refused(
    made: Ground, state: StateRepository, server: Served, tmp_path: Path
) -> None:
    root = tmp_path / "1.root.json"
    root.write_bytes(state.pinned)
    asked(made, server.url, "--state", "AZ", "--root", str(root))
    root.write_bytes(StateRepository({}, datetime.now(UTC)).pinned)
    code, told = asked(made, server.url, "--state", "AZ", "--root", str(root))
    assert (code, "pins another root for AZ" in told) == (1, True)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("http://127.0.0.1:9",), "name whose directory it is"),
        (("http://127.0.0.1:9", "--state", "GE"), "--root is missing"),
        (("ftp://127.0.0.1", "--state", "KG"), "URL begins with"),
    ],
)
def test_what_is_missing_is_named(made: Ground, more: tuple[str, ...], says: str) -> None:
    code, told = asked(made, *more)
    assert (code, says in told) == (2, True)

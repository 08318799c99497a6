"""A full disk: nothing new is taken, what was taken goes on, and room heals it by itself."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.client import client
from gateway.delivery.link import Reply
from gateway.store.sqlite import RESERVE
from gateway.wiring import now
from tests.support.cluster import cluster, started, stop
from tests.support.gateways import SAMPLES, Ground, codes, ground, until

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
SIZE = 3 * RESERVE
# What a PostgreSQL database takes when it is made, and a little room.
SERVER_SIZE = 24 << 20
PIECE = 4096
_NAMESPACE = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
_MOUNTED = f'mount -t tmpfs -o size={SIZE} lmx "$0" && exec "$@"'
_SERVER_MOUNTED = (
    f'mount -t tmpfs -o size={SERVER_SIZE} lmx "$0" && chown --reference "$0/.." "$0" && exec "$@"'
)


def _require_mounts(folder: Path) -> None:
    tried = [*_NAMESPACE, "sh", "-c", _MOUNTED, str(folder), "true"]
    if subprocess.run(tried, check=False, capture_output=True).returncode:
        # No program is missing: this machine lets nobody mount, which the unit tests do without.
        _skip("this machine allows no mount in a namespace")


def _skip(why: str) -> None:
    reason = f"SKIPPED full disk: {why}"
    print(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Kazakhstan and Uzbekistan run; Kazakhstan's data stands on a small disk of its own."""
    folder = tmp_path_factory.mktemp("states")
    _require_mounts(folder)
    with ground(folder, databases=str) as found:
        data = folder / "kz/data"
        data.mkdir(exist_ok=True)
        found.before["KZ"] = [*_NAMESPACE, "sh", "-c", _MOUNTED, str(data)]
        for state in ("KZ", "UZ"):
            found.start(state)
        found.ready("kz.labour-ministry")
        found.ready("uz.migration-agency")
        yield found


@pytest.fixture
def filler(made: Ground) -> Iterator[Path]:
    """A file on Kazakhstan's disk, which is away when the test ends."""
    inside = Path(f"/proc/{made.running['KZ'].pid}/root") / made.folder.relative_to("/")
    file = inside / "kz/data/filler"
    yield file
    file.unlink(missing_ok=True)


def _leave(filler: Path, free: int) -> None:
    """Fill the disk until so many bytes are left."""
    stat = os.statvfs(filler.parent)
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        # In pieces: the gateway writes meanwhile, and takes some of what was free.
        for _ in range((stat.f_bavail * stat.f_frsize - free) // PIECE + 1):
            file.write(bytes(PIECE))


def _submit(made: Ground) -> Reply:
    _, link = made.actor("kz.labour-ministry")
    query = "&".join(f"{name}={value}" for name, value in TO.items())
    return link.post(f"/v1/submissions?{query}", CONTRACT, "application/octet-stream")


def _sent(made: Ground) -> str:
    _, link = made.actor("kz.labour-ministry")
    return str(client.submit(link, CONTRACT, **TO)["records"][0]["exchangeId"])


def test_below_the_reserve_a_submission_is_refused_with_507(made: Ground, filler: Path) -> None:
    _leave(filler, RESERVE // 2)
    reply = _submit(made)
    assert (reply.status, reply.after > 0) == (507, True)
    assert b"storage.full" in reply.body


def test_below_the_reserve_receipts_are_taken_and_reads_answered(
    made: Ground, filler: Path
) -> None:
    x = _sent(made)
    _, kazakh = made.actor("kz.labour-ministry")
    profile, uzbek = made.actor("uz.migration-agency")
    taken = until(lambda: client.take(uzbek), "the message")
    until(lambda: "D.1" in codes(kazakh, x), "the receipt")
    _leave(filler, RESERVE // 2)
    client.confirm(uzbek, profile.key, taken, at=now())
    until(lambda: codes(kazakh, x)[-1] == "E.1", "E.1 on the full disk")


def test_without_any_room_what_is_stored_is_read(made: Ground, filler: Path) -> None:
    x = _sent(made)
    _, kazakh = made.actor("kz.labour-ministry")
    _leave(filler, 0)
    reply = _submit(made)
    assert reply.status == 507
    assert client.status(kazakh, x)["exchangeId"] == x


def test_when_there_is_room_again_records_are_taken_without_a_restart(
    made: Ground, filler: Path
) -> None:
    _leave(filler, 0)
    assert _submit(made).status == 507
    filler.unlink()
    x = _sent(made)
    _, kazakh = made.actor("kz.labour-ministry")
    until(lambda: "D.1" in codes(kazakh, x), "delivery after the disk was full")


def _before_server(folder: Path) -> list[str]:
    (folder / "small").mkdir()
    return [*_NAMESPACE, "sh", "-c", _SERVER_MOUNTED, str(folder / "small")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ground, Path]]:
    """Kazakhstan's records stand in a PostgreSQL whose tables have a small disk; gives that too."""
    cluster()
    folder = tmp_path_factory.mktemp("served")
    if os.getuid() != 0:
        _skip("PostgreSQL does not start as the root of a namespace")
    _require_mounts(folder)
    server = started(_before_server)
    try:
        small = server.folder / "small"
        server.run(f"CREATE TABLESPACE small OWNER lmx LOCATION '{small}'")
        with ground(folder, databases=str) as made:
            file = made.settings["KZ"]
            more = "TEMPLATE lmx TABLESPACE small"
            file.write_text(file.read_text("utf-8") + server.section(more=more), "utf-8")
            for state in ("KZ", "UZ"):
                made.start(state)
            made.ready("kz.labour-ministry")
            made.ready("uz.migration-agency")
            yield made, Path(f"/proc/{server.server.pid}/root") / small.relative_to("/")
    finally:
        stop(server)


def test_a_full_disk_of_the_server_is_told_with_507_and_heals(served: tuple[Ground, Path]) -> None:
    made, disk = served
    _, kazakh = made.actor("kz.labour-ministry")
    x, filler = _sent(made), disk / "filler"
    _leave(filler, 0)
    # Rows go on into what the tables have already, and then no further.
    reply = until(lambda: (told := _submit(made)).status != 202 and told, "no more room")
    assert (reply.status, b"storage.full" in reply.body) == (507, True)
    assert client.status(kazakh, x)["exchangeId"] == x
    filler.unlink()
    sent = _sent(made)
    until(lambda: "D.1" in codes(kazakh, sent), "delivery after the disk was full")

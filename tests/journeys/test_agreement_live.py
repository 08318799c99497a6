"""An agreement is amended by both states and ended by one, by commands, while gateways run."""

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from certs.directories import HOLDERS, OPERATOR_KEYS, PUBLISHED
from gateway.cli.main import main
from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.delivery.link import Link
from tests.support.gateways import SAMPLES, Ground, codes, ground, until

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
V1, V2 = "agreements/KZ-UZ/v1.json", "agreements/KZ-UZ/v2.json"
ACTORS = {"KZ": "kz.labour-ministry", "UZ": "uz.migration-agency"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Ground]:
    with ground(tmp_path) as found:
        for state in ACTORS:
            file = found.settings[state]
            text = file.read_text("utf-8")
            port = re.findall(r"\[directory\]\nhost = .*\nport = (\d+)", text)[0]
            text = text.replace("[directory]\n", "[directory]\nevery = 1\n")
            own = f'[directory.follow]\n{state} = "http://127.0.0.1:{port}"\n'
            file.write_text(text.replace("[directory.follow]\n", own), "utf-8")
            found.start(state)
        for name in ACTORS.values():
            found.ready(name)
        yield found


def lmx(*words: object) -> None:
    ran = CliRunner().invoke(main, [str(one) for one in words])
    assert ran.exit_code == 0, ran.output


def publish(made: Ground, state: str, staged: Path) -> None:
    """Publish what is staged, signed by two holders, and wait until both gateways have it."""
    home = made.settings[state].parent
    draft, published = made.folder / f"draft-{state}-{staged.name}", home / PUBLISHED
    before = {one: version(made, one, state) for one in ACTORS}
    lmx("directory", "add", staged, "--published", published, "--draft", draft)
    if (staged / "agreements").is_dir():
        for holder in HOLDERS[:2]:
            key = home / "offline" / holder / "targets.key"
            lmx("directory", "sign", "--draft", draft, "--key", key, "--yes")
    keys = home / OPERATOR_KEYS
    lmx("directory", "publish", "--draft", draft, "--published", published, "--keys", keys)
    for one in ACTORS:
        until(lambda one=one: version(made, one, state) > before[one], f"{one} to follow {state}")


def version(made: Ground, gateway: str, state: str) -> float:
    told = made.actor(ACTORS[gateway])[1].get("/metrics").body.decode()
    found = re.search(rf'lmx_directory_version{{state="{state}"}} (\S+)', told)
    return float(found[1]) if found else 0.0


def target(made: Ground, state: str, name: str) -> bytes:
    """Give a target file as the state's published directory holds it."""
    folder, _, file = name.rpartition("/")
    (found,) = (made.settings[state].parent / PUBLISHED / "targets" / folder).glob(f"*.{file}")
    return found.read_bytes()


def sent(link: Link) -> str:
    return str(client.submit(link, CONTRACT, **TO)["records"][0]["exchangeId"])


def refusal(link: Link) -> str:
    try:
        told = client.submit(link, CONTRACT, **TO)
    except AnsweredError as error:
        return str(error.problem["code"])
    return str(told["refused"][0]["code"])


def evidence(link: Link, x: str) -> tuple[dict[str, Any], bytes]:
    """Give the agreement that the header names, and the text that the bundle holds."""
    octets = until(lambda: bundled(link, x), "the bundle")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return client.status(link, x)["header"]["agreement"], archive.read(
            "exchange/agreement.json"
        )


def bundled(link: Link, x: str) -> bytes:
    try:
        return client.bundle(link, x)
    except AnsweredError:
        return b""


def named(data: bytes, number: int) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return {"id": "KZ-UZ", "version": number, "sha256": digest}


def test_exchanges_before_between_and_after_follow_the_agreement_of_their_time(
    made: Ground, tmp_path: Path
) -> None:
    _, link = made.actor(ACTORS["KZ"])
    before = sent(link)
    until(lambda: "B.1" in codes(link, before), "B.1 before")
    first, second = tmp_path / "v1.json", tmp_path / "v2.json"
    first.write_bytes(target(made, "KZ", V1))
    more = ("--from", first, "--withhold", "EmploymentContract:/pay", "-o", second)
    lmx("agreement", "draft", "KZ-UZ", *more)
    for state in ACTORS:
        staged, config = tmp_path / f"amended-{state}", made.settings[state]
        lmx("agreement", "publish", second, "--config", config, "--into", staged)
        publish(made, state, staged)
        if state == "KZ":
            alone = sent(link)
    between = sent(link)
    until(lambda: "B.1" in codes(link, between), "B.1 between")
    kept = {name: target(made, "UZ", name) for name in (V1, V2)}
    staged, config = tmp_path / "revoked", made.settings["UZ"]
    for number in (1, 2):
        more = ("--reason", "a test", "--config", config, "--into", staged)
        lmx("agreement", "revoke", "KZ-UZ", number, *more)
    publish(made, "UZ", staged)
    assert refusal(link) == "agreement.not-in-force"
    assert client.status(link, alone)["header"]["agreement"] == named(kept[V1], 1)
    assert evidence(link, before) == (named(kept[V1], 1), kept[V1])
    assert evidence(link, between) == (named(kept[V2], 2), kept[V2])
    assert client.status(link, between)["header"]["withheld"] == ["/pay"]
    assert json.loads(kept[V2])["recordTypes"]["EmploymentContract"]["members"]["withheld"]

"""An agreement is amended by both states and ended by one, by commands, while gateways run.

The tests are one story, told in the order in which they stand.
"""

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
from gateway.proof.trust_folder import load_trust
from tests.support.gateways import SAMPLES, Ground, codes, ground, until

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
V1, V2 = "agreements/KZ-UZ/v1.json", "agreements/KZ-UZ/v2.json"
ACTORS = {"KZ": "kz.labour-ministry", "UZ": "uz.migration-agency"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("agreements")) as found:
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
    """Publish what is staged, and wait until both gateways have it."""
    before = {one: version(made, one, state) for one in ACTORS}
    put(made, state, staged)
    for one in ACTORS:
        until(lambda one=one: version(made, one, state) > before[one], f"{one} to follow {state}")


def put(made: Ground, state: str, staged: Path) -> None:
    """Publish what is staged, signed by two holders if it holds an agreement."""
    home = made.settings[state].parent
    draft, published = made.folder / f"draft-{state}-{staged.name}", home / PUBLISHED
    lmx("directory", "add", staged, "--published", published, "--draft", draft)
    if (staged / "agreements").is_dir():
        for holder in HOLDERS[:2]:
            key = home / "offline" / holder / "targets.key"
            lmx("directory", "sign", "--draft", draft, "--key", key, "--yes")
    keys = home / OPERATOR_KEYS
    lmx("directory", "publish", "--draft", draft, "--published", published, "--keys", keys)


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


def draft(made: Ground, file: Path, number: int, member: str) -> Path:
    more = ("--version", number, "--withhold", f"EmploymentContract:{member}", "-o", file)
    lmx("agreement", "draft", "KZ-UZ", *more)
    return file


def test_another_text_of_one_state_under_the_same_number_puts_nothing_in_force(
    made: Ground, tmp_path: Path
) -> None:
    _, link = made.actor(ACTORS["KZ"])
    texts = {
        state: draft(made, tmp_path / f"{state}.json", 3, member)
        for state, member in (("KZ", "/pay"), ("UZ", "/fee"))
    }
    staged = tmp_path / "own-KZ"
    config = {state: made.settings[state] for state in ACTORS}
    lmx("agreement", "publish", texts["KZ"], "--config", config["KZ"], "--into", staged)
    publish(made, "KZ", staged)
    staged = tmp_path / "own-UZ"
    more = ["--config", str(config["UZ"]), "--into", str(staged)]
    ran = CliRunner().invoke(main, ["agreement", "publish", str(texts["UZ"]), *more])
    assert (ran.exit_code, "version 4 or higher" in ran.output) == (1, True)
    # What the command refuses, somebody does by hand.
    listed = staged / "agreements/KZ-UZ/v3.json"
    listed.parent.mkdir(parents=True)
    listed.write_bytes(texts["UZ"].read_bytes())
    publish(made, "UZ", staged)
    assert refusal(link) == "agreement.not-in-force"
    show = ["agreement", "show", "--config", str(config["KZ"]), "--corridor", "KZ-UZ"]
    ran = CliRunner().invoke(main, show)
    assert (ran.exit_code, "both directories must list the same bytes" in ran.output) == (1, True)


def test_a_message_that_a_revocation_overtakes_is_refused_with_evidence(
    made: Ground, tmp_path: Path
) -> None:
    _, link = made.actor(ACTORS["KZ"])
    text = draft(made, tmp_path / "v4.json", 4, "/pay")
    for state in ACTORS:
        staged = tmp_path / f"again-{state}"
        config = made.settings[state]
        lmx("agreement", "publish", text, "--config", config, "--into", staged)
        publish(made, state, staged)
    before = sent(link)
    until(lambda: "B.1" in codes(link, before), "B.1 before")
    stop(made)
    overtaken = sent(link)
    staged = tmp_path / "overtaking"
    lmx(
        "agreement", "revoke", "KZ-UZ", 4, "--reason", "a test", "--config", made.settings["UZ"],
        "--into", staged,
    )  # fmt: skip
    put(made, "UZ", staged)
    made.start("UZ", "--only", "directory")
    until(lambda: known_to_itself(made, "revoked/agreement-kz-uz-v4.json"), "UZ's own directory")
    stop(made)
    made.start("UZ")
    rungs = until(lambda: ended(link, overtaken), "B.2 of the overtaken message")
    assert rungs == [("A.1", None), ("B.2", ["agreement.not-in-force"])]
    assert codes(link, before)[:2] == ["A.1", "B.1"]


def stop(made: Ground) -> None:
    made.running["UZ"].terminate()
    made.ended("UZ")


def known_to_itself(made: Ground, name: str) -> bool:
    """Tell whether UZ's trust folder holds a target of its own directory, after asking for it."""
    config = made.settings["UZ"]
    # Exit 1: the other states are not asked in vain, they do not run.
    CliRunner().invoke(main, ["directory", "follow", "--config", str(config)])
    return name in load_trust(config.parent / "trust").directory("UZ").files


def ended(link: Link, x: str) -> list[tuple[str, Any]]:
    found = [(one["code"], one.get("reasons")) for one in client.status(link, x)["ladder"]]
    return found if len(found) > 1 else []

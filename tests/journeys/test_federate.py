"""Four states come up from nothing by the page's own commands; a fifth joins; one leaves."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.main import main
from gateway.cli.ministry import profile_link
from gateway.config.config import Address, load_config
from gateway.wiring import ROOT
from tests.support.gateways import PATIENCE_SECONDS, answers, free_ports, until

PAGE = ROOT / "docs/how-to/federate.md"
STATES = ("KZ", "KG", "TJ", "UZ", "TM")
FOUR, FIFTH, LEAVER = STATES[:4], "TM", "TJ"
CORRIDORS = (("KG", "KZ"), ("KG", "TJ"), ("KZ", "TJ"), ("KZ", "UZ"))
# The ports of the page, ten apart: Kazakhstan's, the partner's in the example, the fifth state's.
PORTS = {"KZ": 860, "UZ": 863, "TM": 864}
_SECTION = re.compile(r"^## (\d+)\. .*\n((?:(?!## ).*\n?)*)", re.MULTILINE)
SECTIONS = {
    int(number): [line[4:] for line in text.splitlines() if line.startswith(" " * 4)]
    for number, text in _SECTION.findall(PAGE.read_text("utf-8"))
}
CONTRACTS = {
    "UZ": "adapters/kz/samples/01-esutd-contract-shep-sync.xml",
    "KG": "adapters/kz/samples/05-contract-kyrgyz-worker.xml",
    "TJ": "adapters/kz/samples/06-contract-tajik-worker.xml",
}
JOB_ORDER = ROOT / "schemas/records/JobOrder/1/examples"


def is_open(at: Address) -> bool:
    with suppress(OSError), socket.create_connection((at.host, at.port), timeout=1):
        return True
    return False


@dataclass
class Federation:
    """A folder with a folder of each state, and the servers that run; ran: commands of the page."""

    folder: Path
    base: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)

    def words(self, line: str, names: dict[str, str]) -> list[str]:
        """The command with other states in place of the page's: letters, ports, corridor."""

        def named(found: re.Match[str]) -> str:
            text = found[0]
            new = names.get(text.upper(), text.upper())
            return new if text.isupper() else new.lower()

        def corridor(found: re.Match[str]) -> str:
            pair = "-".join(sorted(names.get(one.upper(), one.upper()) for one in found.groups()))
            return pair if found[0].isupper() else pair.lower()

        def port(found: re.Match[str]) -> str:
            page = next(state for state, first in PORTS.items() if str(first) == found[1])
            number = STATES.index(names.get(page, page))
            return str(self.base + 10 * number + int(found[2]))

        line = line.replace(" adapters/", f" {ROOT}/adapter$/")
        line = re.sub(r"\b(86[034])(\d)\b", port, line)
        line = re.sub(r"\b(KZ|kz)-(UZ|uz|TM|tm|TJ|tj)\b(?!-)(?=\s|\.json|$)", corridor, line)
        parts = re.split(r"(\b[A-Z]{2}-[A-Z]{2}\b|\b[a-z]{2}-[a-z]{2}\.json)", line)
        parts[::2] = [re.sub(r"\b(?:KZ|kz|UZ|uz|TJ|tj)\b", named, one) for one in parts[::2]]
        return shlex.split("".join(parts).replace("adapter$", "adapters"))

    def lmx(self, *words: str) -> tuple[int, str]:
        ran = CliRunner().invoke(main, list(words))
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
        return ran.exit_code, ran.output

    def follow(self, lines: list[str], own: str, partner: str = "UZ") -> list[str]:
        """Run lines of the page for one state, and give what they said; each must do it."""
        told = []
        for line in lines:
            self.ran.add(line)
            program, *words = self.words(line, {"KZ": own, "UZ": partner, "TJ": own})
            if program == "mv":
                shutil.move(*words)
            elif words[0] == "serve":
                self.serve(own, words)
            else:
                code, output = self.lmx(*words)
                assert code == 0, f"{own}: lmx {shlex.join(words)}\n{output}"
                told.append(output)
        return told

    def serve(self, state: str, words: list[str]) -> None:
        self.stop(state)
        command = [sys.executable, "-m", "gateway.cli.main", *words]
        with (self.folder / f"{state}.log").open("ab") as log:
            self.running[state] = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)}
            )

    def stop(self, state: str) -> None:
        if state in self.running:
            one = self.running.pop(state)
            one.terminate()
            one.wait(PATIENCE_SECONDS)

    def ready(self, state: str) -> None:
        _, link = profile_link(self.folder / f"{state.lower()}-ministry/profile.toml")
        until(lambda: answers(link), f"the gateway of {state}")
        # A part of its own, which may be open after the API.
        directory = load_config(self.folder / f"{state.lower()}/gateway.toml").directory.address
        assert directory is not None
        until(lambda: is_open(directory), f"the directory of {state}")

    def prepare(self, state: str, partners: list[str]) -> None:
        """Steps 1 to 4: keys, directory, and the directory served."""
        self.follow(SECTIONS[1], state)
        for one in partners:
            self.follow(SECTIONS[2], state, one)
        self.follow(SECTIONS[3], state)
        self.follow(SECTIONS[4], state)

    def begin_trust(self, state: str) -> None:
        """The first line of step 5, once the server of step 4 answers."""
        own = SECTIONS[5][0]
        until(lambda: self.lmx(*self.words(own, {"KZ": state})[1:])[0] == 0, f"{state}'s server")
        self.follow([own], state)

    def trust(self, state: str, partners: list[str]) -> None:
        """The rest of step 5: the partners' roots taken over, and witnesses."""
        _, other, witnesses = SECTIONS[5]
        for one in partners:
            self.follow([other], state, one)
        self.follow([witnesses], state)

    def agree(self, one: str, other: str) -> None:
        """Step 7 in both states, but for the first line: the text is there."""
        publish, (look, show) = SECTIONS[7][1:6], SECTIONS[7][6:]
        for own, partner in ((one, other), (other, one)):
            self.follow(publish, own, partner)
        for own, partner in ((one, other), (other, one)):
            self.follow([look], own, partner)
        for own, partner in ((one, other), (other, one)):
            self.follow([show], own, partner)

    def exchange(self, own: str, partner: str, *submitted: str) -> None:
        """Step 8: a record of one state is sent, taken by the other, and proved."""
        submit, inbox, status, bundle, verify = SECTIONS[8]
        if submitted:
            self.ran.add(submit)
            words = self.words(submit, {"KZ": own, "UZ": partner})
            code, told = self.lmx("submit", *submitted, *words[3:8], "job-mediation")
            assert code == 0, told
        else:
            sample = CONTRACTS["UZ"], CONTRACTS[partner]
            told = self.follow([submit.replace(*sample)], own, partner)[0]
            self.ran.add(submit)
        x = re.findall(r"accepted\s+(\S+)", told)[0]
        received = self.folder / f"{partner.lower()}-received"

        def taken() -> bool:
            self.follow([inbox], own, partner)
            return any(file.name.startswith(x) for file in received.iterdir())

        def answered(line: str) -> str:
            self.ran.add(line)
            words = self.words(line, {"KZ": own, "UZ": partner})[1:]
            code, output = self.lmx(*(x if one == "EXCHANGE" else one for one in words))
            return "" if code else output

        until(taken, f"{x} in the inbox of {partner}")
        until(lambda: "E.1" in answered(status), f"E.1 of {x}")
        until(lambda: answered(bundle), f"the bundle of {x}")
        self.follow([verify], own, partner)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Federation]:
    monkeypatch.chdir(tmp_path)
    federation = Federation(tmp_path, free_ports(50))
    try:
        yield federation
    finally:
        for state in list(federation.running):
            federation.stop(state)


def partners(state: str) -> list[str]:
    pairs = [pair for pair in CORRIDORS if state in pair]
    return [one for pair in pairs for one in pair if one != state]


def come_up(made: Federation) -> None:
    for state in FOUR:
        made.prepare(state, partners(state))
    for state in FOUR:
        made.begin_trust(state)
    for state in FOUR:
        made.trust(state, partners(state))
    for state in FOUR:
        made.follow(SECTIONS[6], state)
    for state in FOUR:
        made.ready(state)
    for one, other in CORRIDORS:
        made.follow(SECTIONS[7][:1], one, other)
        made.agree(one, other)


def join(made: Federation) -> None:
    made.prepare(FIFTH, ["KZ"])
    made.begin_trust(FIFTH)
    made.trust(FIFTH, ["KZ"])
    made.follow(SECTIONS[6], FIFTH)
    made.ready(FIFTH)
    made.follow(SECTIONS[9], "KZ")
    agreed = (made.folder / "kz-tj.json").read_text("utf-8").replace("TJ", FIFTH)
    (made.folder / "agreed.json").write_text(agreed, "utf-8")
    draft = ("agreement", "draft", "KZ-TM", "--from", "agreed.json", "--version", "1")
    assert made.lmx(*draft, "-o", "kz-tm.json")[0] == 0
    made.agree("KZ", FIFTH)


def leave(made: Federation) -> None:
    revoke, (look, unfollow) = SECTIONS[10][:3], SECTIONS[10][3:]
    left = partners(LEAVER)
    for partner in left:
        lines = [one.replace("KZ", partner).replace("kz", partner.lower()) for one in revoke]
        for line, said in zip(revoke, lines, strict=True):
            made.ran.add(line)
            words = shlex.split(said.replace(f"{partner}-TJ", "-".join(sorted((partner, "TJ")))))
            code, output = made.lmx(*words[1:])
            assert code == 0, output
    for partner in left:
        made.follow([look], partner)
        made.ran.add(unfollow)
        words = shlex.split(unfollow.replace("kz/", f"{partner.lower()}/"))
        assert made.lmx(*words[1:])[0] == 0
    made.stop(LEAVER)


def test_a_federation_comes_up_a_state_joins_and_a_state_leaves(made: Federation) -> None:
    come_up(made)
    others = {state: made.running[state] for state in FOUR}
    for partner in CONTRACTS:
        made.exchange("KZ", partner)
    join(made)
    order = str(json_file(made.folder / "order.json"))
    common = (order, "--common")
    made.exchange(FIFTH, "KZ", *common)
    made.exchange("KZ", FIFTH, *common)
    leave(made)
    submit = made.words(SECTIONS[8][0].replace(CONTRACTS["UZ"], CONTRACTS["TJ"]), {"UZ": LEAVER})
    code, told = made.lmx(*submit[1:])
    assert (code, "agreement.not-in-force" in told) == (1, True), told
    for partner in ("UZ", "KG"):
        made.exchange("KZ", partner)
    del others[LEAVER]
    assert {state: made.running[state] for state in others} == others
    assert [one.poll() for one in others.values()] == [None] * 3
    assert [line for lines in SECTIONS.values() for line in lines if line not in made.ran] == []


def json_file(file: Path) -> Path:
    """A job order for work at home, which may go to every partner."""
    found = min(JOB_ORDER.glob("*.json"), key=lambda one: one.stat().st_size)
    file.write_text(json.dumps(json.loads(found.read_text("utf-8"))), "utf-8")
    return file

"""Two gateways that exchange all the while, and their keys and directories kept by commands."""

import os
import re
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner

from certs.directories import HOLDERS, OPERATOR_KEYS, PUBLISHED
from gateway.cli.main import main
from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.config.config import Address, Config, load_config
from gateway.delivery.link import Link, UnreachableError, peer_link, submitter_link
from gateway.model.instants import write_instant
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import load_certified_key
from gateway.wiring import PARTNER_ROOTS, now
from tests.support.gateways import SAMPLES, Ground, codes, ground, until

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
ACTORS = {"KZ": "kz.labour-ministry", "UZ": "uz.migration-agency"}
PARTNER = {"KZ": "UZ", "UZ": "KZ"}
CERTIFIED = ("seal", "evidence", "peer", "tls")


def lmx(*words: object) -> str:
    """Run a command that must succeed; gives what it said."""
    ran = CliRunner().invoke(main, [str(one) for one in words])
    assert ran.exit_code == 0, ran.output
    return ran.output


@dataclass
class Pair:
    """The two states of one corridor; staged: the folder of what each publishes next."""

    made: Ground
    drafts: int = 0

    def config(self, state: str) -> Config:
        return load_config(self.made.settings[state])

    def home(self, state: str) -> Path:
        return self.made.settings[state].parent

    def published(self, state: str) -> Path:
        return self.home(state) / PUBLISHED

    def staged(self, state: str) -> Path:
        return self.made.folder / f"staged-{state}"

    def listed(self, state: str, name: str) -> Path:
        """Put a target file as it is published into what the state publishes next."""
        folder, _, file = name.rpartition("/")
        found = sorted(
            (self.published(state) / "targets" / folder).glob(f"*.{file}"),
            key=lambda one: one.stat().st_mtime_ns,
        )
        staged = self.staged(state) / name
        staged.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(found[-1], staged)
        return staged

    def draft(self, state: str) -> tuple[str, str | Path, str, str | Path]:
        """Give the options of a new draft on what the state has published."""
        self.drafts += 1
        folder = self.made.folder / f"draft-{self.drafts}"
        return "--published", self.published(state), "--draft", folder

    def publish(self, state: str) -> None:
        """Publish what is staged and wait until both gateways have read it."""
        options = self.draft(state)
        lmx("directory", "add", self.staged(state), *options)
        signers = [one / "targets.key" for one in self.holders(state)]
        self.release(state, options, signers if (self.staged(state) / "authority").exists() else [])
        shutil.rmtree(self.staged(state))

    def release(self, state: str, options: Sequence[str | Path], signers: Sequence[Path]) -> None:
        """Sign a draft, publish it, and wait until both gateways have read it."""
        for key in signers:
            lmx("directory", "sign", *options[2:], "--key", key, "--yes")
        before = {one: self.version(one, state) for one in ACTORS}
        lmx("directory", "publish", *options, "--keys", self.home(state) / OPERATOR_KEYS)
        for one in ACTORS:
            until(
                lambda one=one: self.version(one, state) > before[one], f"{one} to follow {state}"
            )

    def holders(self, state: str) -> list[Path]:
        """Give the folders of two holders' keys."""
        return [self.home(state) / "offline" / one for one in HOLDERS[:2]]

    def version(self, gateway: str, state: str) -> float:
        """Give which version of a state's directory a gateway has read."""
        told = self.made.actor(ACTORS[gateway])[1].get("/metrics").body.decode()
        found = re.search(rf'lmx_directory_version{{state="{state}"}} (\S+)', told)
        return float(found[1]) if found else 0.0

    def authority(self, state: str) -> Path:
        """Make a CA of the state by commands, its root listed beside the one before."""
        ca = self.made.folder / f"ca-{state}"
        stick = self.made.folder / f"stick-{state}"
        lmx("keys", "ca", "init", "--state", state, "--name", "M", "--root", stick, "--ca", ca)
        roots = self.listed(state, "authority/roots.pem")
        roots.write_bytes(roots.read_bytes() + (ca / "root.pem").read_bytes())
        self.publish(state)
        return ca

    def link(self, state: str, keys: Path | None = None) -> Link:
        """Open a link from a state's gateway to its partner's peer port."""
        own, other = self.config(state), self.config(PARTNER[state])
        folder = KeyFolder(keys or own.keys)
        return peer_link(f"https://{other.peer}", folder, own.data / PARTNER_ROOTS, now, os.urandom)

    def submitter(self, state: str, stem: str) -> Link:
        """Open a link from a ministry's system, signed by the key that stands under a stem."""
        profile, _ = self.made.actor(ACTORS[state])
        folder = self.made.folder / "profiles"
        key = load_certified_key(folder / f"{stem}.key", folder / f"{stem}.pem")
        return submitter_link(profile.url, key, now, os.urandom)

    def use(self, state: str, stem: str) -> None:
        """Have a profile name another key, as its operator would."""
        file = self.made.folder / "profiles" / f"{ACTORS[state]}.toml"
        text = re.sub(
            r'(key|chain) = "[^"]*\.(\w+)"', rf'\1 = "{stem}.\2"', file.read_text("utf-8")
        )
        beside = file.with_suffix(".new")
        beside.write_text(text, "utf-8")
        beside.replace(file)

    def served(self, state: str) -> bytes:
        """Give the certificate (DER) under which the state's peer port answers its partner."""
        other = self.config(PARTNER[state])
        own, _ = KeyFolder(other.keys).certified_generation("tls", now())
        roots = other.data / PARTNER_ROOTS
        with connected(self.config(state).peer, roots, own.chain_file.with_suffix("")) as line:
            return line.getpeercert(binary_form=True) or b""

    def rotate(self, state: str, ca: Path, *, begins: datetime, ends: datetime) -> None:
        """Rotate all keys of a state's gateway and of its submitter by commands; publish."""
        when = ("--from", write_instant(begins), "--until", write_instant(ends))
        config = ("--config", self.made.settings[state])
        member = ("--member", self.listed(state, "member/gateway.json"))
        for role in CERTIFIED:
            lmx("keys", "rotate", role, *config, *when, "--ca", ca, *member)
        for partner in (PARTNER[state], "home"):
            lmx("keys", "rotate", "log", "--partner", partner, *config, *when, *member)
        lmx("keys", "rotate", "witness", *config, *when, *member)
        name = ACTORS[state]
        whose = ("--keys", self.made.folder / "profiles", "--state", state)
        whose += ("--name", f"{name}/system", "--as", name)
        member = ("--member", self.listed(state, "member/submitters.json"))
        lmx("keys", "rotate", "submitter", *whose, *when, "--ca", ca, *member)
        self.publish(state)

    def bundle(self, x: str, file: Path) -> Path:
        """Hand all over, so that ladders end, and write the bundle of one exchange."""
        _, kz = self.made.actor(ACTORS["KZ"])
        until(lambda: self.handed(kz, x), f"E.1 of {x}")
        file.write_bytes(until(lambda: bundled(kz, x), "the bundle"))
        return file

    def handed(self, kz: Link, x: str) -> bool:
        profile, uz = self.made.actor(ACTORS["UZ"])
        if taken := client.take(uz):
            client.confirm(uz, profile.key, taken, at=now())
        return "E.1" in codes(kz, x)


@contextmanager
def connected(address: Address, roots: Path, client: Path) -> Iterator[ssl.SSLSocket]:
    """Open a TLS connection; client: path of key and chain without their endings."""
    context = ssl.create_default_context(cafile=str(roots))
    context.load_cert_chain(client.with_suffix(".pem"), client.with_suffix(".key"))
    with (
        socket.create_connection((address.host, address.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=address.host) as line,
    ):
        yield line


def bundled(link: Link, x: str) -> bytes:
    try:
        return client.bundle(link, x)
    except AnsweredError:
        return b""


@dataclass
class Flow:
    """Records that go from KZ to UZ one after another while something else happens."""

    pair: Pair
    sent: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def next(self) -> str:
        """Wait for a record that is sent from now on."""
        before = len(self.sent)
        return str(until(lambda: self.sent[before + 1 :], "the next record")[-1])

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            _, link = self.pair.made.actor(ACTORS["KZ"])
            try:
                told = client.submit(link, CONTRACT, **TO)
                self.sent += [one["exchangeId"] for one in told["records"]]
                self.refused += [one["code"] for one in told.get("refused", ())]
            except AnsweredError as error:
                self.refused.append(str(error.problem.get("code")))
            except UnreachableError as error:
                self.refused.append(str(error))


@contextmanager
def flowing(pair: Pair) -> Iterator[Flow]:
    """Send records as long as the block lasts."""
    flow, stop = Flow(pair), threading.Event()
    thread = threading.Thread(target=flow.run, args=(stop,))
    thread.start()
    try:
        yield flow
    finally:
        stop.set()
        thread.join()


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Start the two gateways, each following its own directory and its partner's every second."""
    with ground(folder) as made:
        for state in ACTORS:
            file = made.settings[state]
            text = file.read_text("utf-8")
            port = re.findall(r"\[directory\]\nhost = .*\nport = (\d+)", text)[0]
            text = text.replace("[directory]\n", "[directory]\nevery = 1\n")
            own = f'[directory.follow]\n{state} = "http://127.0.0.1:{port}"\n'
            file.write_text(text.replace("[directory.follow]\n", own), "utf-8")
            made.start(state)
        for name in ACTORS.values():
            made.ready(name)
        yield Pair(made)

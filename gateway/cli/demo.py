"""`lmx demo`: four states on this machine, and a story of real records through them."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import StatePlan, write_states
from gateway.cli.demo_stores import place_stores
from gateway.cli.free_ports import require_free
from gateway.cli.ministry import profile_link, take_all
from gateway.cli.records import catalogue
from gateway.cli.story import STORY, Step
from gateway.cli.story_waiting import Until, wait_until
from gateway.client import client
from gateway.client.profile import Profile
from gateway.config.config import Address
from gateway.console.users import add_user
from gateway.delivery.link import Link
from gateway.proof.bundle import RECORD_JSON
from gateway.proof.container import pack, read_container
from gateway.proof.evidence_file import check_bundle
from gateway.proof.trust_folder import load_trust
from gateway.wiring import ROOT, now

MARK = ".lmx-demo"
AUDITOR = "auditor"
PASSWORD_FILE = "auditor-password.txt"  # noqa: S105 a file name


@dataclass(slots=True)
class _Stage:
    """What stands where, and what has happened. taken: what the inbox listed, by exchange;
    senders: its authority; until: waits until something holds, which it names."""

    folder: Path
    plans: Mapping[str, StatePlan]
    actors: dict[str, tuple[Profile, Link]]
    until: Until
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)


@click.command()
@click.option("--once", is_flag=True, help="Play the story and stop.")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), default=Path("build/demo"), help="Folder."
)
@click.option("--base-port", type=click.IntRange(1024, 65000), default=8600, help="First port.")
@click.option("--database", help="PostgreSQL URL with {state} in it, such as .../lmx_{state}.")
def demo(*, once: bool, folder: Path, base_port: int, database: str | None) -> None:
    """Four states on this machine: play the story of real sample records through them.

    Example: lmx demo --once --dir build/demo
    """
    plans = demonstration_states(base_port)
    _require_ports(plans)
    _clear(folder)
    click.echo("Making four states: keys, certificates, directories, agreements ...")
    settings = write_states(folder, plans, demonstration_agreements(), at=now(), entropy=os.urandom)
    if database is not None:
        place_stores(database, settings, folder)
    _account(folder, plans)
    log = (folder / "gateways.log").open("wb")
    lmx = [sys.executable, "-m", "gateway.cli.main", "serve", "--config"]
    gateways = [
        subprocess.Popen([*lmx, str(file)], stdout=log, stderr=log)  # noqa: S603 our own command
        for file in settings.values()
    ]
    try:
        until = partial(wait_until, folder, gateways)
        actors = _actors(folder, plans, until)
        stage = _Stage(folder, {one.state: one for one in plans}, actors, until)
        _play(stage)
        _write_summary(stage)
        click.echo(f"\n{len(stage.exchanges)} exchanges proved. Look at {folder}/summary.json")
        if not once:
            _stay(stage)
    finally:
        for one in gateways:
            one.terminate()
        for one in gateways:
            one.wait()
        log.close()


def _require_ports(plans: list[StatePlan]) -> None:
    # What answers there already would get half of the story's requests.
    ports = {port: Address("127.0.0.1", port) for plan in plans for port in plan.ports}
    unwaiting = threading.Event()
    unwaiting.set()
    require_free({f"--base-port, {port}": one for port, one in ports.items()}, unwaiting)


def _account(folder: Path, plans: list[StatePlan]) -> None:
    password = base64.b32encode(os.urandom(10)).decode("ascii").lower()
    file = folder / PASSWORD_FILE
    file.touch(mode=0o600)
    file.write_text(password + "\n", "utf-8")
    for plan in plans:
        add_user(folder / f"{plan.state.lower()}/keys/console-users.json", AUDITOR, password)


def _clear(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise click.ClickException(f"{folder} holds something else; name another folder by --dir")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def _actors(folder: Path, plans: list[StatePlan], until: Until) -> dict[str, tuple[Profile, Link]]:
    names = [one.name for plan in plans for one in plan.authorities]
    actors = {name: profile_link(folder / f"profiles/{name}.toml") for name in names}
    click.echo("Starting four gateways ...")
    for _, link in actors.values():
        until(partial(_ready, link), "a gateway to answer")
    return actors


def _ready(link: Link) -> bool:
    return link.get("/readyz").status == 200


def _play(stage: _Stage) -> None:
    for number, step in enumerate(STORY, start=1):
        click.echo(f"\n{number:2}. {step.title}")
        begun = time.monotonic()
        _submit(stage, step)
        click.echo(f"    {time.monotonic() - begun:.1f} s")
    click.echo(f"\n{len(STORY) + 1:2}. Both states' proofs of every exchange are checked")
    begun = time.monotonic()
    for one in stage.exchanges:
        _prove(stage, one)
    click.echo(f"    {time.monotonic() - begun:.1f} s")
    click.echo(f"\n{len(STORY) + 2:2}. Someone changes one letter of a stored record")
    _tamper(stage)


def _submit(stage: _Stage, step: Step) -> None:
    _, link = stage.actors[step.sender]
    sample = ROOT / step.sample
    answers: list[dict[str, Any]] = []
    # Asked again, the same key gives the same answer.
    key = os.urandom(16).hex()

    def given() -> bool:
        data, to, purpose = sample.read_bytes(), step.recipient, step.purpose
        try:
            answers.append(client.submit(link, data, to=to, purpose=purpose, idempotency=key))
        except client.AnsweredError as error:
            if error.problem.get("retry"):
                return False
            answers.append(dict(error.problem))
        return True

    stage.until(given, "the answer to a submission")
    answer = answers[0]
    if not answer.get("records"):
        raise click.ClickException(f"{sample.name} was refused as a whole: {answer.get('detail')}")
    for one in answer["records"]:
        for wrong in one.get("refused", []):
            stage.refused.append({"submission": answer["submission"], **wrong, "rows": one["rows"]})
            click.echo(f"    refused, A.2: {wrong['code']}  rows {one['rows']}: {wrong['detail']}")
    sent = [one for one in answer["records"] if "exchangeId" in one]
    for one in sent:
        _arrive(stage, step, sample, one)


def _arrive(stage: _Stage, step: Step, sample: Path, sent: Mapping[str, Any]) -> None:
    x = str(sent["exchangeId"])
    _, sender = stage.actors[step.sender]
    profile, recipient = stage.actors[step.recipient]
    folder = stage.folder / "received" / step.recipient
    stage.until(lambda: _state(sender, x) != "A.1", "the relay receipt")
    stage.taken |= {one["exchangeId"]: one for one in take_all(profile, recipient, folder)}
    stage.until(lambda: _state(sender, x) in {"E.1", "B.2"}, "the handover receipt")
    told = client.status(sender, x)
    if told["state"] != "E.1":
        raise click.ClickException(f"exchange {x} did not arrive; see lmx status {x}")
    native = Path(stage.taken[x]["file"])
    stage.senders[x] = step.sender
    click.echo(f"    {told['direction']}  {sample.name} -> {native.name}")
    click.echo(f"           {' '.join(one['code'] for one in told['ladder'])}")
    stage.exchanges.append(
        {
            "exchangeId": x,
            "direction": told["direction"],
            "recordType": told["recordType"],
            "nativeIn": os.path.relpath(sample, stage.folder),
            "layoutIn": told["header"]["source"]["layout"],
            "nativeOut": str(native.relative_to(stage.folder)),
            "layoutOut": stage.taken[x]["layout"],
            "state": told["state"],
            "ladder": [
                {name: one[name] for name in ("code", "issuer", "at")} for one in told["ladder"]
            ],
            "bundle": f"bundles/{x}.asice",
        }
    )


def _prove(stage: _Stage, exchange: Mapping[str, Any]) -> None:
    x, state = exchange["exchangeId"], exchange["direction"][:2].lower()
    _, sender = stage.actors[stage.senders[x]]
    bundle = stage.folder / exchange["bundle"]
    bundle.parent.mkdir(exist_ok=True)
    bundle.write_bytes(_bundle(sender, x, stage.until))
    trust = load_trust(stage.folder / state / "trust")
    claims, _ = check_bundle(bundle.read_bytes(), trust, catalogue().mapping)
    wrong = [one for one in claims if one.code]
    click.echo(f"    {bundle.name}  {len(claims)} claims, {len(wrong)} false")
    if wrong:
        raise click.ClickException(f"exchange {x} is not proved; see lmx verify {bundle}")


def _state(link: Link, x: str) -> str:
    return str(client.status(link, x)["state"])


def _bundle(link: Link, x: str, until: Until) -> bytes:
    found: list[bytes] = []

    def fetched() -> bool:
        try:
            found.append(client.bundle(link, x))
        except client.AnsweredError as error:
            if not error.problem.get("retry"):
                raise
        return bool(found)

    until(fetched, "the proofs")
    return found[0]


def _tamper(stage: _Stage) -> None:
    first = stage.exchanges[0]
    files = read_container((stage.folder / first["bundle"]).read_bytes())
    files[RECORD_JSON] = files[RECORD_JSON].replace(b"KZT", b"USD", 1)
    changed = stage.folder / "bundles" / "tampered.asice"
    changed.write_bytes(pack(files))
    trust = load_trust(stage.folder / "kz" / "trust")
    claims, _ = check_bundle(changed.read_bytes(), trust, catalogue().mapping)
    wrong = [one for one in claims if one.code]
    if not wrong:
        raise click.ClickException("a tampered bundle was accepted: this must never happen")
    for one in wrong:
        click.echo(f"    caught: {one.code}: {one.why}")


def _write_summary(stage: _Stage) -> None:
    told = {
        "gateways": {
            state.lower(): {
                "url": f"http://127.0.0.1:{plan.ports[0]}",
                "config": f"{state.lower()}/gateway.toml",
                "console": f"http://127.0.0.1:{plan.ports[2]}",
                "trust": f"{state.lower()}/trust",
            }
            for state, plan in stage.plans.items()
        },
        "profiles": {name: f"profiles/{name}.toml" for name in stage.actors},
        "exchanges": stage.exchanges,
        "refused": stage.refused,
        "console": {"auditor": {"user": AUDITOR, "password_file": PASSWORD_FILE}},
        "ok": True,
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (stage.folder / "summary.json").write_text(text, "utf-8")


def _stay(stage: _Stage) -> None:
    for state, plan in stage.plans.items():
        click.echo(f"  console of {state}: http://127.0.0.1:{plan.ports[2]}")
    click.echo(f"  sign in as {AUDITOR}; the password stands in {stage.folder / PASSWORD_FILE}")
    click.echo("The gateways keep running. Press Ctrl-C to stop them.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()

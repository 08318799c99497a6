"""Real gateways as real processes on loopback, made and stopped by a test."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import StatePlan, write_states
from gateway.client import client
from gateway.client.profile import Profile, load_profile
from gateway.delivery.link import Link, UnreachableError, submitter_link
from gateway.wiring import ROOT, now
from tests.support.cluster import given_back
from tests.support.ports import free_ports
from tests.support.stores import stores
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.support.written import four_states

SAMPLES = ROOT / "adapters"


@dataclass
class Ground:
    """Four states on disk, and those of their gateways that run."""

    folder: Path
    settings: dict[str, Path]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    # What a state's gateway is started by, such as a command that gives it a small disk.
    before: dict[str, list[str]] = field(default_factory=dict)

    def actor(self, name: str) -> tuple[Profile, Link]:
        profile = load_profile(self.folder / f"profiles/{name}.toml")
        return profile, submitter_link(profile.url, profile.key, now, os.urandom)

    def start(self, state: str, *more: str, kill_at: str = "") -> None:
        file = self.settings[state]
        text = file.read_text("utf-8").partition("\n[testing]")[0]
        file.write_text(
            text + (f'\n[testing]\nkill_at = "{kill_at}"\n' if kill_at else ""), "utf-8"
        )
        command = [sys.executable, "-m", "gateway.cli.main", "serve", "--config", str(file), *more]
        command = [*self.before.get(state, []), *command]
        log = (self.folder / f"{state}.log").open("ab")
        self.running[state] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        log.close()

    def ready(self, name: str) -> tuple[Profile, Link]:
        profile, link = self.actor(name)
        until(lambda: answers(link), f"{name}'s gateway")
        return profile, link

    def ended(self, state: str) -> None:
        self.running.pop(state).wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        for one in self.running.values():
            one.terminate()
        for one in self.running.values():
            one.wait(PATIENCE_SECONDS)
        self.running.clear()


def answers(link: Link) -> bool:
    try:
        return link.get("/readyz").status == 200
    except UnreachableError:
        return False


def codes(link: Link, x: str) -> list[str]:
    return [one["code"] for one in client.status(link, x)["ladder"]]


@contextmanager
def ground(
    folder: Path,
    change: Callable[[list[StatePlan]], list[StatePlan]] | None = None,
    databases: Callable[[], str] | None = None,
) -> Iterator[Ground]:
    """Four states on disk; whatever was started ends with the block. change: of their plans.

    databases: makes a gateway's stores and gives the section of its settings; those that LMX_STORE
    names without it.
    """
    section = databases or stores().section
    with given_back(), ExitStack() as lent:
        settings = (
            lent.enter_context(four_states(folder)) if change is None else _changed(folder, change)
        )
        for file in settings.values():
            file.write_text(file.read_text("utf-8") + section(), "utf-8")
        made = Ground(folder, settings)
        try:
            yield made
        finally:
            made.stop()


def _changed(folder: Path, change: Callable[[list[StatePlan]], list[StatePlan]]) -> dict[str, Path]:
    plans = change(demonstration_states(free_ports()))
    return write_states(folder, plans, demonstration_agreements(), at=now(), entropy=os.urandom)

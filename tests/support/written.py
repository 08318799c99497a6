"""Four states as `write_states` makes them, once a process for each set of ports, and copied.

Keys, certificates and four signed directories cost more than most tests do. Ports stand in what is
signed: a copy has its ports to itself until the test that asked for it has ended.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import write_states
from gateway.config.config import load_config
from gateway.store.sqlite import open_sqlite
from gateway.wiring import now
from tests.support.ports import free_ports
from tests.support.scratch import scratch

Agreements = Mapping[str, Mapping[str, Any]]
_idle: dict[str, list[Path]] = {}
_made: list[Path] = []


@contextmanager
def four_states(folder: Path, agreements: Agreements | None = None) -> Iterator[dict[str, Path]]:
    """Give the settings of each state below `folder`.

    agreements: other than those of the demonstration.
    """
    waiting = _idle.setdefault(repr(agreements), [])
    whole = waiting.pop() if waiting else _write(agreements or demonstration_agreements())
    shutil.copytree(whole, folder, dirs_exist_ok=True)
    yield {one.name.upper(): one / "gateway.toml" for one in folder.iterdir() if len(one.name) == 2}
    # Not where the test has failed: something of it may still be at a port.
    waiting.append(whole)


def remove() -> None:
    """Remove what no test will ask for any more."""
    while _made:
        shutil.rmtree(_made.pop(), ignore_errors=True)


def _write(agreements: Agreements) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lmx-states-", dir=scratch()))
    _made.append(folder)
    states = demonstration_states(free_ports())
    settings = write_states(folder, states, agreements, at=now(), entropy=os.urandom)
    for file in settings.values():
        config = load_config(file)
        config.data.mkdir()
        for place in (config.database, config.day_keys):
            if isinstance(place, Path):
                place.parent.mkdir(exist_ok=True)
                open_sqlite(place)
    return folder

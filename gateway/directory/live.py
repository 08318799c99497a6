"""The trust folder as it stands now, read again when its marker changes."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.directory.followed import read_followed, read_left
from gateway.directory.trust_files import stamp_of
from gateway.model.refusal import Refusal
from gateway.proof.trust_folder import Trust, load_trust


@dataclass(frozen=True, slots=True)
class Known:
    """What a gateway trusts from one change to the next.

    failing: see `Office`; left: states that were followed and are no more.
    """

    trust: Trust
    failing: Mapping[str, str]
    left: frozenset[str] = frozenset()


class LiveTrust:
    """One trust folder; `now` costs a file's status until somebody changed it."""

    def __init__(self, folder: Path) -> None:
        """Read the folder. Refuses as `load_trust`."""
        self._folder = folder
        self._lock = threading.Lock()
        self._stamp = stamp_of(folder)
        self._known = self._read()

    def now(self) -> Known:
        """Give what is known; the same object while nothing changed.

        A folder that does not verify any more changes nothing: the last verified one stands.
        """
        stamp = stamp_of(self._folder)
        with self._lock:
            if stamp != self._stamp:
                # The stamp is older than what is read: a change in between is read once more.
                self._stamp = stamp
                try:
                    self._known = self._read()
                except Refusal:
                    return self._known
            return self._known

    def _read(self) -> Known:
        failing = {
            state: one.failure for state, one in read_followed(self._folder).items() if one.failure
        }
        return Known(load_trust(self._folder), failing, read_left(self._folder))

"""The delivery worker: sends what waits, publishes logs, asks partners to cosign; for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from gateway.delivery.link import Link
from gateway.exchange.deliver import Sent, begin_again, deliver_messages, deliver_receipts
from gateway.exchange.expire import expire
from gateway.exchange.office import Office
from gateway.exchange.witnessed import publish_and_cosign
from gateway.model.refusal import Refusal
from gateway.proof.keys import KeyFileError
from gateway.store.alarm_rows import alarms, last_alarm
from gateway.transparency.append import publish

# While something moves there is no pause: what came meanwhile goes with the next round.
BUSY_SECONDS = 0.0
IDLE_SECONDS = 0.25
CHECKPOINT_EVERY = timedelta(seconds=1)
# evidence-log 3.3 gives five minutes.
EXPIRE_EVERY = timedelta(seconds=10)

_LOG = structlog.get_logger("lmx.worker")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round works with from beginning to end: the office with its trust, and partners.

    links: by partner state; pulled: partners that fetch from us, to whom nothing is sent.
    """

    office: Office
    links: Mapping[str, Link]
    pulled: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Worker:
    """One gateway's worker; `current` gives what one round works with.

    published, looked: when logs were published and deadlines looked at; told: the last alarm said.
    """

    current: Callable[[], Round]
    published: dict[tuple[str, str], datetime] = field(default_factory=dict)
    looked: dict[str, datetime] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)

    def round(self) -> bool:
        """Do what is due, once, for every partner; tells whether anything moved."""
        moved, now = False, self.current()
        # Before anything is sent: what has ended is not sent again.
        self._end_deadlines(now.office)
        self._tell_alarms(now.office)
        for state in now.links:
            try:
                moved = self._serve(now, state) or moved
            except Exception as error:  # noqa: BLE001 what one partner causes must not stop the others
                # The text of an unknown error may hold content, so only its kind is told.
                _LOG.error("partner's turn failed", partner=state, kind=type(error).__name__)
        # A state without neighbours in reach still has its refusals witnessed by the first that is.
        for state in now.links:
            if self._cosign(now, now.office.home, state):
                break
        for state in now.pulled:
            self._publish(now.office, now.office.log(state), state)
            self._publish(now.office, now.office.home, state)
        return moved

    def _serve(self, now: Round, state: str) -> bool:
        moved = False
        for deliver in (deliver_messages, deliver_receipts):
            moved = self._told(state, deliver(now.office, now.links[state], state)) or moved
        self._cosign(now, now.office.log(state), state)
        return moved

    def run(self, wait: Callable[[float], bool]) -> None:
        """Go round until `wait(seconds)` says to stop."""
        begin_again(self.current().office)
        busy = True
        while not wait(BUSY_SECONDS if busy else IDLE_SECONDS):
            try:
                busy = self.round()
            except Exception as error:  # noqa: BLE001 one bad round must not end delivery for ever
                # The text of an unknown error may hold content, so only its kind is told.
                _LOG.error("round failed", kind=type(error).__name__)
                busy = False

    def _end_deadlines(self, office: Office) -> None:
        at, last = office.clock(), self.looked.get("due")
        if last is not None and timedelta() <= at - last < EXPIRE_EVERY:
            return
        self.looked["due"] = at
        found = expire(office)
        if any(found.events.values()):
            _LOG.warning("deadlines passed", events=found.events)
        for x, code in found.stuck.items():
            _LOG.error("deadline event not issued", x=x, code=code)

    def _tell_alarms(self, office: Office) -> None:
        with office.store.read() as turn:
            if "alarm" not in self.told:
                self.told["alarm"] = last_alarm(turn)
            rows = alarms(turn, self.told["alarm"])
        for one in rows:
            _LOG.error("alarm", code=one.code, partner=one.partner, x=one.x)
            self.told["alarm"] = one.n

    def _told(self, state: str, sent: Sent) -> bool:
        if sent.failure:
            _LOG.warning("not delivered", partner=state, waiting=sent.again, why=sent.failure)
        return sent.answered > 0

    def _publish(self, office: Office, log: str, state: str) -> None:
        # The partner cosigns it when it next fetches.
        if self._is_published(office, log, state):
            return
        try:
            publish(office.store, log, *office.keys.log_keys(log, office.clock()))
        except (KeyFileError, Refusal) as error:
            _LOG.warning("not published", log=log, why=str(error))

    def _is_published(self, office: Office, log: str, state: str) -> bool:
        # One checkpoint takes in a second's entries (evidence-log 1.5): each costs a tile.
        at, last = office.clock(), self.published.get((log, state))
        if last is not None and timedelta() <= at - last < CHECKPOINT_EVERY:
            return True
        self.published[log, state] = at
        return False

    def _cosign(self, now: Round, log: str, state: str) -> bool:
        if self._is_published(now.office, log, state):
            return True
        try:
            found = publish_and_cosign(now.office, log, now.links[state], state)
        except (KeyFileError, Refusal) as error:
            _LOG.warning("not published", log=log, why=str(error))
            return False
        if found.failure and found.asked:
            _LOG.warning("not cosigned", log=found.log, size=found.size, why=found.failure)
        return not found.failure

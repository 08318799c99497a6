"""The delivery worker: sends what waits, publishes logs, asks partners to cosign; for ever."""

import itertools
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from gateway.delivery.link import Link
from gateway.exchange.authenticate import forget_spent
from gateway.exchange.deliver import Sent, begin_again, deliver, offer_again
from gateway.exchange.expire import expire
from gateway.exchange.office import Office
from gateway.exchange.witnessed import publish_and_cosign
from gateway.model.refusal import Refusal
from gateway.proof.keys import KeyFileError
from gateway.store.alarm_rows import TOLD, alarms, last_told, note_told
from gateway.transparency.append import publish

# While something moves there is no pause: what came meanwhile goes with the next round.
BUSY_SECONDS = 0.0
IDLE_SECONDS = 0.25
# Of what rings every time, deadlines and alarms take no notice.
LOOK_EVERY = timedelta(seconds=1)
CHECKPOINT_EVERY = timedelta(seconds=1)
# evidence-log 3.3 gives five minutes.
EXPIRE_EVERY = timedelta(seconds=10)
FORGET_EVERY = timedelta(seconds=10)

_LOG = structlog.get_logger("lmx.worker")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round works with from beginning to end: the office with its trust, and partners.

    links: by partner state; pulled: partners that fetch from us, to whom nothing is sent.
    """

    office: Office
    links: Mapping[str, Link]
    pulled: Sequence[str] = ()


# What a thread does for a partner in one round; tells whether anything moved.
_Work = Callable[[Round, str], bool]


@dataclass(frozen=True, slots=True)
class _Lane:
    """A thread of one partner, and what wakes it."""

    woken: threading.Event
    thread: threading.Thread


@dataclass(frozen=True, slots=True)
class Worker:
    """One gateway's worker; `current` gives what one round works with.

    published, looked: when logs were published and deadlines looked at; unsettled: partners whose
    last turn failed, and left claimed what it had not settled.
    """

    current: Callable[[], Round]
    published: dict[tuple[str, str], datetime] = field(default_factory=dict)
    looked: dict[str, datetime] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)

    def round(self) -> bool:
        """Do what is due, once, for every partner; tells whether anything moved."""
        moved, now = False, self.current()
        self._look(now)
        for state in now.links:
            moved = self._deliver(now, state) or moved
            self._witness(now, state)
        return moved

    def run(self, wait: Callable[[float], Collection[str] | None]) -> None:
        """Serve every partner in threads of its own until `wait(seconds)` gives None.

        So a partner that answers slowly, or drop by drop, holds up no other. wait: ends early when
        something was put on its way, and gives for which partners.
        """
        while not self._begun():
            if wait(IDLE_SECONDS) is None:
                return
        lanes: dict[tuple[str, str], _Lane] = {}
        ended = threading.Event()
        while (rung := wait(IDLE_SECONDS)) is not None:
            for rang in lanes.keys() & {(one, "deliver") for one in rung}:
                lanes[rang].woken.set()
            try:
                now = self.current()
                if self._is_due("look", now.office, LOOK_EVERY):
                    self._look(now)
            except Exception as error:  # noqa: BLE001 one bad round must not end delivery for ever
                # The text of an unknown error may hold content, so only its kind is told.
                _LOG.error("round failed", kind=type(error).__name__)
                continue
            # A checkpoint and its cosignature hold up no record.
            works = {
                "deliver": (self._deliver, IDLE_SECONDS),
                "witness": (self._witness, CHECKPOINT_EVERY.total_seconds()),
            }
            for state, name in itertools.product(now.links, works):
                known = lanes.get((state, name))
                if known is None or not known.thread.is_alive():
                    lanes[state, name] = self._lane(state, *works[name], ended)
        ended.set()
        for one in lanes.values():
            one.woken.set()
            one.thread.join()

    def _begun(self) -> bool:
        try:
            begin_again(self.current().office)
        except Exception as error:  # noqa: BLE001 a disk that is full now may have room in a moment
            _LOG.error("not begun", kind=type(error).__name__)
            return False
        return True

    def _lane(self, state: str, work: _Work, idle: float, ended: threading.Event) -> _Lane:
        woken = threading.Event()
        args = (state, work, idle, woken, ended)
        thread = threading.Thread(target=self._go, args=args, name=state)
        thread.start()
        return _Lane(woken, thread)

    def _go(
        self,
        state: str,
        work: _Work,
        idle: float,
        woken: threading.Event,
        ended: threading.Event,
    ) -> None:
        busy = True
        while not ended.is_set():
            woken.wait(BUSY_SECONDS if busy else idle)
            woken.clear()
            busy = False
            try:
                now = self.current()
            except Exception as error:  # noqa: BLE001 one bad moment must not end a partner's thread
                _LOG.error("partner's turn failed", partner=state, kind=type(error).__name__)
                continue
            if state not in now.links:
                return
            busy = work(now, state)

    def _look(self, now: Round) -> None:
        # Before anything is sent: what has ended is not sent again.
        self._end_deadlines(now.office)
        self._tell_alarms(now.office)
        for state in now.pulled:
            self._publish(now.office, now.office.log(state), state)
            self._publish(now.office, now.office.home, state)
        # Last: a disk without room must not hold up a deadline or an alarm.
        if self._is_due("spent", now.office, FORGET_EVERY):
            forget_spent(now.office)

    def _deliver(self, now: Round, state: str) -> bool:
        moved = False
        try:
            if state in self.unsettled:
                # What waits for its lease holds up the later versions of the same record.
                offer_again(now.office, state)
                self.unsettled.discard(state)
            for sent in deliver(now.office, now.links[state], state):
                moved = self._told(state, sent) or moved
        except Exception as error:  # noqa: BLE001 what one partner causes must not stop the others
            # The text of an unknown error may hold content, so only its kind is told.
            _LOG.error("partner's turn failed", partner=state, kind=type(error).__name__)
            self.unsettled.add(state)
        return moved

    def _witness(self, now: Round, state: str) -> bool:
        """Have our logs cosigned; never busy, since a checkpoint takes in a second's entries."""
        try:
            self._cosign(now, now.office.log(state), state)
            # A state without neighbours in reach still has its refusals witnessed by one that is.
            self._cosign(now, now.office.home, state)
        except Exception as error:  # noqa: BLE001 what one partner causes must not stop the others
            _LOG.error("not cosigned", partner=state, kind=type(error).__name__)
        return False

    def _is_due(self, what: str, office: Office, every: timedelta) -> bool:
        at, last = office.clock(), self.looked.get(what)
        if last is not None and timedelta() <= at - last < every:
            return False
        self.looked[what] = at
        return True

    def _end_deadlines(self, office: Office) -> None:
        if not self._is_due("due", office, EXPIRE_EVERY):
            return
        found = expire(office)
        if any(found.events.values()):
            _LOG.warning("deadlines passed", events=found.events)
        for x, code in found.stuck.items():
            _LOG.error("deadline event not issued", x=x, code=code)

    def _tell_alarms(self, office: Office) -> None:
        with office.store.read() as turn:
            rows = alarms(turn, last_told(turn))
        for one in rows:
            _LOG.error("alarm", code=one.code, partner=one.partner, x=one.x)
        if rows:
            # After they were said: those of a worker that dies between are said again.
            with office.store.write(TOLD) as turn:
                note_told(turn, rows[-1].n)

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

    def _cosign(self, now: Round, log: str, state: str) -> None:
        if self._is_published(now.office, log, state):
            return
        try:
            found = publish_and_cosign(now.office, log, now.links[state], state)
        except (KeyFileError, Refusal) as error:
            _LOG.warning("not published", log=log, why=str(error))
            return
        if found.failure and found.asked:
            _LOG.warning("not cosigned", log=found.log, size=found.size, why=found.failure)

"""Ask a partner that only connects outward: the question waits until it fetches and answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gateway.delivery.link import TIMEOUT_SECONDS, Reply, UnreachableError
from gateway.exchange.office import Office
from gateway.store.parked_rows import Question, answered, ask

# As long as the caller can wait; asked again, the answer is there at once.
LONGEST_WAIT = timedelta(seconds=4)
KEPT = timedelta(minutes=5)
LOOK_SECONDS = 0.1
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ParkedLink:
    """One partner that fetches our questions; wait: waits so many seconds."""

    office: Office
    partner: str
    wait: Callable[[float], object]

    def get(self, target: str) -> Reply:
        """Ask for a target. UnreachableError when no answer comes in time."""
        office, at = self.office, self.office.clock()
        question = Question(self.partner, target, int(at.timestamp()))
        with office.store.write(f"parked {self.partner}") as turn:
            taken = ask(turn, question, int((at - KEPT).timestamp()))
        while taken:
            with office.store.read() as turn:
                found = answered(turn, self.partner, target)
            if found is not None:
                return Reply(200, OCTETS, found)
            if office.clock() - at > LONGEST_WAIT:
                break
            self.wait(LOOK_SECONDS)
        raise self._waits()

    def post(
        self,
        target: str,
        body: bytes,
        media_type: str,
        *,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> Reply:
        """Send nothing: what is to reach the partner waits in the outbox. UnreachableError."""
        del target, body, media_type, timeout
        raise self._waits()

    def _waits(self) -> UnreachableError:
        return UnreachableError(f"the gateway of {self.partner} fetches what waits for it")

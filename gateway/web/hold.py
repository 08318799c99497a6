"""A request that waits for something to arrive, without a thread while it waits."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.exchange.answer import Answer

# Where in the environ the application leaves what the door is to hold.
HOLD = "lmx.hold"


@dataclass(frozen=True, slots=True)
class Hold:
    """How long an answer may be held, in seconds, and what looks again: None while nothing came.

    mark: a number that is another once something has come, whosever; asked together by all that
    hold in one room, each of which looks for itself only then. None: each looks every time.
    """

    seconds: int
    again: Callable[[], Answer | None]
    room: str = ""
    mark: Callable[[], int] | None = None

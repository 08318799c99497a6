"""Connections that a process keeps open between its turns.

Taking a connection out of SQLAlchemy's pool and giving it back costs more than most turns do. Here
it stays with what a turn needs of it, and the pool only opens and closes it.
"""

import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from gateway.store.turns import Turn

# Idle connections that stay open.
MOST = 4


@dataclass(slots=True)
class Kept:
    """The connections of one store; made: what turns a new one into what turns run on."""

    engine: Engine
    made: Callable[[Connection], Turn]
    _idle: deque[Turn] = field(default_factory=deque)
    _process: int = field(default_factory=os.getpid)
    # Those of a process that this one was forked from, which go on in that one.
    _others: list[Turn] = field(default_factory=list)

    def idle(self) -> Turn | None:
        """Take one that is open, None when there is none."""
        if self._process != os.getpid():
            self._others += self._idle
            self._idle, self._process = deque(), os.getpid()
        # Threads of one process take from the same end at once.
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def opened(self) -> Turn:
        """Open one."""
        connection = self.engine.connect()
        try:
            return self.made(connection)
        except BaseException:
            connection.close()
            raise

    def give(self, turn: Turn) -> None:
        """Give one back, its transaction ended."""
        if turn.core.in_transaction():
            # There is nothing to undo: only SQLAlchemy notes that it had begun.
            turn.core.rollback()
        if len(self._idle) < MOST:
            self._idle.append(turn)
        else:
            turn.core.close()

    def drop(self, turn: Turn) -> None:
        """Close one that nothing may run on any more."""
        turn.core.invalidate()
        turn.core.close()

    def close(self) -> None:
        """Close all that are idle; those that are asked for next are opened anew."""
        while (turn := self.idle()) is not None:
            turn.core.close()
        self.engine.dispose()

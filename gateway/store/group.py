"""Turns that threads of a process ask for at the same time share one commit (group commit).

Who finds nobody at work begins at once, alone. Who asks while others work waits, and all that wait
then make the next group: one transaction, in which each has its part after a savepoint, one after
the other, and one commit that waits for the disk. Nobody waits for company (DESIGN section 2).
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Protocol

from gateway.store.turns import StoreError, Turn

# A part begins, after others; and it is taken back.
_FIRST = ("SAVEPOINT part",)
_AGAIN = ("RELEASE SAVEPOINT part", "SAVEPOINT part")
_BACK = ("ROLLBACK TO SAVEPOINT part",)
# Turns that one commit makes durable at the most.
MOST = 256


class Writing(Protocol):
    """A writer's transaction that is open, with all that must be given back at its end."""

    @property
    def turn(self) -> Turn:
        """Give the connection."""

    def run(self, *commands: str) -> None:
        """Run commands that give nothing."""

    def stands(self) -> bool:
        """Tell whether the transaction goes on: what failed in it may have ended it."""

    def commit(self) -> None:
        """Make everything durable and give all back; what raises has stored nothing."""

    def undo(self) -> None:
        """Store nothing and give all back; raises nothing of the database."""


# Opens a transaction, having waited for its turn among processes.
Opens = Callable[[], Writing]


def _held() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Asking:
    """A thread that asks for a turn. called: free when its part may begin, in its group."""

    called: Lock = field(default_factory=_held)
    group: "_Group | None" = None


@dataclass(slots=True, eq=False)
class _Group:
    """Turns with one commit. members: those whose part has not begun.

    kept: how many have done their part; marked: it has a savepoint, from where the last part began;
    lost: why nothing of it is stored, once it is over.
    """

    members: deque[_Asking]
    shared: bool
    writing: Writing | None = None
    kept: int = 0
    marked: bool = False
    lost: BaseException | None = None
    over: Event = field(default_factory=Event)


@dataclass(slots=True, eq=False)
class _Line:
    """Who asks in one process. busy: a group is at work."""

    guard: Lock = field(default_factory=Lock)
    waiting: deque[_Asking] = field(default_factory=deque)
    busy: bool = False


class Queue:
    """Who asks for turns that exclude one another."""

    def __init__(self, begin: Opens) -> None:
        """Begin with nobody at work."""
        self._begin = begin
        self._lines: dict[int, _Line] = {}

    @property
    def waiting(self) -> int:
        """Count those of this process that wait for the next group."""
        return len(self._line().waiting)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Give a writer's turn; it is durable when the block has ended.

        Raises what the commit raised; then nothing of the block is stored.
        """
        group = self._join()
        try:
            writing = group.writing = group.writing or self._begin()
            if group.kept:
                # What those before did must stand if this part is undone.
                commands = _AGAIN if group.marked else _FIRST
                # Until it is there, the savepoint of the part before is none to go back to.
                group.marked = False
                writing.run(*commands)
                group.marked = True
            yield writing.turn
            if group.shared and not writing.stands():
                raise StoreError("the database has not stored what a turn wrote")
        except BaseException as error:
            self._hand_on(_undone(group, error))
            raise
        group.kept += 1
        self._hand_on(group)
        if group.shared:
            group.over.wait()
        if group.lost is not None:
            raise group.lost

    def _line(self) -> _Line:
        # Threads of a process that this one was forked from do not go on in it.
        process = os.getpid()
        return self._lines.get(process) or self._lines.setdefault(process, _Line())

    def _join(self) -> _Group:
        """Wait for one's part in a group; who finds nobody at work is one by itself."""
        line = self._line()
        with line.guard:
            if not line.busy:
                line.busy = True
                return _Group(deque(), shared=False)
            asking = _Asking()
            line.waiting.append(asking)
        asking.called.acquire()
        if asking.group is None:
            raise StoreError("a turn was called without a group")
        return asking.group

    def _hand_on(self, group: _Group) -> None:
        """Call the next member; the last one ends the transaction and calls the next group."""
        if group.members:
            _call(group.members.popleft(), group)
            return
        try:
            if group.writing is not None and group.kept:
                group.writing.commit()
            elif group.writing is not None:
                group.writing.undo()
        except BaseException as error:  # noqa: BLE001 each of the group raises it
            group.lost = error
        finally:
            self._call_next()
            group.over.set()

    def _call_next(self) -> None:
        line = self._line()
        with line.guard:
            size = min(len(line.waiting), MOST)
            members = deque(line.waiting.popleft() for _ in range(size))
            line.busy = size > 0
        if members:
            group = _Group(members, shared=size > 1)
            _call(members.popleft(), group)


def _call(asking: _Asking, group: _Group) -> None:
    asking.group = group
    asking.called.release()


def _undone(group: _Group, error: BaseException) -> _Group:
    """Undo the part that failed; gives the group that goes on."""
    writing = group.writing
    if writing is None or not group.shared:
        # It could not begin, or is alone.
        return group
    if not group.kept:
        # Nobody else's part is in it yet: the next one begins anew.
        writing.undo()
        group.writing = None
        return group
    if group.marked and _taken_back(writing):
        return group
    writing.undo()
    group.lost = StoreError("a turn of the same commit ended it, and nothing of it is stored")
    group.lost.__cause__ = error
    rest = _Group(group.members, shared=len(group.members) > 1)
    group.over.set()
    return rest


def _taken_back(writing: Writing) -> bool:
    try:
        writing.run(*_BACK)
    except Exception:  # noqa: BLE001 whatever it was, the part may still be there
        return False
    return writing.stands()

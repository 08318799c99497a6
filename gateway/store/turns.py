"""One use of the database: a reader's view or a writer's turn, the same for every dialect."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, CursorResult, Executable

from gateway.model.refusal import Refusal
from gateway.store.scope import WHOLE, Scope


class TakenError(Exception):
    """A row that must be the only one of its key was there already."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A reader's view or a writer's turn.

    core: the connection as SQLAlchemy has it; cursor: the driver's, on which `prepared.Statement`
    runs; integrity: what the driver raises for a key that is taken; packs: rows may be packed.
    """

    core: Connection
    cursor: Any
    dialect: str
    integrity: type[Exception]
    packs: bool

    def execute(
        self,
        statement: Executable,
        values: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> CursorResult[Any]:
        """Run a statement that is composed at the call, which costs more than most statements."""
        return self.core.execute(statement, values)


class StoreError(Exception):
    """A database that must not be used; says which setting is wrong."""


def full() -> Refusal:
    """Say that nothing more can be stored now."""
    return Refusal(
        "storage.full",
        step="record",
        rule="the gateway's disk is full; it takes records again by itself when there is room",
    )


class Store(Protocol):
    """One gateway's database; connections are opened by turns, after a fork, and kept."""

    @property
    def packs(self) -> bool:
        """Tell whether rows are packed: each node that works on the database can read them."""

    def read(self, scope: Scope = WHOLE) -> AbstractContextManager[Turn]:
        """Give a connection that sees one consistent state.

        scope: a caller's, so that the database itself keeps other authorities' rows back where it
        can (PostgreSQL), beside the scope that each query names.
        """

    def write(self, *names: str, lasting: bool = True) -> AbstractContextManager[Turn]:
        """Give a writer's connection; when the block ends, its rows survive power loss.

        names: the logs it appends to, and what else no other turn may change meanwhile. A turn of
        no name may only use statements that are right whatever others write beside them.
        lasting: False for what power loss may undo, which costs a third of a turn; the end of a
        process does not undo it, and with a later turn that lasts it lasts too.
        Refuses `storage.full`; then nothing of the turn is stored.
        """

    def close(self) -> None:
        """Close the connections that are not in use; a later turn opens its own."""

    def require_room(self) -> None:
        """Refuse `storage.full` while what is left of the disk is kept for what must go on.

        Asked before anything new is taken. Receipts, deadlines and answers to what was taken
        before go on into the reserve. A server's disk is its own: there only a turn finds it full.
        """

"""One use of the database: a reader's view or a writer's turn, the same for every dialect."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

Turn = Connection
# A row that must be the only one of its key was there already.
TakenError = IntegrityError


class StoreError(Exception):
    """A database that must not be used; says which setting is wrong."""


class Store(Protocol):
    """One gateway's database; connections are opened after a fork, one a use."""

    def read(self) -> AbstractContextManager[Turn]:
        """Give a connection that sees one consistent state."""

    def write(self, *names: str) -> AbstractContextManager[Turn]:
        """Give a writer's connection; when the block ends, its rows survive power loss.

        names: the logs it appends to, and what else no other turn may change meanwhile. A turn of
        no name may only use statements that are right whatever others write beside them.
        """

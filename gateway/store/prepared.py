"""Statements composed once, in SQLAlchemy Core, and run on the driver (docs/adr/0014).

Core writes the SQL of each dialect and the order of its parameters, once a process; then a
statement costs what the driver and the database take. A module that owns a table names its
statements as constants:

    _OF = Statement(select(DUE.c.x).where(DUE.c.at < bindparam("now"), one_of(DUE.c.x, "xs")))
    xs = _OF.values(turn, {"now": now, "xs": xs})

Columns are Text, Integer or LargeBinary, which drivers read and write as they are. A row is a
tuple in the order of the columns that are selected, and a row's class is a NamedTuple.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Delete,
    Dialect,
    Insert,
    LargeBinary,
    Select,
    Table,
    Update,
    bindparam,
)
from sqlalchemy import insert as sql_insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from gateway.proof.canonical import canonical_json
from gateway.store.turns import TakenError, Turn

Core = Select[Any] | Insert | Update | Delete
Named = Mapping[str, object]
# How many rows one statement takes: few texts, each of which a session prepares once.
_SIZES = (64, 32, 16, 8, 4, 2, 1)
# The function by which a connection to SQLite reads the octets in a list: JSON has only texts.
OCTETS = "octets"


# By dialect: SQLAlchemy's module of its driver, and how parameters are spelled by their positions,
# `$1` of psycopg's raw cursors and `?` of sqlite3.
_DRIVERS = {"postgresql": ("psycopg", "numeric_dollar"), "sqlite": ("pysqlite", "qmark")}


@cache
def dialect_of(name: str) -> Dialect:
    """Import what writes and runs statements on `sqlite` or `postgresql`."""
    # PostgreSQL's modules take a twentieth of a start to import, and a file needs none of them.
    driver, style = _DRIVERS[name]
    module = importlib.import_module(f"sqlalchemy.dialects.{name}.{driver}")
    return cast("Dialect", module.dialect(paramstyle=style))


class _OneOf(ColumnElement[bool]):
    """A column is one of a list, which is one parameter, however long it is."""

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.named = bindparam(name, type_=ARRAY(column.type))


def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Give the condition that a column is one of the list that a parameter holds."""
    return _OneOf(column, name)


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: SQLCompiler, **settings: Any) -> str:
    column = compiler.process(element.column, **settings)
    one = f"{OCTETS}(value)" if isinstance(element.column.type, LargeBinary) else "value"
    named = compiler.process(element.named, **settings)
    return f"{column} IN (SELECT {one} FROM json_each({named}))"  # noqa: S608 Core's own parts


@compiles(_OneOf, "postgresql")
def _in_array(element: _OneOf, compiler: SQLCompiler, **settings: Any) -> str:
    column = compiler.process(element.column, **settings)
    return f"{column} = ANY ({compiler.process(element.named, **settings)})"


def _json(found: Iterable[object]) -> str:
    plain = [one.hex() if type(one) is bytes else one for one in found]
    return canonical_json(plain).decode("utf-8")


_LISTS: dict[str, Callable[[Iterable[object]], object]] = {"sqlite": _json, "postgresql": list}


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as one dialect has it: its text, and what it takes in which order.

    fixed: the values that stand in the statement; lists: how those parameters are spelled.
    """

    sql: str
    names: tuple[str, ...]
    fixed: dict[str, object]
    lists: dict[str, Callable[[Any], object]]

    def given(self, named: Named) -> list[object]:
        """Give the parameters in their order."""
        if self.fixed:
            named = {**self.fixed, **named}
        if self.lists:
            named = {**named, **{name: spell(named[name]) for name, spell in self.lists.items()}}
        return [named[name] for name in self.names]


def insert(table: Table, names: Sequence[str]) -> "Statement":
    """Give the insert of rows that fill these columns."""
    return _Rows(table, names)


def upsert(table: Table, names: Sequence[str], *key: str, rising: str = "") -> "Statement":
    """Give the insert of a row that takes the place of the one of its key.

    rising: a column that never falls; a row that would lower it changes nothing.
    """

    def put(new: Any) -> Insert:
        told = {one: new.excluded[one] for one in names if one not in key}
        risen = new.excluded[rising] >= table.c[rising] if rising else None
        found: Insert = new.on_conflict_do_update(index_elements=key, set_=told, where=risen)
        return found

    return _OnConflict(table, names, put)


def insert_once(table: Table, names: Sequence[str]) -> "Statement":
    """Give the insert of a row that changes nothing when one of its key is there."""
    return _OnConflict(table, names, lambda new: new.on_conflict_do_nothing())


def members(row: Any) -> tuple[str, ...]:
    """Give the members of a row's class; `n` is numbered by the database."""
    return tuple(one for one in row._fields if one != "n")


def columns(table: Table, row: Any) -> tuple[ColumnElement[Any], ...]:
    """Give the columns that the members of a row's class are made of, in their order."""
    return tuple(table.c[one] for one in row._fields)


def values(row: Any) -> dict[str, object]:
    """Give the members of a row by their names, as they are inserted."""
    found: dict[str, object] = row._asdict()
    found.pop("n", None)
    return found


class Statement:
    """One statement; `names` of an INSERT: the columns it fills."""

    def __init__(self, core: Core, names: Sequence[str] | None = None) -> None:
        self.core, self.names = core, names
        self._written: dict[str, Written] = {}

    def rows(self, turn: Turn, named: Named) -> list[tuple[Any, ...]]:
        """Give all rows."""
        found: list[tuple[Any, ...]] = self._sent(turn, named).fetchall()
        return found

    def row(self, turn: Turn, named: Named) -> tuple[Any, ...] | None:
        """Give the first row, None when there is none."""
        # A row that is left unread would keep SQLite's snapshot beyond the turn.
        found = self._sent(turn, named).fetchall()
        return found[0] if found else None

    def values(self, turn: Turn, named: Named) -> list[Any]:
        """Give the first column."""
        return [one[0] for one in self._sent(turn, named).fetchall()]

    def value(self, turn: Turn, named: Named) -> Any:
        """Give the first column of the first row, None when there is none."""
        found = self.row(turn, named)
        return None if found is None else found[0]

    def run(self, turn: Turn, named: Named) -> int:
        """Change rows; gives how many. TakenError when a row of a key is there."""
        return int(self._sent(turn, named).rowcount)

    def run_all(self, turn: Turn, many: Sequence[Named]) -> None:
        """Run once for each; nothing for none. TakenError when a row of a key is there."""
        if turn.dialect == "sqlite" and len(many) > 1:
            written = self.written(turn.dialect)
            try:
                turn.cursor.executemany(written.sql, [written.given(one) for one in many])
            except turn.integrity:
                raise TakenError from None
        else:
            for one in many:
                self._sent(turn, one)

    def written(self, dialect: str) -> Written:
        """Give the statement as a dialect has it."""
        return self._written.get(dialect) or self._write(dialect)

    def _sent(self, turn: Turn, named: Named) -> Any:
        written = self.written(turn.dialect)
        return self._run(turn, written.sql, written.given(named))

    def _run(self, turn: Turn, sql: str, given: Sequence[object]) -> Any:
        try:
            turn.cursor.execute(sql, given)
        except turn.integrity:
            # The driver's text holds the key, which may be somebody's.
            raise TakenError from None
        return turn.cursor

    def _core(self, dialect: str) -> Core:
        del dialect
        return self.core

    def _write(self, dialect: str) -> Written:
        made = self._core(dialect).compile(dialect=dialect_of(dialect), column_keys=self.names)
        names = tuple(made.positiontup or ())
        lists = {one: _LISTS[dialect] for one in names if isinstance(made.binds[one].type, ARRAY)}
        fixed = {one: made.params[one] for one in names if not made.binds[one].required}
        self._written[dialect] = Written(str(made), names, fixed, lists)
        return self._written[dialect]


class _OnConflict(Statement):
    """An insert with ON CONFLICT: the same words in both dialects, each by a class of its own.

    put: adds them to the dialect's insert.
    """

    def __init__(self, table: Table, names: Sequence[str], put: Callable[[Any], Insert]) -> None:
        super().__init__(sql_insert(table), names)
        self._table, self._put = table, put

    def _core(self, dialect: str) -> Core:
        module = importlib.import_module(f"sqlalchemy.dialects.{dialect}")
        return self._put(module.insert(self._table))


class _Rows(Statement):
    """The insert of rows that are new: a server takes several in one statement.

    There, a row of fifty costs a quarter of what it costs by `executemany`.
    """

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        super().__init__(sql_insert(table).inline(), names)
        # Core writes a table's columns in its own order, whatever order they are named in.
        self.columns = [one for one in table.c if one.name in names]
        self._several: dict[int, str] = {}

    def run_all(self, turn: Turn, many: Sequence[Named]) -> None:
        """Insert all; nothing for none. TakenError when a row of a key is there."""
        if turn.dialect == "sqlite":
            super().run_all(turn, many)
            return
        at = 0
        while at < len(many):
            size = next(one for one in _SIZES if one <= len(many) - at)
            given = [one[of.name] for one in many[at : at + size] for of in self.columns]
            self._run(turn, self._of(turn.dialect, size), given)
            at += size

    def _of(self, dialect: str, size: int) -> str:
        if size not in self._several:
            rows = [
                {one.name: bindparam(f"{one.name}_{row}", type_=one.type) for one in self.columns}
                for row in range(size)
            ]
            several = cast("Insert", self.core).values(rows)
            self._several[size] = str(several.compile(dialect=dialect_of(dialect)))
        return self._several[size]

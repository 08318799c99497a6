"""The tables, one definition for every dialect."""

from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

METADATA = MetaData()

ENTRY = Table(
    "entry",
    METADATA,
    Column("log", Text, nullable=False),
    Column("i", Integer, nullable=False),
    Column("octets", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    PrimaryKeyConstraint("log", "i"),
)
TILE = Table(
    "tile",
    METADATA,
    Column("log", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("octets", LargeBinary, nullable=False),
    PrimaryKeyConstraint("log", "path"),
)
HEAD = Table(
    "head",
    METADATA,
    Column("log", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
WITNESSED = Table(
    "witnessed",
    METADATA,
    Column("origin", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
DAY_KEY = Table(
    "day_key",
    METADATA,
    Column("corridor", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("corridor", "day"),
)

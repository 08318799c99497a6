"""The tables of the ministry's side: questions, status lists, decisions, addresses, re-runs."""

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from gateway.store.tables import METADATA, WIDE

# METADATA from here knows these tables too.
__all__ = [
    "ATTACHMENT",
    "DECISION",
    "METADATA",
    "QUESTION",
    "RERUN",
    "STATUS",
    "STATUS_LIST",
    "WEBHOOK",
]

QUESTION = Table(
    "question",
    METADATA,
    Column("x", Text, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("reply", Text, nullable=False),
)
STATUS_LIST = Table(
    "status_list",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("submitter", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("until", Text, nullable=False),
    Index("ix_status_list_of", "authority", "record_type", "id"),
)
STATUS = Table(
    "status",
    METADATA,
    Column("hmac", LargeBinary, primary_key=True),
    Column("list", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
)
TOKEN = Table(
    "token",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("token", Text, nullable=False),
)
DECISION = Table(
    "decision",
    METADATA,
    Column("x", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("token", Text, nullable=False),
)
WEBHOOK = Table(
    "webhook",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("authority", Text, nullable=False, index=True),
    Column("submitter", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secrets", Integer, nullable=False),
    Column("overlap", Text, nullable=False),
    Column("ended", Text, nullable=False),
    Column("cursor", WIDE, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("next_at", WIDE, nullable=False),
)
RERUN = Table(
    "rerun",
    METADATA,
    Column("root", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("rerun", Text, nullable=False),
    PrimaryKeyConstraint("root", "row"),
)
ATTACHMENT = Table(
    "attachment",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("x", Text, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("got", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Index("ix_attachment_state", "state", "id"),
)

"""The tables, one definition for every dialect."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
# What counts exchanges or seconds. SQLite numbers the rows of a key only if it is INTEGER.
WIDE = BigInteger().with_variant(Integer, "sqlite")

ENTRY = Table(
    "entry",
    METADATA,
    Column("log", Text, nullable=False),
    Column("i", WIDE, nullable=False),
    Column("octets", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    PrimaryKeyConstraint("log", "i"),
)
# One row a name that a turn on PostgreSQL holds: a log's origin, or what else has one writer.
TURN = Table("turn", METADATA, Column("name", Text, primary_key=True))
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
    Column("size", WIDE, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
WITNESSED = Table(
    "witnessed",
    METADATA,
    Column("origin", Text, primary_key=True),
    Column("size", WIDE, nullable=False),
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
SEQUENCE = Table(
    "sequence",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("seq", WIDE, nullable=False),
    Column("prev", Text, nullable=False),
)
NONCE = Table(
    "nonce",
    METADATA,
    Column("keyid", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("created", WIDE, nullable=False, index=True),
    PrimaryKeyConstraint("keyid", "nonce"),
)
SUBMISSION = Table(
    "submission",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("submitter", Text, nullable=False),
    Column("idempotency", Text, nullable=False),
    Column("body_hmac", LargeBinary, nullable=False),
    Column("authority", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("refusal", Text, nullable=False),
    UniqueConstraint("submitter", "idempotency"),
)
EXCHANGE = Table(
    "exchange",
    METADATA,
    Column("n", WIDE, primary_key=True),
    Column("x", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("erase_by", Text, nullable=False),
    # The header's octets; where `seal` is empty, the packed seal that holds them.
    Column("header", LargeBinary, nullable=False),
    Column("seal", Text, nullable=False),
    # A quota counts a window of these; the console's pages are in the order of n.
    Index("ix_exchange_quota", "partner", "record_type", "role", "created", "sender"),
    Index("ix_exchange_partner", "partner", "n"),
    Index("ix_exchange_record_type", "record_type", "n"),
    Index("ix_exchange_state", "state", "n"),
)
SEALED = Table(
    "sealed",
    METADATA,
    Column("x", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("corridor", Text, nullable=False),
    Column("erase_by", Text, nullable=False),
    Column("hdr", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("octets", LargeBinary, nullable=False),
    PrimaryKeyConstraint("x", "kind"),
)
RECEIPT = Table(
    "receipt",
    METADATA,
    Column("n", WIDE, primary_key=True),
    Column("x", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("token", Text, nullable=False),
    # The token packed; then `token` is empty.
    Column("octets", LargeBinary),
    UniqueConstraint("x", "codes"),
)
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("n", WIDE, primary_key=True),
    Column("x", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("partner", Text, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("next_at", WIDE, nullable=False),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("chain", Text, nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    Index("ix_outbox_chain", "partner", "kind", "chain", "n"),
)
CIRCUIT = Table(
    "circuit",
    METADATA,
    Column("partner", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", WIDE, nullable=False),
    Column("why", Text, nullable=False),
)
PARKED = Table(
    "parked",
    METADATA,
    Column("partner", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", WIDE, nullable=False),
    Column("octets", LargeBinary),
    PrimaryKeyConstraint("partner", "target"),
)
INBOX = Table(
    "inbox",
    METADATA,
    Column("n", WIDE, primary_key=True),
    Column("x", Text, nullable=False, unique=True),
    Column("authority", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("adapter_version", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("extension", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("out", Text, nullable=False),
    Column("handover", Text, nullable=False),
)
KNOWN_RECORD = Table(
    "known_record",
    METADATA,
    Column("hmac", LargeBinary, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("x", Text, nullable=False),
    Column("hdr", Text, nullable=False),
)
DIRECTORY_SEEN = Table(
    "directory_seen",
    METADATA,
    Column("partner", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("fell", Integer, nullable=False),
    PrimaryKeyConstraint("partner", "state"),
)
REVOCATION = Table(
    "revocation",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("octets", LargeBinary, nullable=False),
)
REVOCATION_OF = Table(
    "revocation_of",
    METADATA,
    Column("thumbprint", Text, nullable=False),
    Column("begins", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("thumbprint", "begins", "ends"),
)
LICENCE = Table(
    "licence",
    METADATA,
    Column("hmac", LargeBinary, primary_key=True),
    Column("created", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
)
DUE = Table(
    "due",
    METADATA,
    Column("x", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_due_at", "at", "x"),
)
ALARM = Table(
    "alarm",
    METADATA,
    Column("n", WIDE, primary_key=True),
    Column("at", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("x", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("evidence", LargeBinary, nullable=False),
    UniqueConstraint("code", "x", "subject"),
)

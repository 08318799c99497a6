"""What turns on PostgreSQL hold, an index of old nonces, 64-bit numbers. Safe before deploy.

SQLite's integers have 64 bits already. No release ran on PostgreSQL before this step, so the
tables that it rewrites there are empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
deploy = "before"

_WIDE = (
    ("entry", "i"),
    ("head", "size"),
    ("witnessed", "size"),
    ("sequence", "seq"),
    ("nonce", "created"),
    ("exchange", "n"),
    ("receipt", "n"),
    ("outbox", "n"),
    ("outbox", "next_at"),
    ("inbox", "n"),
    ("alarm", "n"),
)


def upgrade() -> None:
    """Add the table and the index, and widen numbers that count exchanges or seconds."""
    turn = op.create_table("turn", sa.Column("name", sa.Text, primary_key=True))
    op.execute(sa.insert(turn).values(name="alarm"))
    op.create_index("ix_nonce_created", "nonce", ["created"])
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in _WIDE:
        op.alter_column(table, column, type_=sa.BigInteger)
        if column == "n":
            op.execute(f"ALTER SEQUENCE {table}_n_seq AS bigint")

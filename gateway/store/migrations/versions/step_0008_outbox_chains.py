"""Order inside a chain, failures a row, and how partners fail. Safe before deploy: only adds.

What waits already goes each in a chain of its own, as it went before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
deploy = "before"


def upgrade() -> None:
    """Add the columns, their index, and the table."""
    op.add_column("outbox", sa.Column("failed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("chain", sa.Text, nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("why", sa.Text, nullable=False, server_default=""))
    outbox = sa.table("outbox", sa.column("chain"), sa.column("x"))
    op.execute(sa.update(outbox).values(chain=outbox.c.x))
    op.create_index("ix_outbox_chain", "outbox", ["partner", "kind", "chain", "n"])
    op.create_table(
        "circuit",
        sa.Column("partner", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )

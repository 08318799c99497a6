"""Ministries' own addresses. Safe before deploy: adds a table that older nodes do not read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    wide = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "webhook",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("submitter", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secrets", sa.Integer, nullable=False),
        sa.Column("overlap", sa.Text, nullable=False),
        sa.Column("ended", sa.Text, nullable=False),
        sa.Column("cursor", wide, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("next_at", wide, nullable=False),
    )
    op.create_index("ix_webhook_authority", "webhook", ["authority"])

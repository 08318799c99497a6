"""Decisions of authorities. Safe before deploy: adds a table that older nodes do not read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "decision",
        sa.Column("x", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
    )

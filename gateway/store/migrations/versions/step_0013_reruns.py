"""Rows that re-runs have sent. Safe before deploy: adds a table that older nodes do not read."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "rerun",
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("rerun", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("root", "row"),
    )

"""Questions and status lists. Safe before deploy: adds tables that older nodes do not read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
deploy = "before"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "question",
        sa.Column("x", sa.Text, primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
    )
    op.create_table(
        "status_list",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("record_type", sa.Text, nullable=False),
        sa.Column("submitter", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
    )
    op.create_index("ix_status_list_of", "status_list", ["authority", "record_type", "id"])
    op.create_table(
        "status",
        sa.Column("hmac", sa.LargeBinary, primary_key=True),
        sa.Column("list", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text, nullable=False),
    )

"""Attachments. Safe before deploy: adds a table that older nodes do not read."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("x", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("got", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("ix_attachment_x", "attachment", ["x"])
    op.create_index("ix_attachment_state", "attachment", ["state", "id"])

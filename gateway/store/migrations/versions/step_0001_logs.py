"""Logs, what we witnessed, and day keys. Safe before deploy: only adds tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
deploy = "before"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "entry",
        sa.Column("log", sa.Text, nullable=False),
        sa.Column("i", sa.Integer, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("log", "i"),
    )
    op.create_table(
        "tile",
        sa.Column("log", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("log", "path"),
    )
    for name, key in (("head", "log"), ("witnessed", "origin")):
        op.create_table(
            name,
            sa.Column(key, sa.Text, primary_key=True),
            sa.Column("size", sa.Integer, nullable=False),
            sa.Column("root", sa.LargeBinary, nullable=False),
            sa.Column("note", sa.LargeBinary, nullable=False),
        )
    op.create_table(
        "day_key",
        sa.Column("corridor", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("corridor", "day"),
    )

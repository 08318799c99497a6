"""Revocation evidence and for which certificate it stands. Safe before deploy: only adds tables."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
deploy = "before"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "revocation",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "revocation_of",
        sa.Column("thumbprint", sa.Text, nullable=False),
        sa.Column("begins", sa.Text, nullable=False),
        sa.Column("ends", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("thumbprint", "begins", "ends"),
    )

"""Which directory versions partners have seen. Safe before deploy: only adds a table."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "directory_seen",
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("fell", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("partner", "state"),
    )

"""Authorities' tokens, each once. Safe before deploy: adds a table; older rows stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "token",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
    )

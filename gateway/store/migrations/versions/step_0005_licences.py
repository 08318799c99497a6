"""What is known of agencies' licences. Safe before deploy: only adds a table."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "licence",
        sa.Column("hmac", sa.LargeBinary, primary_key=True),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("valid_to", sa.Text, nullable=False),
    )

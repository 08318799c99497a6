"""Questions for a partner that only connects outward. Safe before deploy: only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
deploy = "before"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "parked",
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("octets", sa.LargeBinary),
        sa.PrimaryKeyConstraint("partner", "target"),
    )

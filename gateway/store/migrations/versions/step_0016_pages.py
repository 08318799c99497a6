"""Indexes of what pages and quotas ask for. Safe before deploy: adds indexes only.

On a database of millions this takes minutes, in which nothing else is written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
deploy = "before"


def upgrade() -> None:
    """Add the indexes."""
    quota = ["partner", "record_type", "role", "created", "sender"]
    op.create_index("ix_exchange_quota", "exchange", quota)
    for one in ("partner", "record_type", "state"):
        op.create_index(f"ix_exchange_{one}", "exchange", [one, "n"])
    where = sa.text("refusal != ''")
    op.create_index(
        "ix_submission_refused", "submission", ["id"], sqlite_where=where, postgresql_where=where
    )

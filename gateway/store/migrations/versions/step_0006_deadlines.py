"""Deadlines of exchanges and alarms. Safe before deploy: adds tables, fills them from headers.

Stop nodes of an older version first: what one accepts after this step has no deadline here.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
deploy = "before"

# What each side of an open exchange waits for: the event that ends it, and its deadline.
_OPEN = {("origin", "A.1"): ("B.3", "relay"), ("destination", "D.1"): ("E.2", "handover")}


def upgrade() -> None:
    """Add the tables, and a deadline for every exchange that is still open."""
    due = op.create_table(
        "due",
        sa.Column("x", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("ix_due_at", "due", ["at", "x"])
    op.create_table(
        "alarm",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("x", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("evidence", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("code", "x", "subject"),
    )
    connection = op.get_bind()
    exchange = sa.table("exchange", *(sa.column(one) for one in ("x", "role", "state", "header")))
    for (role, state), (code, name) in _OPEN.items():
        rows = connection.execute(
            sa.select(exchange.c.x, exchange.c.header).where(
                exchange.c.role == role, exchange.c.state == state
            )
        )
        headers = {row.x: json.loads(bytes(row.header)) for row in rows}
        found = [
            {"x": x, "code": code, "at": header["expires"][name]}
            for x, header in headers.items()
            if not header.get("historical")
        ]
        if found:
            connection.execute(sa.insert(due), found)

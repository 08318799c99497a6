"""Exchanges and all that belongs to them. Safe before deploy: only adds tables."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
deploy = "before"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "sequence",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("prev", sa.Text, nullable=False),
    )
    op.create_table(
        "nonce",
        sa.Column("keyid", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("created", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("keyid", "nonce"),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("submitter", sa.Text, nullable=False),
        sa.Column("idempotency", sa.Text, nullable=False),
        sa.Column("body_hmac", sa.LargeBinary, nullable=False),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("refusal", sa.Text, nullable=False),
        sa.UniqueConstraint("submitter", "idempotency"),
    )
    op.create_table(
        "exchange",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("x", sa.Text, nullable=False, unique=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("record_type", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("erase_by", sa.Text, nullable=False),
        sa.Column("header", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
    )
    op.create_table(
        "sealed",
        sa.Column("x", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("corridor", sa.Text, nullable=False),
        sa.Column("erase_by", sa.Text, nullable=False),
        sa.Column("hdr", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("x", "kind"),
    )
    op.create_table(
        "receipt",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("x", sa.Text, nullable=False),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.UniqueConstraint("x", "codes"),
    )
    op.create_index("ix_receipt_x", "receipt", ["x"])
    op.create_table(
        "outbox",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("x", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Integer, nullable=False),
    )
    op.create_index("ix_outbox_x", "outbox", ["x"])
    op.create_index("ix_outbox_partner", "outbox", ["partner"])
    op.create_table(
        "inbox",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("x", sa.Text, nullable=False, unique=True),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("layout", sa.Text, nullable=False),
        sa.Column("adapter_version", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("extension", sa.Text, nullable=False),
        sa.Column("warnings", sa.Text, nullable=False),
        sa.Column("out", sa.Text, nullable=False),
        sa.Column("handover", sa.Text, nullable=False),
    )
    still = sa.text("handover = ''")
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["authority", "n"],
        sqlite_where=still,
        postgresql_where=still,
    )
    op.create_table(
        "known_record",
        sa.Column("hmac", sa.LargeBinary, primary_key=True),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("x", sa.Text, nullable=False),
        sa.Column("hdr", sa.Text, nullable=False),
    )

"""Row-level security by authority on PostgreSQL. Safe before deploy: older nodes set no authority.

A transaction that names an authority in `lmx.authority` sees the rows of that authority only,
whatever its queries say. One that names none is a step of the gateway itself and sees each row.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
deploy = "before"

_NOBODY = "coalesce(current_setting('lmx.authority', true), '') = ''"
_OWN = "current_setting('lmx.authority', true)"
# What is of an exchange or a submission is of whom that is; these look under their own policies.
# By key and not by IN, which would read the whole table of exchanges for one row.
_OF = (
    "EXISTS (SELECT FROM exchange WHERE exchange.x = {table}.x) "
    "OR EXISTS (SELECT FROM submission WHERE submission.id = {table}.x)"
)
_POLICIES = {
    "exchange": f"sender = {_OWN} OR recipient = {_OWN}",
    "submission": f"authority = {_OWN}",
    "inbox": f"authority = {_OWN}",
    "receipt": _OF,
    "sealed": _OF,
}


def upgrade() -> None:
    """Add the policies, for the owner of the tables too."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, own in _POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        rule = own.format(table=table)
        op.execute(f"CREATE POLICY of_authority ON {table} USING ({_NOBODY} OR {rule})")

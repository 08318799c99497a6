"""The indexes over some rows of a table only, as the numbered steps make them.

SQLAlchemy imports a dialect as soon as a condition is named for it, so these stand apart from the
tables: statements do not ask for them, and a start on a file needs nothing of PostgreSQL's.
"""

from sqlalchemy import Index

from gateway.store.ministry_tables import METADATA
from gateway.store.tables import INBOX, SUBMISSION

# METADATA from here knows all tables and all indexes.
__all__ = ["METADATA"]

# Few are refused among many: their page finds them without going through the others.
_REFUSED = SUBMISSION.c.refusal != ""
Index("ix_submission_refused", SUBMISSION.c.id, sqlite_where=_REFUSED, postgresql_where=_REFUSED)
# Only what still waits is listed, however much was handed over before.
_STILL = INBOX.c.handover == ""
Index(
    "ix_inbox_waiting",
    INBOX.c.authority,
    INBOX.c.n,
    sqlite_where=_STILL,
    postgresql_where=_STILL,
)

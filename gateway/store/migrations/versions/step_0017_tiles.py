"""Tiles that stand in the entries are not stored. After deploy: nodes before it serve these rows.

What holds the hashes and bytes of entries over again is made from the entries when it is asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
deploy = "after"


def upgrade() -> None:
    """Delete the tiles of level 0 and the bundles."""
    tile = sa.table("tile", sa.column("path"))
    copies = sa.or_(tile.c.path.startswith("tile/0/"), tile.c.path.startswith("tile/entries/"))
    op.execute(sa.delete(tile).where(copies))

"""Which rows of a submission's file were sent by a re-run, each once."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from gateway.store.ministry_tables import RERUN
from gateway.store.prepared import Statement, insert
from gateway.store.turns import Turn

_NEW = insert(RERUN, ("root", "row", "rerun"))
_SENT = Statement(select(RERUN.c.row).where(RERUN.c.root == bindparam("root")))


def put_rows_sent(turn: Turn, root: str, rows: Iterable[int], rerun: str) -> None:
    """Remember rows that a re-run sends; TakenError when another has sent one of them."""
    _NEW.run_all(turn, [{"root": root, "row": one, "rerun": rerun} for one in rows])


def rows_sent(turn: Turn, root: str) -> set[int]:
    """Give the rows that re-runs have sent; root: the submission that brought the file."""
    return set(_SENT.values(turn, {"root": root}))

"""Which rows of a submission's file were sent by a re-run, each once."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select

from gateway.store.ministry_tables import RERUN

_NEW = insert(RERUN)
_SENT = select(RERUN.c.row).where(RERUN.c.root == bindparam("root"))


def put_rows_sent(turn: Connection, root: str, rows: Iterable[int], rerun: str) -> None:
    """Remember rows that a re-run sends; TakenError when another has sent one of them."""
    told = [{"root": root, "row": one, "rerun": rerun} for one in rows]
    if told:
        turn.execute(_NEW, told)


def rows_sent(turn: Connection, root: str) -> set[int]:
    """Give the rows that re-runs have sent; root: the submission that brought the file."""
    return set(turn.execute(_SENT, {"root": root}).scalars())

"""What authorities signed over lists of exchanges: each token once, named by its digest.

A confirmation of 256 files is 40 KB, and each of these would keep it whole.
"""

import base64
import hashlib

from sqlalchemy import bindparam, select

from gateway.store.ministry_tables import TOKEN
from gateway.store.once import put_once
from gateway.store.prepared import Statement
from gateway.store.turns import Turn

_ONE = Statement(select(TOKEN.c.token).where(TOKEN.c.digest == bindparam("digest")))


def put_token(turn: Turn, token: str) -> str:
    """Keep a token for ever; gives what names it in other rows."""
    digest = base64.b64encode(hashlib.sha256(token.encode("ascii")).digest()).decode("ascii")
    put_once(turn, TOKEN, {"digest": digest, "token": token})
    return digest


def token_named(turn: Turn, name: str) -> str:
    """Give a token by what names it, empty when none is kept; rows of before hold it themselves."""
    if "." in name:
        return name
    return str(_ONE.value(turn, {"digest": name}) or "")

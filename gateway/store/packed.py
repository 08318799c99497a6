"""How tokens stand in columns: packed, and a seal in the place of the header that it holds.

Rows of releases before packing stand as they are: the text in its own column.
"""

from collections.abc import Mapping

from gateway.proof import base64url
from gateway.store.packing import is_packed, pack_for, unpack, unpack_token
from gateway.store.turns import Turn


def seal_columns(turn: Turn, header: bytes, seal: str) -> Mapping[str, object]:
    """Give the columns `header` and `seal` of an exchange."""
    packed = pack_for(turn, seal.encode("ascii"))
    if is_packed(packed) and seal.split(".")[1:2] == [_text(header)]:
        return {"header": packed, "seal": ""}
    return {"header": header, "seal": seal}


def sealed_header(header: bytes, seal: str) -> tuple[bytes, str]:
    """Give the header's octets and the seal of these columns."""
    if seal or not is_packed(header):
        return header, seal
    return unpack_token(header)


def token_columns(turn: Turn, token: str) -> Mapping[str, object]:
    """Give the columns `token` and `octets` of a receipt."""
    packed = pack_for(turn, token.encode("ascii"))
    if is_packed(packed):
        return {"token": "", "octets": packed}
    return {"token": token, "octets": None}


def stored_token(token: str, octets: bytes | None) -> str:
    """Give the receipt of these columns."""
    return token if octets is None else unpack(octets).decode("ascii")


def _text(payload: bytes) -> str:
    return base64url.encode(payload).decode("ascii")

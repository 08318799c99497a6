"""Attachments by reference: octets go in pieces beside the record, which commits to them.

A ministry brings a file to its gateway in pieces of 4 MiB, in order, and goes on where it was cut
off. A record then names it: the transfer lists `{name, size, commitment, salt}`, and the header
commits to that list (label `att`). The other gateway fetches the pieces, and judges the whole.
Every piece is encrypted by itself, so that no process ever holds more than one.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.exchange.authenticate import Caller
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.model.ids import random_id
from gateway.model.refusal import Refusal
from gateway.proof.commitment import SALT_SIZE, commit_stream
from gateway.proof.strict_json import parse
from gateway.store import exchange_rows
from gateway.store.attachment_rows import (
    AttachmentRow,
    attachment,
    count_open,
    note_got,
    put_attachment,
)
from gateway.store.connection import Turn
from gateway.store.scope import WHOLE
from gateway.store.sealed import Binding, open_bytes, seal_bytes

PIECE = 4 * 1024 * 1024
LARGEST = 100 * 1024 * 1024
MOST_OPEN = 32
MOST_NAMED = 8
# Until then a record must have taken it, and the other gateway fetched it.
KEPT_DAYS = 60


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment that a record takes: its id, and what the transfer says of it."""

    id: str
    told: dict[str, Any]


def begin_attachment(office: Office, caller: Caller, body: bytes) -> dict[str, Any]:
    """Take `{name, size}`; gives the id and the size of a piece. Refuses `attachment.wrong`."""
    found = parse(body)
    if not isinstance(found, dict) or found.keys() != {"name", "size"}:
        raise _wrong("the body is {name, size}", "body")
    name, size = found["name"], found["size"]
    if not isinstance(name, str) or not 0 < len(name) <= 200 or set(name) & set('/\\:*?"<>|\n\r'):
        raise _wrong("a name has 1 to 200 characters and no path", "name")
    if type(size) is not int or not 0 < size <= LARGEST:
        raise _wrong(f"an attachment has 1 to {LARGEST} bytes", "size")
    row = AttachmentRow(random_id(office.entropy), caller.authority, "", 0, size, 0, "open")
    home = _home(office, row.id)
    sealed = seal_bytes(name.encode("utf-8"), home, office.day_keys)
    with office.store.write() as turn:
        if count_open(turn, caller.authority) >= MOST_OPEN:
            raise _wrong(f"at most {MOST_OPEN} attachments wait for their record", "size")
        put_attachment(turn, row)
        exchange_rows.put_sealed(turn, "name", home, sealed)
    return {"attachment": row.id, "piece": PIECE, "got": 0}


def add_piece(
    office: Office, caller: Caller, name: str, offset: int, octets: bytes
) -> dict[str, Any]:
    """Store one piece at its offset; gives how much is here. A piece that is here is no error.

    Refuses `attachment.wrong` for a piece out of order or of another size.
    """
    with office.store.read() as turn:
        row = _own(turn, caller, name)
    if offset < row.got:
        return {"attachment": name, "got": row.got}
    if offset != row.got or len(octets) != min(PIECE, row.size - offset):
        raise _wrong(f"the next piece begins at {row.got} and has {PIECE} bytes or the rest", "got")
    return {"attachment": name, "got": store_piece(office, row, _home(office, name), octets)}


def store_piece(office: Office, row: AttachmentRow, binding: Binding, octets: bytes) -> int:
    """Store the next piece in a commit of its own; gives how much is here."""
    sealed, got = seal_bytes(octets, binding, office.day_keys), row.got + len(octets)
    with office.store.write() as turn:
        if not note_got(turn, row, got):
            found = attachment(turn, row.id)
            return row.got if found is None else found.got
        exchange_rows.put_sealed(turn, _kind(row.got), binding, sealed)
    return got


def standing(office: Office, caller: Caller, name: str) -> dict[str, Any]:
    """Tell how much of an attachment is here, so that it may be gone on with."""
    with office.store.read() as turn:
        row = _own(turn, caller, name)
    return {"attachment": name, "size": row.size, "got": row.got, "state": row.state}


def attached(office: Office, caller: Caller, names: Sequence[str]) -> list[Attached]:
    """Give what a transfer says of whole attachments of the caller's authority.

    Refuses `attachment.wrong` for one that is not whole, or was taken by another record.
    """
    if len(names) > MOST_NAMED or len(set(names)) != len(names):
        raise _wrong(f"a record names at most {MOST_NAMED} attachments, each once", "attachments")
    return [_attached(office, caller, name) for name in names]


def _attached(office: Office, caller: Caller, name: str) -> Attached:
    with office.store.read() as turn:
        row = _own(turn, caller, name)
        found = exchange_rows.sealed(turn, name, "name", WHOLE)
    if row.state != "open" or row.got != row.size or found is None:
        raise _wrong("an attachment must be whole, and of no other record", "attachments")
    salt = office.entropy(SALT_SIZE)
    told = {
        "commitment": commit_stream("att", salt, pieces(office, row)),
        "name": open_bytes(found[1], found[0], office.day_keys).decode("utf-8"),
        "salt": base64.b64encode(salt).decode("ascii"),
        "size": row.size,
    }
    return Attached(name, told)


def pieces(office: Office, row: AttachmentRow) -> Iterator[bytes]:
    """Give the octets piece by piece, as far as they are here."""
    for offset in range(0, row.got, PIECE):
        yield piece(office, row, offset)


def piece(office: Office, row: AttachmentRow, offset: int) -> bytes:
    """Give one piece. Refuses `request.not-found` for what is not here."""
    with office.store.read() as turn:
        found = exchange_rows.sealed(turn, row.id, _kind(offset), WHOLE)
    if found is None:
        raise not_found()
    return open_bytes(found[1], found[0], office.day_keys)


def _kind(offset: int) -> str:
    return f"piece-{offset // PIECE}"


def _home(office: Office, name: str) -> Binding:
    return Binding("home", (office.clock() + timedelta(days=KEPT_DAYS)).date(), "", name)


def _own(turn: Turn, caller: Caller, name: str) -> AttachmentRow:
    row = attachment(turn, name)
    if row is None or row.authority != caller.authority:
        raise not_found()
    return row


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("attachment.wrong", step="submit", rule=rule, place=place)

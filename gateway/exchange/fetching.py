"""Fetch the attachments of received records from the partner, piece by piece, and judge the whole.

What is cut off goes on where it was. A whole that is not what the origin committed to is an alarm
and is handed to nobody. What the origin has no more is an alarm too, and is not asked for again.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.attachments import PIECE, piece, pieces, store_piece
from gateway.exchange.handover import not_found, require_open, stored_transfer
from gateway.exchange.office import Office
from gateway.model.ids import random_id
from gateway.model.instants import write_instant
from gateway.proof.commitment import commit_stream
from gateway.proof.header import Header
from gateway.proof.transfer import Transfer
from gateway.store import exchange_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.attachment_rows import (
    AttachmentRow,
    attachment,
    attachments_of,
    coming,
    note_state,
    put_attachment,
)
from gateway.store.connection import Turn
from gateway.store.scope import WHOLE, Scope
from gateway.store.sealed import Binding

MOST_A_ROUND = 16


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a round came to: pieces that came, and why the partner gave no more, if so."""

    pieces: int
    failure: str = ""


def expect_attachments(turn: Turn, office: Office, header: Header, transfer: Transfer) -> None:
    """Remember what is to be fetched, in the turn that takes the record."""
    for position, one in enumerate(transfer.attachments):
        name, size = random_id(office.entropy), one["size"]
        row = AttachmentRow(name, header.recipient, header.exchange_id, position, size, 0, "coming")
        put_attachment(turn, row)


def fetch_attachments(office: Office, link: Link, partner: str) -> Fetched:
    """Fetch pieces that a partner's messages name, some a round."""
    with office.store.read() as turn:
        rows = coming(turn, partner, MOST_A_ROUND)
    count = 0
    for first in rows:
        row: AttachmentRow | None = first
        while row is not None and row.state == "coming" and count < MOST_A_ROUND:
            try:
                _fetch(office, link, row)
            except UnreachableError as error:
                return Fetched(count, str(error))
            count += 1
            with office.store.read() as turn:
                row = attachment(turn, row.id)
    return Fetched(count)


def wanted_pieces(office: Office, partner: str) -> list[dict[str, Any]]:
    """Give the next piece that a partner's messages name, `{x, number, offset}`, at most one.

    For a partner that fetches from us: it brings the piece when it next asks.
    """
    with office.store.read() as turn:
        rows = coming(turn, partner, 1)
    return [{"x": row.x, "number": row.position, "offset": row.got} for row in rows]


def take_piece(office: Office, partner: str, piece_of: Mapping[str, Any], octets: bytes) -> None:
    """Take a piece that was wanted of a partner; one that is not the next is left out."""
    for row in _wanted(office, partner, piece_of):
        if len(octets) == _next_size(row):
            _take(office, row, octets)


def give_up(office: Office, partner: str, piece_of: Mapping[str, Any]) -> None:
    """End the waiting for an attachment: the partner that was asked for it has it no more."""
    for row in _wanted(office, partner, piece_of):
        _end(office, row, "gone", "attachment.gone")


def list_attachments(office: Office, x: str, scope: Scope) -> list[dict[str, Any]]:
    """Give what the transfer says of a received record's attachments, and how far each is here."""
    with office.store.read() as turn:
        rows = _placed(turn, x, scope)
        told: Sequence[Mapping[str, Any]] = ()
        if rows:
            told = stored_transfer(office, turn, x, scope).attachments
    return [
        {**one, "number": row.position, "got": row.got, "state": row.state}
        for row, one in zip(rows, told, strict=True)
    ]


def received_piece(office: Office, x: str, number: int, offset: int, scope: Scope) -> bytes:
    """Give one piece of a received attachment that is whole. Refuses `request.not-found`."""
    with office.store.read() as turn:
        rows = _placed(turn, x, scope)
    found = [one for one in rows if (one.position, one.state) == (number, "here")]
    if not found:
        raise not_found()
    return piece(office, found[0], offset)


def offered_piece(office: Office, x: str, number: int, offset: int, partner: str) -> bytes:
    """Give one piece to the gateway that the record went to. Refuses `request.not-found`."""
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
        rows = attachments_of(turn, x)
    # After its end nothing more is sent of a message that did not arrive.
    gone = row is None or row.partner != partner or row.role != "origin"
    if gone or (row is not None and row.state in {"B.2", "B.3"}):
        raise not_found()
    found = [one for one in rows if one.position == number]
    if not found:
        raise not_found()
    return piece(office, found[0], offset)


def _wanted(office: Office, partner: str, piece_of: Mapping[str, Any]) -> Sequence[AttachmentRow]:
    asked = tuple(piece_of.get(name) for name in ("x", "number", "offset"))
    with office.store.read() as turn:
        rows = coming(turn, partner, MOST_A_ROUND)
    return [row for row in rows if (row.x, row.position, row.got) == asked]


def _placed(turn: Turn, x: str, scope: Scope) -> Sequence[AttachmentRow]:
    exchange = exchange_rows.exchange(turn, x, scope)
    if exchange is None or exchange_rows.inbox_row(turn, x, scope) is None:
        raise not_found()
    require_open(exchange)
    return attachments_of(turn, x)


def _fetch(office: Office, link: Link, row: AttachmentRow) -> None:
    answer = link.get(f"/peer/v1/attachments/{row.x}/{row.position}?offset={row.got}")
    if answer.status == 404:
        _end(office, row, "gone", "attachment.gone")
        return
    if answer.status != 200 or len(answer.body) != _next_size(row):
        raise UnreachableError(f"{link.base} answered {answer.status} for a piece")
    _take(office, row, answer.body)


def _next_size(row: AttachmentRow) -> int:
    return min(PIECE, row.size - row.got)


def _take(office: Office, row: AttachmentRow, octets: bytes) -> None:
    with office.store.read() as turn:
        found = exchange_rows.sealed(turn, row.x, "transfer", WHOLE)
        told = stored_transfer(office, turn, row.x, WHOLE).attachments[row.position]
    if found is None:
        raise UnreachableError("the record of the attachment is gone")
    binding = _binding(found[0], row.id)
    if store_piece(office, row, binding, octets) == row.size:
        _judge(office, row, told)


def _binding(of_record: Binding, name: str) -> Binding:
    # Erased with its record: the same corridor and day.
    day: date = of_record.erase_by
    return Binding(of_record.corridor, day, of_record.header_sha256, name)


def _judge(office: Office, row: AttachmentRow, told: Mapping[str, Any]) -> None:
    with office.store.read() as turn:
        whole = attachment(turn, row.id)
    if whole is None:
        return
    salt = base64.b64decode(told["salt"])
    found = commit_stream("att", salt, pieces(office, whole))
    if hmac.compare_digest(found, told["commitment"]):
        with office.store.write() as turn:
            note_state(turn, row.id, "here")
    else:
        _end(office, row, "wrong", "attachment.wrong")


def _end(office: Office, row: AttachmentRow, state: str, code: str) -> None:
    """Note that it will not come to its ministry, and why; the operator must look at it."""
    with office.store.write("alarm") as turn:
        exchange = exchange_rows.exchange(turn, row.x, WHOLE)
        if exchange is None:
            return
        note_state(turn, row.id, state)
        at, evidence = write_instant(office.clock()), exchange.seal.encode("ascii")
        put_alarm(turn, AlarmRow(at, code, exchange.partner, row.x, str(row.position), evidence))

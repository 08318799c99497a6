"""Serve a partner that only connects outward: it fetches its messages and brings its receipts.

`GET /peer/v1/outbox` gives the items that would be sent to it, `POST /peer/v1/outbox` takes what
it would have answered: the same items, rows and rules as when we send (`deliver`).
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gateway.exchange.attachments import PIECE
from gateway.exchange.fetching import give_up, take_piece, wanted_pieces
from gateway.exchange.office import Office
from gateway.exchange.ways import (
    BATCH,
    BUDGET,
    Way,
    answers_of,
    later,
    message_way,
    receipts_way,
    written,
)
from gateway.exchange.witnessed import keep_cosigned
from gateway.model.refusal import Refusal
from gateway.proof import note
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.store import log_rows, outbox_rows, parked_rows
from gateway.store.outbox_rows import OutboxRow
from gateway.store.witness_rows import last_witnessed
from gateway.transparency.proofs import prove_growth
from gateway.transparency.witness import request_body

# A partner that fetched and did not answer is offered the same again after this long.
LEASE_SECONDS = 30
# Of a batch, those that have failed again and again.
SINGLES = 8
MOST_TILES = 16
LARGEST_TILE = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cosigns:
    """Up to which sizes the partner has cosigned our logs: the corridor's and the home log."""

    corridor: int
    home: int


def offer(office: Office, partner: str, cosigned: Cosigns) -> bytes | None:
    """Give what waits for a partner as canonical JSON, None while nothing does.

    Members, those that have items: `messages` and `receipts` as they are sent otherwise,
    `checkpoints` `{log, request}`, `pieces` of attachments `{x, number, offset}`, `tiles`: targets
    on its own peer port.
    """
    with office.store.read() as turn:
        tiles = parked_rows.unanswered(turn, partner, MOST_TILES)
    found = {
        "checkpoints": canonical_json(_checkpoints(office, partner, cosigned)),
        "messages": _items(office, message_way(office, partner)),
        "pieces": canonical_json(wanted_pieces(office, partner)),
        "receipts": _items(office, receipts_way(office, partner)),
        "tiles": canonical_json(tiles),
    }
    # In the order of their names and each canonical: the whole is canonical too (RFC 8785 3.2).
    members = [b'"%s":%s' % (name.encode(), one) for name, one in found.items() if one != b"[]"]
    return b"{" + b",".join(members) + b"}" if members else None


def take_answers(office: Office, partner: str, body: bytes) -> None:
    """Take what a partner answers to what it fetched. Refuses `request.malformed`."""
    found = parse(body)
    names = ("messages", "receipts", "checkpoints", "pieces", "tiles")
    if not isinstance(found, dict) or not found.keys() <= set(names):
        raise _malformed()
    answers = {name: answers_of(found, name) for name in names if name in found}
    lists = {name: one for name, one in answers.items() if one is not None}
    if len(lists) != len(answers) or any(len(one) > BATCH for one in lists.values()):
        raise _malformed()
    _settle(office, message_way(office, partner), lists.get("messages", []))
    _settle(office, receipts_way(office, partner), lists.get("receipts", []))
    for one in lists.get("checkpoints", []):
        _keep(office, partner, one)
    for one in lists.get("pieces", []):
        if one.get("gone") is True:
            give_up(office, partner, one)
        else:
            take_piece(office, partner, one, _octets(one, PIECE))
    tiles = [_tile(one) for one in lists.get("tiles", [])]
    if tiles:
        with office.store.write() as turn:
            parked_rows.answer(turn, partner, tiles)


def _items(office: Office, way: Way) -> bytes:
    now = int(office.clock().timestamp())
    due = partial(outbox_rows.Due, way.partner, way.kind, now, LEASE_SECONDS)
    with office.store.read() as turn:
        if not outbox_rows.something_is_due(turn, due(1)):
            return b"[]"
    with office.store.write() as turn:
        rows = outbox_rows.claim(turn, due(BATCH - SINGLES), budget=BUDGET)
        # The partner works on each by itself: what failed before fails nobody else's.
        rows += outbox_rows.claim_alone(turn, due(SINGLES))
    return b"[" + b",".join(octets for _, octets in written(office, way, rows)) + b"]"


def _settle(office: Office, way: Way, answers: list[dict[str, Any]]) -> None:
    if not answers:
        return
    xs = [one["x"] for one in answers if isinstance(one.get("x"), str)]
    with office.store.read() as turn:
        rows = outbox_rows.offered(turn, way.partner, way.kind, xs)
    why = way.take(answers, rows)
    failed: Mapping[OutboxRow, str] = {row: why[row.n] for row in rows if row.n in why}
    later(office, failed, 1)


def _checkpoints(office: Office, partner: str, cosigned: Cosigns) -> list[dict[str, str]]:
    found = []
    for log, seen in ((office.log(partner), cosigned.corridor), (office.home, cosigned.home)):
        with office.store.read() as turn:
            head, last = log_rows.head(turn, log), last_witnessed(turn, log)
        if head is None or (last is not None and last.size == head.size):
            continue
        grown = prove_growth(office.store, log, seen)
        if grown is not None:
            hashes, octets = grown
            request = request_body(seen, hashes, octets).decode("utf-8")
            found.append({"log": log, "request": request})
    return found


def _keep(office: Office, partner: str, answer: Mapping[str, Any]) -> None:
    log, octets, lines = (answer.get(name) for name in ("log", "note", "lines"))
    if not isinstance(log, str) or log not in (office.log(partner), office.home):
        raise _malformed()
    if not isinstance(octets, str) or not isinstance(lines, str):
        raise _malformed()
    # The note comes back from the partner: it is ours only if our log's key signed it.
    own = office.trust.directory(office.state).log_keys_at(office.clock())
    checkpoint, _ = note.open_checkpoint(
        octets.encode("utf-8"), *[one for one in own if one.name == log]
    )
    if checkpoint.origin != log:
        raise _malformed()
    witness = office.trust.directory(partner).witness_keys_at(office.clock())
    keep_cosigned(office.store, log, octets.encode("utf-8"), lines.encode("utf-8"), witness)


def _tile(answer: Mapping[str, Any]) -> tuple[str, bytes]:
    target = answer.get("target")
    if not isinstance(target, str):
        raise _malformed()
    return target, _octets(answer, LARGEST_TILE)


def _octets(answer: Mapping[str, Any], largest: int) -> bytes:
    text = answer.get("octets")
    if not isinstance(text, str):
        raise _malformed()
    try:
        octets = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise _malformed() from None
    if len(octets) > largest:
        raise _malformed()
    return octets


def _malformed() -> Refusal:
    return Refusal(
        "request.malformed",
        step="verify",
        rule="answers are lists of objects, as docs/reference/peer-api.md says",
        place="body",
    )

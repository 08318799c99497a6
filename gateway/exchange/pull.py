"""Fetch what waits for us at a partner's gateway, work on it, and bring the answers.

For a gateway that only connects outward: nobody can send to it, so it asks (`outbox`).
"""

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.authority_tokens import offered_token
from gateway.exchange.circuit import note_answer, note_failure, room_for
from gateway.exchange.fetching import offered_piece
from gateway.exchange.office import Office
from gateway.exchange.receive import receive
from gateway.exchange.settle import take_receipts
from gateway.exchange.verify import read_item
from gateway.exchange.ways import answers_of
from gateway.model.party import home_log, partner_log
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, parse
from gateway.store.witness_rows import last_witnessed
from gateway.transparency.published import published_tile
from gateway.transparency.witness import add_checkpoint

OUTBOX = "/peer/v1/outbox"
JSON = "application/json"
NAMES = ("messages", "receipts", "checkpoints", "pieces")
_TOKEN = re.compile(r"/peer/v1/exchanges/([0-9a-f-]{36})/tokens/([A-E]\.[1-9])")
_TILE = re.compile(r"/peer/v1/logs/([A-Za-z0-9._-]+)/(tile/[A-Za-z0-9./]+)")


@dataclass(slots=True)
class Pulled:
    """What one time of fetching came to.

    taken: items that were answered; kinds: of errors that nobody foresaw, whose items wait at the
    partner; failure: why the partner could not be asked.
    """

    taken: int = 0
    kinds: list[str] = field(default_factory=list)
    failure: str = ""


def pull(office: Office, link: Link, state: str, *, wait: int) -> Pulled:
    """Fetch, work, answer, once; wait: seconds for which the partner may wait for something."""
    pulled = Pulled()
    if not room_for(office, state, 1):
        return pulled
    try:
        found = _fetched(office, link, state, wait)
        if found:
            answers = _answers(office, state, found, pulled)
            reply = link.post(OUTBOX, canonical_json(answers), JSON)
            if reply.status != 200:
                raise UnreachableError(f"{link.base}{OUTBOX} answered {reply.status} to answers")
    except UnreachableError as error:
        note_failure(office, state, str(error))
        pulled.failure = str(error)
        return pulled
    note_answer(office, state)
    return pulled


def _fetched(office: Office, link: Link, state: str, wait: int) -> dict[str, Any]:
    with office.store.read() as turn:
        sizes = []
        for log in _logs(office, state):
            last = last_witnessed(turn, log)
            sizes.append(last.size if last else 0)
    reply = link.get(f"{OUTBOX}?wait={wait}&corridor={sizes[0]}&home={sizes[1]}")
    if reply.status != 200:
        raise UnreachableError(f"{link.base}{OUTBOX} answered {reply.status}")
    try:
        found = parse(reply.body)
    except Refusal:
        found = None
    if not isinstance(found, dict) or any(
        answers_of(found, name) is None for name in NAMES if name in found
    ):
        raise UnreachableError(f"{link.base}{OUTBOX} answered what cannot be read")
    return found


def _answers(office: Office, state: str, found: dict[str, Any], pulled: Pulled) -> dict[str, Any]:
    """Work on each item by itself: one that fails is not answered, and waits at the partner."""
    work = {
        "messages": lambda one: receive(office, read_item(one), state),
        "receipts": lambda one: take_receipts(office, [one], state)[0],
        "checkpoints": lambda one: _cosigned(office, state, one),
        "pieces": lambda one: _piece(office, state, one),
    }
    answers: dict[str, Any] = {}
    for name in NAMES:
        for one in found.get(name, []):
            try:
                answers.setdefault(name, []).append(work[name](one))
            except Refusal as refusal:
                pulled.kinds.append(refusal.code)
            except Exception as error:  # noqa: BLE001 one item must not hold up those beside it
                pulled.kinds.append(type(error).__name__)
    tiles = [_asked(office, state, one) for one in found.get("tiles", []) if isinstance(one, str)]
    if tiles:
        answers["tiles"] = [one for one in tiles if one]
    pulled.taken = sum(len(one) for one in answers.values())
    return answers


def _cosigned(office: Office, state: str, asked: dict[str, Any]) -> dict[str, Any]:
    log, request = asked.get("log"), asked.get("request")
    if not isinstance(request, str) or log not in _logs(office, state):
        raise Refusal("log.malformed", step="witness", rule="a checkpoint is {log, request}")
    at, body = office.clock(), request.encode("utf-8")
    keys = office.trust.directory(state).log_keys_at(at)
    own = office.keys.witness_keys(office.name, at)
    answer = add_checkpoint(body, office.store, keys, own, at=at)
    if answer.status != 200:
        raise Refusal("log.proof-wrong", step="witness", rule=answer.body.strip())
    return {"log": log, "note": request.partition("\n\n")[2], "lines": answer.body}


def _piece(office: Office, state: str, asked: dict[str, Any]) -> dict[str, Any]:
    x, number, offset = asked.get("x"), asked.get("number"), asked.get("offset")
    if not isinstance(x, str) or type(number) is not int or type(offset) is not int:
        raise Refusal(
            "request.malformed", step="verify", rule="a piece is wanted by {x, number, offset}"
        )
    told = {"x": x, "number": number, "offset": offset}
    try:
        octets = offered_piece(office, x, number, offset, state)
    except Refusal:
        # Left without an answer, the partner would ask for it for ever.
        return {**told, "gone": True}
    return {**told, "octets": base64.b64encode(octets).decode("ascii")}


def _asked(office: Office, state: str, target: str) -> dict[str, str] | None:
    token = _TOKEN.fullmatch(target)
    try:
        octets = (
            _tile(office, state, target)
            if token is None
            else offered_token(office, token[1], token[2], state)
        )
    except Refusal:
        return None
    if octets is None:
        return None
    return {"target": target, "octets": base64.b64encode(octets).decode("ascii")}


def _tile(office: Office, state: str, target: str) -> bytes | None:
    asked = _TILE.fullmatch(target)
    log = partner_log(office.name, office.state, state)
    # A partner reads the log of its own corridor, and no other.
    if asked is None or asked[1] != log.rpartition("/")[2]:
        return None
    with office.store.read() as turn:
        return published_tile(turn, log, asked[2])


def _logs(office: Office, state: str) -> tuple[str, str]:
    """Give the partner's logs that we cosign: the corridor's and its home log."""
    name = str(office.trust.directory(state).gateway["name"])
    return partner_log(name, state, office.state), home_log(name)

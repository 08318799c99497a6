"""Hand a frozen file to its authority, and E.1 once the authority confirms what it got."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.exchange.authenticate import Caller
from gateway.exchange.ledger import Event, Ledger
from gateway.exchange.office import Office, digest
from gateway.exchange.record import exchange_members, receipt_members
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical, read_stored
from gateway.proof.header import stored_header
from gateway.proof.json_signature import HANDOVER, verify_jws
from gateway.proof.transfer import Transfer, read_transfer
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.exchange_rows import ExchangeRow, InboxRow, SealedRow
from gateway.store.outbox_rows import Item
from gateway.store.scope import Scope
from gateway.store.sealed import open_bytes
from gateway.store.token_rows import put_token

MOST_CONFIRMED = 256
# What is decrypted of a file that is listed with its content.
CONTENT = ("out", "opening", "transfer")


def opened(office: Office, turn: Turn, x: str, kind: str, scope: Scope) -> bytes:
    """Decrypt stored bytes of an exchange. Refuses `request.not-found` when there are none."""
    return decrypted(office, exchange_rows.sealed_named(turn, [x], [kind], scope).get((x, kind)))


def stored_transfer(office: Office, turn: Turn, x: str, scope: Scope) -> Transfer:
    """Decrypt and read the transfer of an exchange."""
    return read_transfer(opened(office, turn, x, "transfer", scope))


def listing(
    office: Office, rows: Sequence[InboxRow], turn: Turn, scope: Scope, *, kinds: Sequence[str]
) -> list[dict[str, Any]]:
    """Give inbox items as the API tells them.

    kinds: `CONTENT` for their octets and what opens their commitments too, else nothing.
    """
    xs = [row.x for row in rows]
    exchanges = exchange_rows.exchanges_named(turn, xs, scope)
    sealed = exchange_rows.sealed_named(turn, xs, kinds, scope) if kinds else {}
    found = []
    for row in rows:
        exchange = exchanges.get(row.x)
        if exchange is None:
            raise not_found()
        told = _told(row, exchange)
        if kinds:
            parts = {one: decrypted(office, sealed.get((row.x, one))) for one in kinds}
            told["content"] = _b64(parts["out"])
            told["opening"] = _b64(_opening(row, exchange, parts))
        found.append(told)
    return found


def opening(
    office: Office, row: InboxRow, exchange: ExchangeRow, turn: Turn, scope: Scope
) -> bytes:
    """Give what opens the commitments: `{exchangeId, hdr, layout, salts}` (DESIGN section 6)."""
    kinds = ("transfer", "opening")
    return _opening(row, exchange, {one: opened(office, turn, row.x, one, scope) for one in kinds})


def _told(row: InboxRow, exchange: ExchangeRow) -> dict[str, Any]:
    header = stored_header(exchange.header)
    told: dict[str, Any] = {
        "cursor": row.n,
        "exchangeId": row.x,
        "direction": str(header.direction),
        "recordType": header.record_type,
        "from": header.sender,
        "layout": row.layout,
        "mediaType": row.media_type,
        "extension": row.extension,
    }
    warnings = read_stored(row.warnings.encode("utf-8"))
    return {**told, "warnings": warnings} if warnings else told


def _opening(row: InboxRow, exchange: ExchangeRow, parts: Mapping[str, bytes]) -> bytes:
    salts = read_stored(parts["transfer"])["salts"]
    out = read_stored(parts["opening"])
    salts["out"] = _b64(bytes.fromhex(out["out"]))
    told = {
        "exchangeId": row.x,
        "hdr": digest(exchange.header),
        "layout": row.layout,
        "salts": salts,
    }
    return canonical_json(told)


def decrypted(office: Office, found: SealedRow | None) -> bytes:
    """Decrypt what was found. Refuses `request.not-found` when it is nothing."""
    if found is None:
        raise not_found()
    return open_bytes(found.octets, found.binding, office.day_keys)


def confirm(office: Office, caller: Caller, token: str) -> dict[str, Any]:
    """Take a signed confirmation and give E.1 for each item, all in one commit.

    The token is kept for ever. The same confirmation again gives the same answer. Refuses
    `handover.confirmation` as a whole when one item is not as it was handed out.
    """
    office.reach("K12")
    office = office.for_one_work()
    items = _items(read_canonical(signed_payload(office, caller, token, HANDOVER)))
    office.reach("K13")
    with office.store.read() as turn:
        partners = exchange_rows.partners(turn, [one["exchangeId"] for one in items])
    if len(partners) > 1:
        # It stands in the bundles of all that it lists: one state must not read of another's.
        raise _wrong("a confirmation lists what came over one corridor", "items")
    named = digest(token.encode("ascii"))
    with office.store.write(*map(office.log, partners)) as turn:
        rows = all_as_given(turn, caller.scope(), items)
        ledger = Ledger(turn, office)
        codes = [_hand_over(ledger, office, exchange, row, named) for exchange, row in rows]
        exchange_rows.hand_over(turn, ledger.rows.ended, put_token(turn, token))
        ledger.close()
    for partner in partners:
        office.ring(partner)
    told = [
        {"exchangeId": one["exchangeId"], "state": code}
        for one, code in zip(items, codes, strict=True)
    ]
    return {"items": told}


def signed_payload(office: Office, caller: Caller, token: str, typ: str) -> bytes:
    """Give what a submitter key of the caller's authority signed.

    Refuses `signature.*`, and `handover.confirmation` for a key of another authority.
    """
    directory = office.trust.directory(office.state)
    verified = verify_jws(token, directory.listed, typ=typ)
    signer = directory.key(verified.thumbprint, role="submitter", at=office.clock())
    if directory.submitters[signer.name]["authority"] != caller.authority:
        raise _wrong("the token is signed by a key of the authority that asks", "jws")
    return verified.payload


def require_as_given(
    turn: Turn, scope: Scope, item: Mapping[str, str]
) -> tuple[ExchangeRow, InboxRow]:
    """Give exchange and inbox row of one item, as `all_as_given` does."""
    return all_as_given(turn, scope, [item])[0]


def all_as_given(
    turn: Turn, scope: Scope, items: Sequence[Mapping[str, str]]
) -> list[tuple[ExchangeRow, InboxRow]]:
    """Give exchange and inbox row of items that tell `hdr` and `out` of what was handed out.

    Refuses `request.not-found`, `handover.confirmation`.
    """
    xs = [one["exchangeId"] for one in items]
    rows = exchange_rows.inbox_named(turn, xs, scope)
    exchanges = exchange_rows.exchanges_named(turn, xs, scope)
    found = []
    for item in items:
        row, exchange = rows.get(item["exchangeId"]), exchanges.get(item["exchangeId"])
        if row is None or exchange is None:
            raise not_found()
        if (item["hdr"], item["out"]) != (digest(exchange.header), row.out):
            raise _wrong("hdr and out must be those of the file that was handed out", "items")
        found.append((exchange, row))
    return found


def _hand_over(
    ledger: Ledger, office: Office, exchange: ExchangeRow, row: InboxRow, confirmation: str
) -> str:
    rows = ledger.rows
    if row.x in rows.states:
        return rows.states[row.x]
    if row.handover:
        # Confirmed before, or ended by its deadline: then the answer is E.2, and stays so.
        return exchange.state
    header = stored_header(exchange.header)
    shared = {**exchange_members(header), "ev": confirmation}
    shared["c"] = {**shared["c"], "out": row.out}
    logged = ledger.log([Event("E.1", office.log(exchange.partner), shared)])
    told = {**receipt_members(header), "re": confirmation}
    told["c"] = shared["c"]
    ledger.sign(row.x, logged, told)
    rows.ended.append(row.x)
    rows.states[row.x] = "E.1"
    rows.outbox.append(Item(row.x, "receipts", exchange.partner, row.x))
    return "E.1"


def _items(payload: Any) -> list[dict[str, str]]:
    good = isinstance(payload, list) and 0 < len(payload) <= MOST_CONFIRMED
    names = {"exchangeId", "hdr", "out"}
    if not good or not all(isinstance(one, dict) and set(one) == names for one in payload):
        raise _wrong("a confirmation lists 1 to 256 items of exchangeId, hdr, out", "items")
    return list(payload)


def require_open(exchange: ExchangeRow) -> None:
    """Refuse `handover.expired`, `handover.rejected` for a file that E.2 or C.4 has ended."""
    if exchange.state == "C.4":
        raise Refusal(
            "handover.rejected",
            step="handover",
            rule="your authority has rejected it; ask the sending authority to send it again",
        )
    if exchange.state == "E.2":
        raise Refusal(
            "handover.expired",
            step="handover",
            rule="ask the sending authority to send it again; the handover deadline has passed",
        )


def not_found() -> Refusal:
    """Say that there is nothing for this caller, whether or not it is there for another."""
    return Refusal(
        "request.not-found", step="handover", rule="ask for an id that was given to your authority"
    )


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("handover.confirmation", step="handover", rule=rule, place=place)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

"""Write the bundle of one exchange: both states' halves, each entry proved in a cosigned log."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain

from gateway.delivery.link import Route, UnreachableError
from gateway.exchange.authority_tokens import tokens_of
from gateway.exchange.handover import not_found, stored_transfer
from gateway.exchange.office import Office
from gateway.exchange.verify import verify_receipt
from gateway.model.instants import read_instant
from gateway.model.party import Direction
from gateway.model.refusal import Refusal
from gateway.proof import merkle, tiles
from gateway.proof.bundle import BundleParts, CarriedEvidence, LoggedEntry, write_bundle
from gateway.proof.header import Header, read_header
from gateway.proof.json_signature import peek_thumbprint
from gateway.proof.named_directories import directory_of_header
from gateway.proof.note import read_checkpoint, read_note
from gateway.proof.receipt import Receipt, ReceiptEvent
from gateway.proof.transfer import open_record
from gateway.proof.trust import Directory
from gateway.store import exchange_rows, log_rows
from gateway.store.connection import Turn
from gateway.store.revocation_rows import newest_evidence
from gateway.store.scope import Scope
from gateway.store.witness_rows import last_witnessed
from gateway.transparency.append import range_hash

# Gives how a partner state's gateway is reached.
LinkTo = Callable[[str], Route]
_ORIGIN = frozenset({"A.1", "B.3", "X.9"})


def export(office: Office, x: str, link_to: LinkTo, scope: Scope) -> bytes:
    """Give the ASiC-E container. Refuses `request.not-found`, `bundle.not-ready` (try again)."""
    with office.store.read(scope) as turn:
        exchange = exchange_rows.exchange(turn, x, scope)
        if exchange is None:
            raise not_found()
        receipts = exchange_rows.receipts(turn, x, scope)
        transfer = stored_transfer(office, turn, x, scope)
    header = read_header(exchange.header)
    record = open_record(header, transfer, office.catalogue.mapping)
    named = header.members["agreement"]
    direction = header.direction
    # What was listed then: the agreement may have been delisted since, and keys rotated.
    listed = directory_of_header(office.trust, header, office.state)
    agreement = listed.agreement(named["id"], named["version"])
    entries, signed = [], []
    used = {peek_thumbprint(exchange.seal): read_instant(header.members["createdAt"])}
    for _, token in receipts:
        receipt, directory = _verified(office, token, direction)
        name, times = peek_thumbprint(token), [read_instant(one.at) for one in receipt.events]
        used[name] = max([*times, *([used[name]] if name in used else [])])
        for event in receipt.events:
            state = direction.origin if event.code in _ORIGIN else direction.destination
            own = state == office.state
            proved = _own(office, state, event) if own else _theirs(office, state, event, link_to)
            entries.append(proved)
        signed += _signed(office, header, receipt, directory, link_to)
    parts = BundleParts(
        x,
        exchange.header,
        exchange.seal,
        agreement or b"",
        record.json,
        record.xml,
        dict(transfer.salts),
        [(codes.split()[0], token) for codes, token in receipts],
        entries,
        signed,
        _evidence(office, used),
    )
    at = office.clock()
    return write_bundle(parts, office.signing("evidence", at), at=at)


def _evidence(office: Office, used: Mapping[str, datetime]) -> list[CarriedEvidence]:
    """Give what each key's issuer said of it when it signed last, or later, where it is kept."""
    found = []
    with office.store.read() as turn:
        for name, at in sorted(used.items()):
            kept = newest_evidence(turn, name, at)
            if kept is not None:
                found.append(CarriedEvidence(name, *kept))
    return found


def _verified(office: Office, token: str, direction: Direction) -> tuple[Receipt, Directory]:
    states = (direction.origin, direction.destination)
    newest = [office.trust.directory(one) for one in states]
    for directory in chain(newest, *(office.trust.every(one) for one in states)):
        try:
            return verify_receipt(office, token, directory), directory
        except Refusal:
            continue
    raise _not_ready("a receipt of a state that is no longer trusted stands in the store")


def _signed(
    office: Office, header: Header, receipt: Receipt, directory: Directory, link_to: LinkTo
) -> list[tuple[str, str]]:
    state = header.direction.destination
    link = None if state == office.state else link_to(state)
    try:
        return tokens_of(office, header, receipt, directory, link)
    except UnreachableError:
        raise _not_ready("the partner's gateway does not answer") from None


def _own(office: Office, state: str, event: ReceiptEvent) -> LoggedEntry:
    with office.store.read() as turn:
        octets, size = _cosigned(turn, event)
        entry = log_rows.entries(turn, event.log, event.leaf_index, event.leaf_index + 1)[0]
        hashes = merkle.make_inclusion(
            event.leaf_index, size, lambda start, end: range_hash(turn, event.log, start, end)
        )
    return LoggedEntry(state, event.leaf_index, entry, hashes, octets)


def _theirs(office: Office, state: str, event: ReceiptEvent, link_to: LinkTo) -> LoggedEntry:
    with office.store.read() as turn:
        octets, size = _cosigned(turn, event)
    fetched: dict[str, bytes] = {}
    link = link_to(state)

    def fetch(level: int | None, number: int) -> bytes:
        width = min(tiles.WIDTH, size // tiles.WIDTH ** (level or 0) - number * tiles.WIDTH)
        path = tiles.TileName(level, number, width).path()
        if path not in fetched:
            fetched[path] = _get(link, f"/peer/v1/logs/{event.log.rpartition('/')[2]}/{path}")
        return fetched[path]

    def hash_of(start: int, end: int) -> bytes:
        return _range_of_tiles(start, end, fetch)

    index = event.leaf_index
    hashes = merkle.make_inclusion(index, size, hash_of)
    bundle = tiles.read_bundle(fetch(None, index // tiles.WIDTH))
    return LoggedEntry(state, index, bundle[index % tiles.WIDTH], hashes, octets)


def _range_of_tiles(start: int, end: int, fetch: Callable[[int | None, int], bytes]) -> bytes:
    level = 0
    while start % tiles.WIDTH ** (level + 1) == 0 == (end - start) % tiles.WIDTH ** (level + 1):
        level += 1
    step = tiles.WIDTH**level
    first, last = start // step, end // step
    number = first // tiles.WIDTH
    if last <= (number + 1) * tiles.WIDTH:
        octets = fetch(level, number)
        found = tiles.read_tile(octets, len(octets) // 32)
        return merkle.root_of(found[first - number * tiles.WIDTH : last - number * tiles.WIDTH])
    middle = start + merkle.split(end - start)
    left = _range_of_tiles(start, middle, fetch)
    return merkle.node_hash(left, _range_of_tiles(middle, end, fetch))


def _cosigned(turn: Turn, event: ReceiptEvent) -> tuple[bytes, int]:
    last = last_witnessed(turn, event.log)
    if last is None or last.size <= event.leaf_index:
        raise _not_ready("no cosigned checkpoint covers the entry yet")
    return last.note, read_checkpoint(read_note(last.note).text).size


def _get(link: Route, target: str) -> bytes:
    try:
        reply = link.get(target)
    except UnreachableError:
        raise _not_ready("the partner's gateway does not answer") from None
    if reply.status != 200:
        raise _not_ready(f"the partner's gateway answered {reply.status} for a tile")
    return reply.body


def _not_ready(rule: str) -> Refusal:
    return Refusal("bundle.not-ready", step="bundle", rule=f"{rule}; try again in a few seconds")

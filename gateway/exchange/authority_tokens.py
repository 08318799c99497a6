"""Find the tokens by which the receiving authority confirmed or decided, at either gateway."""

from gateway.delivery.link import Route, UnreachableError
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.proof.authority_token import check_authority_token, told_by_authority
from gateway.proof.header import Header
from gateway.proof.receipt import Receipt
from gateway.proof.trust import Directory
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.decision_rows import decision
from gateway.store.scope import WHOLE
from gateway.store.token_rows import token_named


def offered_token(office: Office, x: str, code: str, partner: str) -> bytes:
    """Give a token to the gateway that sent the record. Refuses `request.not-found`."""
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
        token = _stored(turn, x, code)
    if row is None or row.partner != partner or row.role != "destination" or not token:
        raise not_found()
    return token.encode("ascii")


def tokens_of(
    office: Office, header: Header, receipt: Receipt, directory: Directory, link: Route | None
) -> list[tuple[str, str]]:
    """Give the tokens on which a receipt's events rest, each with its code.

    link: to the destination's gateway, None where we are the destination. What is not there, or is
    not what the receipt names, is left out: the receipt stands without it. UnreachableError.
    """
    found = []
    for code in told_by_authority(receipt):
        token = _own(office, header, code) if link is None else _theirs(link, header, code)
        try:
            check_authority_token(token, code, receipt, header, directory)
        except (Refusal, UnicodeEncodeError):
            continue
        found.append((code, token))
    return found


def _own(office: Office, header: Header, code: str) -> str:
    with office.store.read() as turn:
        return _stored(turn, header.exchange_id, code)


def _theirs(link: Route, header: Header, code: str) -> str:
    reply = link.get(f"/peer/v1/exchanges/{header.exchange_id}/tokens/{code}")
    if reply.status == 404:
        return ""
    if reply.status != 200:
        raise UnreachableError(f"the partner's gateway answered {reply.status} for a token")
    return reply.body.decode("ascii", "replace")


def _stored(turn: Turn, x: str, code: str) -> str:
    decided = decision(turn, x)
    if code in ("C.3", "C.4"):
        return token_named(turn, decided.token) if decided and decided.code == code else ""
    row = exchange_rows.inbox_row(turn, x, WHOLE)
    # A rejection stands in the same place, and an end by the deadline is no token.
    return token_named(turn, row.handover) if code == "E.1" and row is not None else ""

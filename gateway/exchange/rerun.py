"""Read a submission's stored file again, and send what was refused of it: never what was sent.

A newer adapter may read what an older one refused. The file is the one that was kept, encrypted,
with the parameters its submitter signed. A row that gave a record once, in the submission or in
any re-run of it, is left out; that stands as a row of its own in the commit that sends it, so that
two re-runs at once cannot both send it.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from gateway.exchange.accept import Submission
from gateway.exchange.answer import Answer
from gateway.exchange.authenticate import authenticate_submitter
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.exchange.seal import NUMBERS_DAY
from gateway.exchange.submit import Again, answer_of, earlier
from gateway.model.ids import exchange_id
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import Request
from gateway.proof.strict_json import parse
from gateway.store import exchange_rows
from gateway.store.connection import TakenError, Turn
from gateway.store.rerun_rows import rows_sent
from gateway.store.scope import WHOLE, Own
from gateway.store.sealed import ErasedError, open_bytes
from gateway.store.submission_rows import submission as submission_row

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept of a submission: its file, parameters and media type, and rows to leave out."""

    root: str
    native: bytes
    parameters: dict[str, str]
    media_type: str
    left: frozenset[int]


def rerun(office: Office, request: Request) -> Answer:
    """Answer `{submission}` as a submission of the rows that were refused in it.

    Refuses (raises) `request.not-found`, `request.parameter`, and as `authenticate_submitter`.
    """
    caller = authenticate_submitter(office, request)
    body, at = request.body or b"", office.clock()
    found = parse(body)
    if not isinstance(found, dict) or found.keys() != {"submission"}:
        raise Refusal(
            "request.parameter", step="submit", rule="the body is {submission}", place="body"
        )
    key = office.day_keys.key("home", NUMBERS_DAY)
    told = hmac.new(key, b"rerun\n" + body, hashlib.sha256).digest()
    for _ in range(_ATTEMPTS):
        kept = _kept(office, str(found["submission"]), caller.scope())
        submission = Submission(
            exchange_id(at, office.entropy),
            caller,
            request.headers.get("idempotency-key", ""),
            told,
            kept.parameters,
            kept.native,
        )
        known = earlier(office, submission)
        if known is not None:
            return known
        again = Again(kept.root, kept.left)
        try:
            return answer_of(office, submission, kept.media_type, at=at, again=again)
        except TakenError:
            # Another re-run sent some of these rows meanwhile: look again at what is left.
            continue
    raise Refusal("request.busy", step="record", rule="another re-run is at work; try again")


def _kept(office: Office, name: str, scope: Own) -> _Kept:
    with office.store.read() as turn:
        row = submission_row(turn, name, scope)
        if row is None:
            raise not_found()
        root = str(json.loads(row.answer).get("rerunOf", name))
        first = submission_row(turn, root, scope)
        if first is None:
            raise not_found()
        native = _opened(office, turn, root, "native")
        base = str(json.loads(_opened(office, turn, root, "request"))["base"])
        sent = rows_sent(turn, root)
    told = {
        line.partition(": ")[0].strip('"'): line.partition(": ")[2] for line in base.split("\n")
    }
    accepted = {
        number
        for one in json.loads(first.answer).get("records", [])
        if "exchangeId" in one
        for number in one["rows"]
    }
    parameters = dict(parse_qsl(told["@query"].removeprefix("?")))
    media_type = told["content-type"].split(";")[0].strip().lower()
    return _Kept(root, native, parameters, media_type, frozenset(accepted | sent))


def _opened(office: Office, turn: Turn, name: str, kind: str) -> bytes:
    found = exchange_rows.sealed(turn, name, kind, WHOLE)
    if found is None:
        raise not_found()
    try:
        return open_bytes(found[1], found[0], office.day_keys)
    except ErasedError:
        raise not_found() from None

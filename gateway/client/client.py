"""Submit, ask, fetch and confirm: the calls of a ministry's system, each one function."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from gateway.delivery.link import Link, Reply
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import commit
from gateway.proof.json_signature import DECISION, HANDOVER, sign_jws
from gateway.proof.keys import CertifiedKey


class AnsweredError(Exception):
    """The gateway refused: its problem details, to be told to a person."""

    def __init__(self, problem: dict[str, Any]) -> None:
        """Keep the problem."""
        self.problem = problem
        place = f" at {problem['place']}" if problem.get("place") else ""
        detail = problem.get("detail", "the gateway gave no reason")
        super().__init__(f"{problem.get('code', problem.get('status'))}{place}: {detail}")


@dataclass(frozen=True, slots=True)
class Taken:
    """One file from the inbox: what the list tells of it, its octets, and what opens them."""

    listed: dict[str, Any]
    content: bytes
    opening: dict[str, Any]

    @property
    def confirmation(self) -> dict[str, str]:
        """Give the line that confirms this file."""
        salt = base64.b64decode(self.opening["salts"]["out"])
        return {
            "exchangeId": self.opening["exchangeId"],
            "hdr": self.opening["hdr"],
            "out": commit("out", salt, self.content),
        }


def submit(
    link: Link,
    data: bytes,
    *,
    to: str,
    purpose: str,
    layout: str | None = None,
    media_type: str = "application/octet-stream",
    idempotency: str | None = None,
    historical: bool = False,
    attachments: Sequence[str] = (),
) -> dict[str, Any]:
    """Send a file. AnsweredError when the gateway refuses all of it.

    historical: records of the past, which have no deadlines; attachments: ids of uploads, for a
    file of one record.
    """
    query = {"to": to, "purpose": purpose} | ({"layout": layout} if layout else {})
    query |= {"historical": "1"} if historical else {}
    query |= {"attachments": ",".join(attachments)} if attachments else {}
    target = f"/v1/submissions?{urlencode(query)}"
    return told(link.post(target, data, media_type, idempotency))


def status(link: Link, x: str) -> dict[str, Any]:
    """Give an exchange as the gateway tells it."""
    return told(link.get(f"/v1/exchanges/{x}"))


def submission(link: Link, name: str) -> dict[str, Any]:
    """Give the answer that a submission got, with every row's exchange or refusal."""
    return told(link.get(f"/v1/submissions/{name}"))


def counts(link: Link, name: str) -> dict[str, Any]:
    """Count what became of a submission's records: accepted, refused, and by last event."""
    return told(link.get(f"/v1/submissions/{name}/counts"))


def rerun(link: Link, name: str, *, idempotency: str | None = None) -> dict[str, Any]:
    """Have a submission's file read again, and what was refused of it sent if it reads now."""
    body = canonical_json({"submission": name})
    return told(link.post("/v1/reruns", body, "application/json", idempotency))


def bundle(link: Link, x: str) -> bytes:
    """Give the evidence bundle. AnsweredError, with `retry` while proofs are on their way."""
    reply = link.get(f"/v1/exchanges/{x}/bundle")
    if reply.status != 200:
        told(reply)
    return reply.body


def inbox(link: Link, *, after: int = 0, limit: int = 50, wait: int = 0) -> list[dict[str, Any]]:
    """List what waits for the authority, without content; wait: seconds until something comes."""
    target = f"/v1/inbox?after={after}&limit={limit}&wait={wait}"
    found: list[dict[str, Any]] = told(link.get(target))["items"]
    return found


def take(link: Link, *, after: int = 0, limit: int = 50) -> list[Taken]:
    """Fetch what waits, with content and opening; nothing is confirmed by this."""
    items = told(link.get(f"/v1/inbox?after={after}&limit={limit}&content=1"))["items"]
    return [taken_of(one) for one in items]


def taken_of(item: dict[str, Any]) -> Taken:
    """Read one item of a list with content."""
    return Taken(
        {name: item[name] for name in item if name not in {"content", "opening"}},
        base64.b64decode(item["content"]),
        json.loads(base64.b64decode(item["opening"])),
    )


def confirm(link: Link, key: CertifiedKey, taken: list[Taken], *, at: datetime) -> dict[str, Any]:
    """Sign what was taken and hand the confirmation in; E.1 is its answer.

    A confirmation stands in the bundles of all that it lists, so each corridor has one of its own.
    """
    items: list[Any] = []
    for same in _by_corridor(taken):
        payload = canonical_json([one.confirmation for one in same])
        token = sign_jws(payload, key, typ=HANDOVER, at=at).encode("ascii")
        items += told(link.post("/v1/inbox/handover", token, "application/jose"))["items"]
    return {"items": items}


def take_one(link: Link, x: str) -> Taken:
    """Fetch one file with its opening, handed over or not. AnsweredError when there is none."""
    reply = link.get(f"/v1/inbox/{x}")
    if reply.status != 200:
        told(reply)
    content, opening = _parts(reply.body)
    found: dict[str, Any] = json.loads(opening)
    return Taken({"exchangeId": x, "layout": found["layout"]}, content, found)


def decide(
    link: Link, key: CertifiedKey, taken: list[Taken], decision: str, reason: str, *, at: datetime
) -> dict[str, Any]:
    """Sign what the authority decides of received files, before it confirms them.

    decision: `accept`, or `reject` with a reason of `/openapi.json`'s list; reason: else empty.
    """
    more = {"decision": decision} | ({"reason": reason} if reason else {})
    items: list[Any] = []
    for same in _by_corridor(taken):
        payload = canonical_json([{**one.confirmation, **more} for one in same])
        token = sign_jws(payload, key, typ=DECISION, at=at).encode("ascii")
        items += told(link.post("/v1/inbox/decision", token, "application/jose"))["items"]
    return {"items": items}


def _by_corridor(taken: Sequence[Taken]) -> list[list[Taken]]:
    found: dict[str, list[Taken]] = {}
    for one in taken:
        # What was fetched by its id tells no direction: it goes by itself.
        name = str(one.listed.get("direction", one.listed["exchangeId"]))
        found.setdefault(name, []).append(one)
    return list(found.values())


def _parts(body: bytes) -> list[bytes]:
    # Each part tells its length, so that any octets may stand in it.
    found, at = [], 0
    for _ in range(2):
        head, _, _ = body[at:].partition(b"\r\n\r\n")
        size = int(head.rpartition(b"Content-Length: ")[2])
        start = at + len(head) + 4
        found.append(body[start : start + size])
        at = start + size + 2
    return found


def told(reply: Reply) -> dict[str, Any]:
    """Give what the gateway answered. AnsweredError when it refused."""
    try:
        found = json.loads(reply.body)
    except ValueError:
        found = {}
    if reply.status >= 400 or not isinstance(found, dict):
        raise AnsweredError({"status": reply.status, **(found if isinstance(found, dict) else {})})
    return found

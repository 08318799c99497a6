"""Name an address of a ministry's own system, and check what is posted to it."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.client.client import told
from gateway.delivery.link import Link
from gateway.delivery.push import signature
from gateway.proof.canonical import canonical_json
from gateway.proof.json_signature import GIVEN_ANSWER, sign_jws
from gateway.proof.keys import CertifiedKey

WINDOW_SECONDS = 300


class UnsignedError(Exception):
    """What came was not signed with a secret of ours, or long ago."""


def add(link: Link, url: str, kind: str = "events") -> dict[str, Any]:
    """Name an address; keep the `secret` of the answer, it is told this once."""
    return told(link.post("/v1/webhooks", canonical_json({"kind": kind, "url": url}), _JSON))


def listed(link: Link) -> list[dict[str, Any]]:
    """Give the addresses of this system; `failing` since when one does not take what it is told."""
    found: list[dict[str, Any]] = told(link.get("/v1/webhooks"))["items"]
    return found


def rotate(link: Link, name: str) -> dict[str, Any]:
    """Get a new secret; until `overlap` the one before signs too."""
    return told(link.post("/v1/webhooks/secret", canonical_json({"webhook": name}), _JSON))


def end(link: Link, name: str) -> dict[str, Any]:
    """Have an address told nothing more."""
    return told(link.post("/v1/webhooks/end", canonical_json({"webhook": name}), _JSON))


def received(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, at: datetime
) -> dict[str, Any]:
    """Give what the gateway posted. UnsignedError unless one of our secrets signed it just now.

    headers: names in lower case; secrets: as they were told, `whsec_…`.
    """
    name, when = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not when.isascii() or not when.isdigit():
        raise UnsignedError("no time")
    if abs(int(at.timestamp()) - int(when)) > WINDOW_SECONDS:
        raise UnsignedError("signed at another time than now")
    keys = [base64.b64decode(one.removeprefix("whsec_")) for one in secrets]
    wanted = [signature(one, name, int(when), body) for one in keys]
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(a, b) for a in wanted for b in given):
        raise UnsignedError("no secret of ours signed it")
    found: dict[str, Any] = json.loads(body)
    return found


def answer(
    key: CertifiedKey, asked: Mapping[str, Any], told_of: Mapping[str, str], *, at: datetime
) -> bytes:
    """Sign the answer to a question that was posted to a `queries` address.

    asked: what `received` gave; told_of: `verdict`, `asOf`, and where known `state`, `from`, `to`.
    """
    payload = {
        "answer": {**asked["question"], **told_of},
        "exchangeId": asked["exchangeId"],
        "hdr": asked["hdr"],
    }
    return sign_jws(canonical_json(payload), key, typ=GIVEN_ANSWER, at=at).encode("ascii")


_JSON = "application/json"

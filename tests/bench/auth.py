"""`make bench-auth`: what it costs to know who submits and that it may, beside raw P-256.

In one run on one machine: the P-256 verification alone (OpenSSL through cryptography, the key
ready), then a submission's signature, key in the directory, time window and right; the nonce's
commit and the digest of the body are left out. Bar: at most 1.6 times. `decide` is measured for a
record of 60 members, three withheld and one masked; bar: below 30 us. Exit 1 above a bar. The
last line is JSON.

Beside them, without a bar: what a private agency's licence costs more, when it is looked up in the
store, and when that was done within the last second.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import write_states
from gateway.client.profile import load_profile
from gateway.config.config import load_config
from gateway.exchange.licence import licence_row, require_active_now
from gateway.exchange.listed import listed_submitter
from gateway.exchange.office import Office
from gateway.model.agreement import Asked, decide
from gateway.model.agreement_text import read_agreement
from gateway.model.rights import (
    LICENCE_TYPE,
    LicenceNamed,
    Submitter,
    require_active,
    require_right,
)
from gateway.proof.canonical import canonical_json
from gateway.proof.http_signature import Request, read_signature, sign_request, verify_signature
from gateway.proof.keys import CertifiedKey
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import load_trust
from gateway.store.licence_rows import put_licence
from gateway.wiring import now, open_gateway

# A turn is much shorter than a time slice, so that on a busy machine most are undisturbed.
ROUNDS = 1000
CALLS = 3
AGREED_SHARE, AGREED_DECIDE = 1.6, 30.0
MEMBERS = 60
SUBMITTER = "kz.labour-ministry"
TYPE, PURPOSE = "EmploymentContract", "contract-registration"
QUERY = "to=uz.migration-agency&purpose=contract-registration"
BODY = b"x" * 2000


def interleaved(parts: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Give the median microseconds of each part, taken turn by turn so that all share the noise."""
    found: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            begun = time.perf_counter()
            for _ in range(CALLS):
                part()
            found[name].append((time.perf_counter() - begun) / CALLS * 1e6)
    return {name: statistics.median(one) for name, one in found.items()}


def signed(key: CertifiedKey) -> Request:
    """Give a submission as it comes in."""
    headers = {"content-type": "application/xml", "idempotency-key": "k-1"}
    request = Request("POST", "127.0.0.1:8600", "/v1/submissions", QUERY, headers, BODY)
    added = sign_request(request, key, created=int(now().timestamp()), nonce="n" * 22)
    return replace(request, headers={**headers, **added})


def authenticated(directory: Directory, request: Request) -> None:
    """Do what `authenticate` and `submit` ask of a submission, less body and nonce."""
    claimed = read_signature(request)
    at = now()
    known = listed_submitter(directory, claimed.keyid, at)
    verify_signature(claimed, known.key.certificate, at=at)
    require_active(known.submitter, None, at)
    require_right(known.submitter, TYPE, PURPOSE)


def licensed(office: Office, submitter: Submitter) -> tuple[Callable[[], None], Callable[[], None]]:
    """Give what an agency's submission asks of its licence: in the store, and again soon after."""
    number, today = "LMX-7", now().date()
    record = {
        "licenceNumber": number,
        "state": "issued",
        "issued": (today - timedelta(days=30)).isoformat(),
        "validTo": (today + timedelta(days=30)).isoformat(),
    }
    row = licence_row(office, LICENCE_TYPE, record, "KZ", now())
    if row is None:
        raise AssertionError("the record tells of no licence")
    with office.store.write() as turn:
        put_licence(turn, row)
    agency = replace(submitter, licence=LicenceNamed("KZ", number))

    def looked_up() -> None:
        office.licences.clear()
        require_active_now(office, agency, now())

    return looked_up, lambda: require_active_now(office, agency, now())


def deciding() -> Callable[[], object]:
    """Give the decision on a record of 60 members."""
    text = json.loads(canonical_json(dict(demonstration_agreements()["KZ-UZ"])))
    text["recordTypes"][TYPE]["members"] = {
        "allowed": "all",
        "withheld": ["/member1", "/member2", "/member3"],
        "masked": {"/member4": {"rule": "keep-last", "keep": 4}},
    }
    agreement = read_agreement(text)
    members = frozenset(f"/member{number}" for number in range(MEMBERS))
    asked = Asked("KZ>UZ", TYPE, 1, PURPOSE, f"{SUBMITTER}/system", 1, None, members)
    at = now()
    return lambda: decide(agreement, asked, {}, at)


def main() -> int:
    """Measure and print; gives the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = write_states(
            home, demonstration_states(8600), demonstration_agreements(), at=now(),
            entropy=os.urandom,
        )  # fmt: skip
        directory = load_trust(home / "kz/trust").directory("KZ")
        key = load_profile(home / f"profiles/{SUBMITTER}.toml").key
        request = signed(key)
        public, claimed = key.private.public_key(), read_signature(request)
        der, digest = key.private.sign(claimed.base, ECDSA(hashes.SHA256())), ECDSA(hashes.SHA256())
        submitter = listed_submitter(directory, claimed.keyid, now()).submitter
        office = open_gateway(load_config(settings["KZ"])).office
        looked_up, again = licensed(office, submitter)
        found = interleaved(
            {
                "raw_us": lambda: public.verify(der, claimed.base, digest),
                "authenticated_us": lambda: authenticated(directory, request),
                "decide_us": deciding(),
                "licence_us": looked_up,
                "licence_again_us": again,
            }
        )
    share = found["authenticated_us"] / found["raw_us"]
    told = {name: round(one, 1) for name, one in found.items()} | {"share": round(share, 2)}
    print(f"one P-256 verification {found['raw_us']:.0f} us; a submission known and allowed")
    print(
        f"{found['authenticated_us']:.0f} us, {share:.2f} times; decide {found['decide_us']:.1f} us"
    )
    print(f"an agency's licence looked up in the store: {found['licence_us']:.0f} us more,")
    print(f"again within the second: {found['licence_again_us']:.1f} us")
    print(json.dumps(told))
    return 0 if share <= AGREED_SHARE and found["decide_us"] < AGREED_DECIDE else 1


if __name__ == "__main__":
    sys.exit(main())

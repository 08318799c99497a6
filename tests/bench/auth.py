"""`make bench-auth`: what it costs to know who submits and that it may, beside one raw verification.

In one run on one machine: the P-256 verification alone (OpenSSL through cryptography, the key
ready), then a submission's signature, key in the directory, time window and right; the nonce's
commit and the digest of the body are left out. Bar: at most 1.6 times. `decide` is measured for a
record of 60 members; bar: below 30 us. Exit 1 above a bar. The last line is JSON.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey

from certs.demonstration import demonstration_agreements
from gateway.model.agreement import Asked, decide, read_agreement
from gateway.model.rights import read_submitter, require_active, require_right
from gateway.proof.http_signature import Request, read_signature, sign_request, verify_signature
from gateway.proof.keys import CertifiedKey
from gateway.proof.trust import Directory
from tests.support.evidence import KEYS_OF_SUBMITTER, trust
from tests.support.pki import AT

ROUNDS = 30
CALLS = 100
AGREED_SHARE, AGREED_DECIDE = 1.6, 30.0
MEMBERS = 60
QUERY = "to=uz.migration-agency&purpose=contract-registration"


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

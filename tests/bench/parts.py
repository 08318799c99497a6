"""What the unavoidable parts of one record cost here and now, and the bound they give."""

import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from gateway.proof.canonical import read_canonical
from gateway.proof.commitment import commit
from gateway.proof.forms import record_json, record_xml
from gateway.proof.json_signature import RECEIPT, sign_jws, verify_jws
from gateway.store.packing import EVIDENCE, LARGEST, _tools, spread
from tests.support.evidence import RECORD
from tests.support.pki import AT, key
from tests.support.schemas import catalogue

TYPE = "EmploymentContract"
CORES = 2
# Of both forms at each side: one parse, one canonicalisation, one compiled validation.
FORMS = ("parse_json", "canonical_json", "canonical_xml", "json_schema", "parse_xml", "xsd")
SIDES = 2
# Two when the origin commits to the forms, two when the destination opens them.
COMMITMENTS = 4


def microseconds(work: Callable[[], object], *, rounds: int = 7, slice_s: float = 0.1) -> float:
    """Give the median cost of one call over interleaved slices."""
    work()
    found = []
    for _ in range(rounds):
        calls, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < slice_s:
            work()
            calls += 1
        found.append((time.perf_counter() - begun) / calls * 1e6)
    return statistics.median(found)


def measure() -> dict[str, float]:
    """Measure each part in microseconds a call."""
    known = catalogue()
    seal = key("KZ", "evidence")
    octets = record_json(RECORD)
    xml = record_xml(known.mapping, TYPE, RECORD)
    token = sign_jws(octets, seal, typ=RECEIPT, at=AT)
    certificates = {seal.thumbprint: seal.certificate}
    types = known.record_type(TYPE)
    tree = etree.XML(xml)
    gcm, nonce, salt = AESGCM(os.urandom(32)), os.urandom(12), os.urandom(32)
    hidden, tools, plain = gcm.encrypt(nonce, octets, b""), _tools(EVIDENCE), spread(token.encode())
    packed = tools.compress(plain)
    work: dict[str, Callable[[], object]] = {
        "sign": lambda: sign_jws(octets, seal, typ=RECEIPT, at=AT),
        "verify": lambda: verify_jws(token, certificates, typ=RECEIPT),
        "commitment": lambda: commit("json", salt, octets),
        "parse_json": lambda: read_canonical(octets),
        "canonical_json": lambda: record_json(RECORD),
        "canonical_xml": lambda: record_xml(known.mapping, TYPE, RECORD),
        "json_schema": lambda: types.json_validator.is_valid(RECORD),
        "parse_xml": lambda: etree.XML(xml),
        "xsd": lambda: types.xml_validator.validate(tree),
        "encrypt": lambda: gcm.encrypt(nonce, octets, b""),
        "decrypt": lambda: gcm.decrypt(nonce, hidden, b""),
        "pack": lambda: tools.compress(plain),
        "unpack": lambda: tools.decompress(packed, max_output_size=LARGEST),
    }
    found = {name: round(microseconds(one), 2) for name, one in work.items()}
    found["commit"] = round(_commit_cost(), 1)
    return found


def bound(parts: Mapping[str, float], counts: Mapping[str, float]) -> float:
    """Give records a second that these parts alone allow on two cores.

    counts: how often a part is done for one record (`tests.bench.counted`).
    """
    once = sum(parts[part] * count for part, count in counts.items())
    once += SIDES * sum(parts[one] for one in FORMS) + COMMITMENTS * parts["commitment"]
    return CORES * 1e6 / once


def _commit_cost() -> float:
    with TemporaryDirectory() as folder:
        store = sqlite3.connect(Path(folder) / "commit.sqlite", isolation_level=None)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=FULL")
        store.execute("CREATE TABLE row (octets BLOB)")
        octets = os.urandom(4096)

        def once() -> None:
            store.execute("BEGIN IMMEDIATE")
            store.execute("INSERT INTO row VALUES (?)", (octets,))
            store.execute("COMMIT")

        found = microseconds(once)
        store.close()
        return found

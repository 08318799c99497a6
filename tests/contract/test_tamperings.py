"""The tamperings of evidence-log 6.3 that one exchange can carry, by their numbers.

Outside the container group each fixture is packed anew with a valid container signature, so that
the named inner check fails and not the container's.
"""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.model.refusal import Refusal
from gateway.proof import note
from gateway.proof.claims import exit_code
from gateway.proof.container import pack, read_container
from gateway.proof.evidence_file import check_bundle
from gateway.proof.keys import NoteKey
from gateway.proof.merkle import leaf_hash
from gateway.proof.tlog_proof import read_proof, write_proof
from gateway.proof.trust_folder import Trust
from tests.support.evidence import (
    LOGS,
    RECORD,
    Exchange,
    b64,
    exchange,
    log_key,
    packed,
    trust_in,
    witness_key,
)
from tests.support.pki import key
from tests.support.schemas import catalogue

ENTRY, PROOF = "log/kz/1.entry", "log/kz/1.tlog-proof"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trust_in(tmp_path_factory.mktemp("trust"))


def judge(data: bytes, trust: Trust) -> tuple[int, set[str]]:
    try:
        claims, _ = check_bundle(data, trust, catalogue().mapping)
    except Refusal as refusal:
        return 3, {refusal.code}
    return exit_code(claims), {one.code for one in claims if one.code}


def edited(name: str, change: Callable[[bytes], bytes]) -> bytes:
    files = exchange().files()
    return packed({**files, name: change(files[name])})


def proof_with(change: Callable[[int, list[bytes], bytes], bytes]) -> bytes:
    def apply(data: bytes) -> bytes:
        found = read_proof(data)
        return change(found.index, list(found.hashes), found.note)

    return edited(PROOF, apply)


def with_note(change: Callable[[note.Note], note.Note]) -> bytes:
    return proof_with(lambda i, h, n: write_proof(i, h, change(note.read_note(n)).data()))


def resigned(change: Callable[[note.Checkpoint], note.Checkpoint]) -> bytes:
    def apply(read: note.Note) -> note.Note:
        return note.Note(change(note.read_checkpoint(read.text)).text(), read.signatures)

    return with_note(apply)


def opening(change: Callable[[dict[str, dict[str, str]]], object]) -> bytes:
    name = "payload/opening.json"
    return edited(name, lambda data: json.dumps(change(json.loads(data))).encode())


def entry_said(old: bytes, new: bytes) -> Exchange:
    return exchange(
        entry_change=lambda code, data: data.replace(old, new) if code == "A.1" else data
    )


def without_container_check(change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    return pack(change(read_container(packed(exchange().files()))))


def mimetype(method: int, first: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(first), b"application/vnd.etsi.asic-e+zip", method)
    return out.getvalue()


def token_with(algorithm: str, extra: dict[str, object]) -> Callable[[bytes], bytes]:
    def apply(data: bytes) -> bytes:
        first, payload, signature = data.decode().split(".")
        header = json.loads(base64.urlsafe_b64decode(first + "=="))
        text = json.dumps({**header, "alg": algorithm, **extra}).encode()
        made = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
        return f"{made}.{payload}.{signature}".encode()

    return apply


def seal_over_other_spelling() -> bytes:
    files = exchange().files()
    spaced = json.dumps(json.loads(files["exchange/header.json"])).encode()
    return packed({**files, "exchange/header.json": spaced})


def swapped(salts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {"json": salts["xml"], "xml": salts["json"]}


CONTAINER: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "1 mimetype not first": (
        lambda: mimetype(zipfile.ZIP_STORED, "other"), 3, "container.mimetype",
    ),
    "2 mimetype deflated": (
        lambda: mimetype(zipfile.ZIP_DEFLATED, "mimetype"), 3, "container.mimetype",
    ),
    "4 two entries of one name": (
        lambda: packed({**exchange().files(), "b1": b"1", "b2": b"2"}).replace(b"b2", b"b1"),
        3, "container.unreadable",
    ),
    "6 path leads out": (
        lambda: pack({**exchange().files(), "../x": b""}), 3, "container.unreadable",
    ),
    "8 truncated": (
        lambda: packed(exchange().files())[:-40], 3, "container.unreadable",
    ),
    "10 unsigned file in META-INF": (
        lambda: without_container_check(lambda files: {**files, "META-INF/x.xml": b"x"}),
        1, "digest.wrong",
    ),
    "11 file not referenced": (
        lambda: without_container_check(lambda files: {**files, "more.txt": b"x"}),
        1, "digest.wrong",
    ),
    "12 reference to a missing file": (
        lambda: without_container_check(
            lambda files: {one: data for one, data in files.items() if one != "README.txt"}
        ),
        1, "digest.wrong",
    ),
}  # fmt: skip

INNER: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "14 one bit in record.xml": (
        lambda: edited(
            "payload/record.xml", lambda one: one.replace(b"2026-08-10", b"2026-08-11")
        ),
        1, "commitment.wrong",
    ),
    "15 record.json differs from XML": (
        lambda: edited(
            "payload/record.json", lambda one: one.replace(b"2026-08-10", b"2026-08-11")
        ),
        1, "commitment.wrong",
    ),
    "16 salt changed": (
        lambda: opening(lambda one: {**one, "xml": {"salt": b64(bytes(32))}}),
        1, "commitment.wrong",
    ),
    "17 commitments of two labels swapped": (
        lambda: opening(swapped), 1, "commitment.wrong",
    ),
    "18 payload of another exchange": (
        lambda: packed(exchange(record={**RECORD, "state": "amended"}).files()),
        1, "commitment.wrong",
    ),
    "20 header written again": (seal_over_other_spelling, 1, "json.not-canonical"),
    "22 proof hash flipped": (
        lambda: proof_with(lambda i, h, n: write_proof(i, [bytes(32), *h[1:]], n)),
        1, "log.proof-wrong",
    ),
    "23 proof hash of 31 bytes": (
        lambda: proof_with(lambda i, h, n: write_proof(i, [h[0][:31], *h[1:]], n)),
        1, "log.malformed",
    ),
    "25 index off by one": (
        lambda: proof_with(lambda i, h, n: write_proof(i - 1, h, n)), 1, "log.proof-wrong",
    ),
    "24 one hash too many": (
        lambda: proof_with(lambda i, h, n: write_proof(i, [*h, bytes(32)], n)),
        1, "log.proof-wrong",
    ),
    "26 index inside the entry differs": (
        lambda: packed(entry_said(b'"i":1', b'"i":2').files()), 1, "receipt.wrong",
    ),
    "27 entry of another log": (
        lambda: packed(entry_said(b"log/kz-uz", b"log/kz-kg").files()), 1, "receipt.wrong",
    ),
    "28 entry not canonical": (
        lambda: packed(entry_said(b'"i":1', b'"i": 1').files()), 1, "json.not-canonical",
    ),
    "29 duplicate name in an entry": (
        lambda: packed(entry_said(b'"i":1', b'"i":1,"i":1').files()), 1, "json.duplicate-name",
    ),
    "31 size raised, root kept": (
        lambda: resigned(lambda one: replace(one, size=one.size + 1)), 1, "signature.wrong",
    ),
    "33 cosigner key signs the log": (
        lambda: packed(
            exchange(
                logs={
                    "KZ": NoteKey(log_key("KZ").private, LOGS["KZ"], note.COSIGNER_KEY),
                    "UZ": log_key("UZ"),
                }
            ).files()
        ),
        1, "signature.key-unknown",
    ),
    "34 extension line smuggled in": (
        lambda: with_note(lambda one: note.Note(one.text + "extension\n", one.signatures)),
        1, "signature.wrong",
    ),
    "37 cosignature time altered": (
        lambda: with_note(
            lambda one: note.Note(
                one.text,
                (
                    one.signatures[0],
                    replace(
                        one.signatures[1],
                        signature=bytes(8) + one.signatures[1].signature[8:],
                    ),
                ),
            )
        ),
        1, "signature.wrong",
    ),
    "39 partner cosignature removed": (
        lambda: packed(exchange(witnesses={"KZ": [], "UZ": [witness_key("KZ")]}).files()),
        2, "witness.missing",
    ),
    "39 only the log's own state cosigned": (
        lambda: packed(
            exchange(witnesses={"KZ": [witness_key("KZ")], "UZ": [witness_key("KZ")]}).files()
        ),
        2, "witness.missing",
    ),
    "51 receipt for another header": (
        lambda: packed(exchange(receipt_change={"hdr": b64(bytes(32))}).files()),
        1, "receipt.wrong",
    ),
    "52 leaf is not that of the entry": (
        lambda: packed(
            exchange(
                leaf_change=lambda code, leaf: b64(leaf_hash(b"")) if code == "B.1" else leaf
            ).files()
        ),
        1, "receipt.wrong",
    ),
    "55 E.1 before B.1": (
        lambda: packed(exchange(ladder=("A.1", "E.1")).files()), 1, "ladder.order",
    ),
    "57 receipt with alg none": (
        lambda: edited("receipts/02-B.1.jws", token_with("none", {})), 1, "signature.algorithm",
    ),
    "57 receipt with HS256": (
        lambda: edited("receipts/02-B.1.jws", token_with("HS256", {})), 1, "signature.algorithm",
    ),
    "57 receipt with unknown crit": (
        lambda: edited("receipts/02-B.1.jws", token_with("ES256", {"crit": ["x"], "x": 1})),
        1, "seal.malformed",
    ),
    "58 receipt signed by the TLS key": (
        lambda: packed(
            exchange(receipt_keys={"KZ": key("KZ", "tls"), "UZ": key("UZ", "evidence")}).files()
        ),
        1, "signature.key-role",
    ),
    "58 receipt signed by the other state's key": (
        lambda: packed(
            exchange(
                receipt_keys={"KZ": key("UZ", "evidence"), "UZ": key("UZ", "evidence")}
            ).files()
        ),
        1, "signature.key-role",
    ),
    "seal by the evidence key": (
        lambda: packed(exchange(seal_key=key("KZ", "evidence")).files()), 1, "signature.key-role",
    ),
    "67 agreement text is not that of the entry": (
        lambda: edited(
            "exchange/agreement.json", lambda one: one.replace(b"2028", b"2029")
        ),
        1, "agreement.not-in-force",
    ),
    "81 file that no check covers": (
        lambda: packed({**exchange().files(), "payload/extra.txt": b"x"}), 2, "file.unverified",
    ),
    "ladder without its end": (
        lambda: packed(exchange(ladder=("A.1", "B.1", "D.1")).files()), 2, "ladder.open",
    ),
    "receipt without its entry": (
        lambda: packed(
            {name: data for name, data in exchange().files().items() if name != ENTRY}
        ),
        2, "file.missing",
    ),
}  # fmt: skip


def test_the_untouched_bundle_is_proved(trust: Trust) -> None:
    assert judge(packed(exchange().files()), trust) == (0, set())


@pytest.mark.parametrize("name", CONTAINER)
def test_a_tampered_container_is_caught(name: str, trust: Trust) -> None:
    make, code, reason = CONTAINER[name]
    found = judge(make(), trust)
    assert (found[0], reason in found[1]) == (code, True), found


@pytest.mark.parametrize("name", INNER)
def test_a_tampering_inside_a_well_signed_container_is_caught(name: str, trust: Trust) -> None:
    make, code, reason = INNER[name]
    found = judge(make(), trust)
    assert (found[0], reason in found[1]) == (code, True), found


def test_no_bundle_of_the_inner_group_fails_for_its_container(trust: Trust) -> None:
    for make, _code, _reason in INNER.values():
        claims, _ = check_bundle(make(), trust, catalogue().mapping)
        assert claims[0].code == ""


def test_a_report_quotes_no_value_of_the_record(tmp_path: Path) -> None:
    claims, _ = check_bundle(
        INNER["14 one bit in record.xml"][0](), trust_in(tmp_path), catalogue().mapping
    )
    assert not any("КУЧКАРОВ" in one.why for one in claims)

"""Wycheproof JWS and ECDSA P-256 against the token verifier and its ES256 primitive.

The header of our tokens is fixed, so no published token fits the profile: the primitive is judged
by the labels, the filter before it by refusing every token.
"""

import base64
import binascii
import json
from collections import Counter
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from gateway.model.refusal import Refusal
from gateway.proof.json_signature import HEADER, sign_jws, verify_es256, verify_jws
from gateway.proof.keys import thumbprint
from tests.support.pki import AT, key
from tests.support.vectors import corpus

# The token is sound and its key is for encryption: a role of ours is a certificate's, not a JWK's.
OTHER_USE = {354: "rejectWrongUse", 356: "rejectWrongKeyOps"}
VALID_ES256 = {18: "acceptsValid", 378: "valid"}
# Labels that do not fit their data (overrides.json): 372 and 373 hold a `?`, 367 and 370 nothing.
NOT_CLEAN, CLEAN = {372, 373}, {367, 370}
CURVES = {"P-256": ec.SECP256R1(), "P-521": ec.SECP521R1()}


@cache
def _groups(file: str) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = json.loads((corpus("wycheproof") / file).read_text())[
        "testGroups"
    ]
    return groups


def _tokens() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Give each JWS case with the key of its group; symmetric keys have no public half."""
    return [
        (group.get("public") or group["private"], case)
        for group in _groups("json_web_signature_test.json")
        for case in group["tests"]
    ]


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")


@cache
def _certified(der: bytes) -> x509.Certificate:
    """Give a certificate of this public key, as the primitive takes its key from one."""
    key = load_der_public_key(der)
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, key, 1, AT, AT + timedelta(days=1))
    return builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())


def _certificate_of(jwk: dict[str, Any]) -> x509.Certificate:
    numbers = (
        rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"]))
        if jwk["kty"] == "RSA"
        else ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), CURVES[jwk["crv"]])
    )
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return _certified(numbers.public_key().public_bytes(serialization.Encoding.DER, form))


def _verdict(certificate: x509.Certificate, signature: bytes, signed: bytes) -> str:
    try:
        verify_es256(certificate, signature, signed)
    except Refusal as refusal:
        return refusal.code
    return ""


def _token_verdict(jwk: dict[str, Any], token: str) -> str:
    signed, _, last = token.rpartition(".")
    try:
        signature = base64.urlsafe_b64decode(last + "=" * (-len(last) % 4))
    except binascii.Error:
        signature = b""
    return _verdict(_certificate_of(jwk), signature, signed.encode())


def test_the_primitive_accepts_the_valid_es256_tokens_and_the_two_of_another_use() -> None:
    accepted = {
        case["tcId"]: case["comment"]
        for jwk, case in _tokens()
        if jwk.get("crv") == "P-256" and not _token_verdict(jwk, case["jws"])
    }
    assert accepted == VALID_ES256 | OTHER_USE


def test_the_primitive_refuses_every_key_that_is_not_p256() -> None:
    codes = {
        _token_verdict(jwk, case["jws"])
        for jwk, case in _tokens()
        if jwk["kty"] == "RSA" or jwk.get("crv") == "P-521"
    }
    assert codes == {"signature.algorithm"}


def _profile_verdict(token: str, certificates: dict[str, x509.Certificate]) -> str:
    try:
        verify_jws(token, certificates, typ=HEADER)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_the_profile_refuses_every_published_token() -> None:
    accepted, tokens = [], _tokens()
    for jwk, case in tokens:
        own = [] if jwk["kty"] == "oct" else [_certificate_of(jwk)]
        if not _profile_verdict(case["jws"], {thumbprint(one): one for one in own}):
            accepted.append(case["tcId"])
    assert (accepted, len(tokens)) == ([], 401)


def test_the_profile_refuses_the_valid_es256_tokens_for_their_header_alone() -> None:
    reasons = {}
    for jwk, case in _tokens():
        if case["tcId"] in VALID_ES256:
            with pytest.raises(Refusal) as caught:
                verify_jws(case["jws"], {"": _certificate_of(jwk)}, typ=HEADER)
            reasons[case["tcId"]] = caught.value.rule.partition(" is ")[0]
    assert reasons == dict.fromkeys(VALID_ES256, "the protected header")


def test_every_clean_token_of_another_algorithm_is_refused_for_its_algorithm() -> None:
    codes = Counter(
        _profile_verdict(case["jws"], {})
        for jwk, case in _tokens()
        if case["result"] == "valid" and case["tcId"] not in {*VALID_ES256, *NOT_CLEAN}
    )
    assert codes == {"signature.algorithm": 42}


def test_the_filter_refuses_every_token_that_is_not_clean_base64url() -> None:
    group = next(
        one for one in _groups("json_web_signature_test.json") if one["comment"] == "base64"
    )
    clean = {
        case["tcId"]
        for case in group["tests"]
        if _profile_verdict(case["jws"], {}) != "seal.malformed"
    }
    valid = {case["tcId"] for case in group["tests"] if case["result"] == "valid"}
    assert clean == valid - NOT_CLEAN | CLEAN


def test_no_published_signature_fits_a_token_of_ours() -> None:
    own = key("KZ", "submitter")
    signed = sign_jws(b"{}", own, typ=HEADER, at=AT).rpartition(".")[0]
    codes = Counter(
        _profile_verdict(
            f"{signed}.{case['jws'].rpartition('.')[2]}", {own.thumbprint: own.certificate}
        )
        for jwk, case in _tokens()
        if jwk.get("crv") == "P-256"
    )
    assert codes == {"signature.wrong": 41}


def test_the_primitive_agrees_with_every_raw_ecdsa_p256_vector() -> None:
    wrong, valid = [], 0
    for group in _groups("ecdsa_secp256r1_sha256_p1363_test.json"):
        certificate = _certified(bytes.fromhex(group["publicKeyDer"]))
        for case in group["tests"]:
            sig, msg = bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])
            valid += case["result"] == "valid"
            if (not _verdict(certificate, sig, msg)) != (case["result"] == "valid"):
                wrong.append((case["tcId"], case["comment"]))
    assert (wrong, valid) == ([], 173)


def test_the_primitive_refuses_each_valid_raw_vector_with_a_zero_before_s() -> None:
    codes = Counter(
        _verdict(
            _certified(bytes.fromhex(group["publicKeyDer"])),
            bytes.fromhex(case["sig"][:64] + "00" + case["sig"][64:]),
            bytes.fromhex(case["msg"]),
        )
        for group in _groups("ecdsa_secp256r1_sha256_p1363_test.json")
        for case in group["tests"]
        if case["result"] == "valid"
    )
    assert codes == {"signature.wrong": 173}

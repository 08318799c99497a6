"""The JWS profile: what it signs verifies, here and in jwcrypto; everything else is refused."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import example, given
from hypothesis import strategies as st
from jwcrypto import jwk, jws

from gateway.model.refusal import Refusal
from gateway.proof.json_signature import (
    HEADER,
    RECEIPT,
    VerifiedJws,
    _der,
    peek_thumbprint,
    sign_jws,
    verify_jws,
)
from tests.support.pki import AT, key

SEAL = key("KZ", "seal")
PAYLOAD = b'{"x":1}'
TOKEN = sign_jws(PAYLOAD, SEAL, typ=HEADER, at=AT)


def check(token: str) -> VerifiedJws:
    return verify_jws(token, {SEAL.thumbprint: SEAL.certificate}, typ=HEADER)


def with_header(**change: object) -> str:
    header = {"alg": "ES256", "iat": 1, "typ": HEADER, "x5t#S256": SEAL.thumbprint, **change}
    text = json.dumps({name: value for name, value in header.items() if value is not None})
    first = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    signed = first + "." + TOKEN.split(".")[1]
    raw = SEAL.sign(signed.encode())
    return signed + "." + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
@example(0, 2**256 - 1)
@example(127, 128)
@example(1, 2**255)
@example(2**255 - 1, 0)
def test_cryptography_writes_the_same_two_integers(r: int, s: int) -> None:
    assert _der(r.to_bytes(32, "big") + s.to_bytes(32, "big")) == encode_dss_signature(r, s)


def test_the_payload_octets_come_back() -> None:
    assert check(TOKEN).payload == PAYLOAD


def test_the_time_of_signing_is_read() -> None:
    assert check(TOKEN).issued_at == AT


def test_the_protected_header_has_exactly_four_members() -> None:
    first = TOKEN.split(".")[0]
    assert set(json.loads(base64.urlsafe_b64decode(first + "=="))) == {
        "alg",
        "iat",
        "typ",
        "x5t#S256",
    }


def test_jwcrypto_accepts_the_token() -> None:
    pem = SEAL.certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    judge = jws.JWS()
    judge.deserialize(TOKEN, jwk.JWK.from_pem(pem))
    assert judge.payload == PAYLOAD


def test_the_named_certificate_is_read_without_verifying() -> None:
    assert peek_thumbprint(TOKEN) == SEAL.thumbprint


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "ES384", "EdDSA", 7, None])
def test_another_algorithm_is_refused(algorithm: object) -> None:
    with pytest.raises(Refusal, match=r"signature\.algorithm"):
        check(with_header(alg=algorithm))


@pytest.mark.parametrize(
    "change",
    [
        {"crit": ["b64"], "b64": False},
        {"kid": "1"},
        {"jwk": {}},
        {"x5c": []},
        {"typ": RECEIPT},
        {"typ": None},
        {"iat": "1"},
        {"iat": True},
        {"iat": 0},
        {"iat": None},
    ],
    ids=str,
)
def test_another_header_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=r"seal\.malformed"):
        check(with_header(**change))


def test_an_unlisted_key_is_refused() -> None:
    token = sign_jws(PAYLOAD, key("UZ", "seal"), typ=HEADER, at=AT)
    with pytest.raises(Refusal, match=r"signature\.key-unknown"):
        check(token)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_part_is_refused(part: int) -> None:
    parts = TOKEN.split(".")
    parts[part] = ("B" if parts[part][0] == "A" else "A") + parts[part][1:]
    with pytest.raises(Refusal):
        check(".".join(parts))


@pytest.mark.parametrize(
    "token",
    [
        TOKEN + "=",
        TOKEN + " ",
        TOKEN.replace(".", "..", 1),
        TOKEN.rsplit(".", 1)[0],
        TOKEN.rsplit(".", 1)[0] + ".",
        "\n" + TOKEN,
    ],
    ids=["padding", "space", "four parts", "two parts", "no signature", "line feed"],
)
def test_a_misspelt_token_is_refused(token: str) -> None:
    with pytest.raises(Refusal):
        check(token)


def test_duplicate_header_names_are_refused() -> None:
    text = f'{{"alg":"none","alg":"ES256","iat":1,"typ":"{HEADER}","x5t#S256":"{SEAL.thumbprint}"}}'
    first = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    with pytest.raises(Refusal, match=r"json\.duplicate-name"):
        check(first + "." + TOKEN.split(".", 1)[1])


def test_a_token_over_the_limit_is_refused() -> None:
    with pytest.raises(Refusal, match="256 KiB"):
        check("A" * (256 * 1024 + 1))


def test_a_token_that_is_not_ascii_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        peek_thumbprint("e30.é.AA")
    assert caught.value.code == "seal.malformed"

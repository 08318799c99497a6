"""One spelling of the two fields is read, as http_sf reads it; each other one has its code."""

import base64

import http_sf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.proof.http_fields import read_input, read_value, write_list

BARE = ("@method", "@authority", "@path", "@query")
LIST = write_list(BARE)
NONCE = "n" * 22
GOOD = f'lmx=({LIST});created=1;keyid="k";nonce="{NONCE}";tag="lmx"'
RAW = base64.b64encode(bytes(range(64))).decode()

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'))


@given(
    st.integers(0, 10**15 - 1),
    PRINTABLE,
    PRINTABLE.filter(lambda one: 22 <= len(one) <= 64),
)
def test_what_is_read_is_what_the_structured_field_says(
    created: int, keyid: str, nonce: str
) -> None:
    field = f'lmx=({LIST});created={created};keyid="{keyid}";nonce="{nonce}";tag="lmx"'
    found = read_input(field, BARE, "lmx")
    members = http_sf.parse(field.encode(), tltype="dictionary")
    inner, parameters = members["lmx"]
    assert [name for name, _ in inner] == list(BARE)
    assert dict(parameters) == {
        "created": found.created,
        "keyid": found.keyid,
        "nonce": found.nonce,
        "tag": "lmx",
    }
    assert http_sf.ser(members) == field


@given(st.binary(min_size=64, max_size=64))
def test_a_value_is_the_byte_sequence(octets: bytes) -> None:
    field = f"lmx=:{base64.b64encode(octets).decode()}:"
    assert read_value(field) == octets
    assert http_sf.parse(field.encode(), tltype="dictionary")["lmx"][0] == octets


WRONG_INPUTS = {
    "not a structured field": ("lmx=(", "signature.malformed"),
    "another label": (GOOD.replace("lmx=", "sig1=", 1), "signature.malformed"),
    "a second label": (f"{GOOD}, other={GOOD[4:]}", "signature.malformed"),
    "the label twice": (f"{GOOD}, {GOOD}", "signature.malformed"),
    "no list": (f'lmx="x";created=1;keyid="k";nonce="{NONCE}";tag="lmx"', "signature.malformed"),
    "another order": (
        GOOD.replace('"@method" "@authority"', '"@authority" "@method"'),
        "signature.coverage",
    ),
    "a component dropped": (GOOD.replace(' "@query"', ""), "signature.coverage"),
    "a component doubled": (
        GOOD.replace('"@query"', '"@query" "@query"'),
        "signature.coverage",
    ),
    "a component more": (GOOD.replace('"@query"', '"@query" "date"'), "signature.coverage"),
    "a component with a parameter": (
        GOOD.replace('"@query"', '"@query";req'),
        "signature.coverage",
    ),
    "alg": (GOOD.replace(";keyid", ';alg="ecdsa-p256-sha256";keyid'), "signature.coverage"),
    "expires": (GOOD.replace(";keyid", ";expires=99;keyid"), "signature.coverage"),
    "an unknown parameter": (GOOD + ";more=1", "signature.coverage"),
    "parameters in another order": (
        f'lmx=({LIST});keyid="k";created=1;nonce="{NONCE}";tag="lmx"',
        "signature.coverage",
    ),
    "no nonce": (GOOD.replace(f';nonce="{NONCE}"', ""), "signature.coverage"),
    "no created": (GOOD.replace(";created=1", ""), "signature.coverage"),
    "a peer's tag": (GOOD.replace('tag="lmx"', 'tag="lmx-peer"'), "signature.coverage"),
    "a tag that is a token": (GOOD.replace('tag="lmx"', "tag=other"), "signature.coverage"),
    "created as text": (GOOD.replace("created=1", 'created="1"'), "signature.malformed"),
    "created below zero": (GOOD.replace("created=1", "created=-1"), "signature.malformed"),
    "created with a leading zero": (GOOD.replace("created=1", "created=01"), "signature.malformed"),
    "created as a decimal": (GOOD.replace("created=1", "created=1.0"), "signature.malformed"),
    "keyid as a token": (GOOD.replace('keyid="k"', "keyid=k"), "signature.malformed"),
    "a short nonce": (GOOD.replace(NONCE, NONCE[1:]), "signature.malformed"),
    "a long nonce": (GOOD.replace(NONCE, NONCE * 3), "signature.malformed"),
    "white space in the list": (GOOD.replace('" "', '"  "', 1), "signature.malformed"),
    "white space before a parameter": (GOOD.replace(";tag", "; tag"), "signature.malformed"),
    "an escape in keyid": (GOOD.replace('keyid="k"', r'keyid="\""'), "signature.malformed"),
    "outside ASCII": (GOOD.replace('keyid="k"', 'keyid="ключ"'), "signature.malformed"),
}


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_another_signature_input_is_refused(name: str) -> None:
    field, code = WRONG_INPUTS[name]
    with pytest.raises(Refusal) as caught:
        read_input(field, BARE, "lmx")
    assert caught.value.code == code


WRONG_VALUES = {
    "another label": f"sig1=:{RAW}:",
    "a second label": f"lmx=:{RAW}:, other=:{RAW}:",
    "the label twice": f"lmx=:{RAW}:, lmx=:{RAW}:",
    "a parameter": f"lmx=:{RAW}:;alg=1",
    "no colons": f"lmx={RAW}",
    "a string": f'lmx="{RAW}"',
    "no padding": f"lmx=:{RAW.rstrip('=')}:",
    "base64url": f"lmx=:{RAW.replace('+', '-').replace('/', '_')}:",
    "hexadecimal": f"lmx=:{bytes(64).hex()}:",
    "bits behind the last byte": f"lmx=:{RAW[:-3]}x==:",
}


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_another_signature_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match=r"signature\.malformed"):
        read_value(WRONG_VALUES[name])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no colons", "between colons"),
        ("base64url", "base64url"),
        ("hexadecimal", "hexadecimal"),
        ("no padding", "padded with ="),
    ],
)
def test_the_usual_mistake_is_told(name: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read_value(WRONG_VALUES[name])


@pytest.mark.parametrize(
    ("name", "words"), [("alg", "algorithm is not a parameter"), ("expires", "no expires")]
)
def test_a_parameter_that_is_not_ours_is_told(name: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read_input(WRONG_INPUTS[name][0], BARE, "lmx")

"""Base64url: the library's encoder judges what is read and written."""

import base64
import binascii

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.proof.base64url import decode, encode

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def judged(octets: bytes) -> bytes:
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


@given(st.binary(max_size=100))
def test_octets_are_written_as_the_library_does_and_come_back(octets: bytes) -> None:
    assert (encode(octets), decode(judged(octets))) == (judged(octets), octets)


@given(st.text(SIGNS, max_size=9) | st.binary(max_size=9).map(lambda one: one.decode("latin-1")))
@example("A")
@example("AB")
@example("AAB")
@example("AA==")
@example("A+/A")
@example("AA\n")
@example("AA A")
def test_a_text_is_read_only_if_encoding_gives_the_same_again(text: str) -> None:
    octets = text.encode("latin-1")
    try:
        again = judged(base64.urlsafe_b64decode(octets + b"=" * (-len(text) % 4)))
    except binascii.Error:
        again = None
    if again == octets:
        assert encode(decode(octets)) == octets
        return
    with pytest.raises(ValueError, match="one spelling"):
        decode(octets)

"""What is packed comes back octet for octet, and a released dictionary stays as it is."""

import hashlib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store import packing
from gateway.store.packing import CONTENTS, EVIDENCE, PackedError, pack, unpack

DICTIONARIES = {
    1: "f16dd069806b7fbc1f7a56ae00bc1040ae0291d80fd6350959825b8dee5626ed",
    2: "a1826445b76f458bfc02526df25fa15c26d7a993e58dc60192901cfbc5af43ec",
}
HEADER, MARK = urlsafe_b64encode(b'{"alg":"ES256"}'), b"A" * 86
PAYLOAD = b'{"c":{"json":"as7cYQNnOfJpejXFzRBVBq6xHjjsrUW5sXeWBMuDThk="},"dir":"TJ>KZ"}'
TOKEN = b".".join((HEADER.rstrip(b"="), urlsafe_b64encode(PAYLOAD).rstrip(b"="), MARK))


# What says of itself that it has 2 to the power of 60 octets.
HUGE = b"\x01\xe0" + (1 << 60).to_bytes(8, "little") + bytes(9)


@given(st.binary(max_size=300), st.sampled_from([EVIDENCE, CONTENTS]))
def test_any_octets_come_back(octets: bytes, dictionary: int) -> None:
    assert unpack(pack(octets, dictionary)) == octets


@given(
    st.lists(
        st.sampled_from([TOKEN, b'{"receipt":"', b'"}', b"eyJ", b".", b"\x00\xff", b"AB", MARK])
    )
)
def test_tokens_inside_a_text_come_back(pieces: list[bytes]) -> None:
    octets = b"".join(pieces)
    assert unpack(pack(octets)) == octets


@pytest.mark.parametrize("end", [b"B", b"AB=", b"AAB"])
def test_a_token_of_another_spelling_comes_back_as_it_was(end: bytes) -> None:
    octets = b"eyJB" + end + b"." + b"QUJ" + end + b"." + MARK[:-1] + b"B"
    assert unpack(pack(octets)) == octets


def test_a_token_takes_less_than_half() -> None:
    assert len(pack(TOKEN)) < len(TOKEN) / 2


@pytest.mark.parametrize("stored", [b"", b'{"v":1}', b"eyJhbGciOiJFUzI1NiJ9.e30.AAAA", b" x"])
def test_what_was_stored_before_packing_is_given_as_it_is(stored: bytes) -> None:
    assert unpack(stored) == stored


@pytest.mark.parametrize(
    "stored", [b"\x03abc", b"\x01", b"\x02abc", b"\x01abc", pack(TOKEN)[:-1], HUGE]
)
def test_a_damaged_value_is_told(stored: bytes) -> None:
    with pytest.raises(PackedError):
        unpack(stored)


def test_a_released_dictionary_is_never_changed() -> None:
    folder = Path(packing.__file__).parent
    found = {
        int(one.stem.rpartition("_")[2]): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in folder.glob("packing_*.dict")
    }
    assert found == DICTIONARIES

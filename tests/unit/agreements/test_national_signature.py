"""The slot for a national signature: absent, not checked, verified, or wrong."""

import pytest

from gateway.agreements.national_signature import NationalSignature, judge, read_slot, slot_name
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json

SLOT = NationalSignature("GOST R 34.10-2012", "CN=Signer", "gost", b"\x30\x00")


def test_a_slot_stands_beside_its_text() -> None:
    assert slot_name("KZ-UZ", 2, "KZ") == "agreements/KZ-UZ/v2.sig/KZ.json"


def test_a_slot_reads_back_as_it_was_written() -> None:
    assert read_slot(SLOT.data()) == SLOT


def test_without_a_slot_the_signature_is_absent() -> None:
    assert judge("KZ", b"text", None, []).word == "absent"


def test_without_a_provider_it_is_not_checked_and_says_whose_it_is() -> None:
    verdict = judge("KZ", b"text", SLOT.data(), [])
    assert (verdict.word, verdict.subject) == ("not-checked", "CN=Signer")


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        canonical_json({"algorithm": "a", "provider": "p", "signature": "AA=="}),
        canonical_json(
            {"algorithm": "a", "certificateSubject": "s", "provider": "p", "signature": "A"}
        ),
        canonical_json(
            {"algorithm": "", "certificateSubject": "s", "provider": "p", "signature": "AA=="}
        ),
    ],
    ids=["no object", "a member missing", "no base64", "an empty text"],
)
def test_a_slot_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match=r"signature\.malformed"):
        judge("KZ", b"text", data, [])

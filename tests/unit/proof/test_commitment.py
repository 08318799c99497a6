"""The salted commitment of evidence-log 1.1."""

import base64

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.commitment import commit, open_commitment

SALT = b"\xa5" * 32
KNOWN = "dfe06f3e30fbfda535e9211dc79e3ac0a1da58e264a62a34af1ac6e8ec6ade87"


def test_the_published_check_value_is_reproduced() -> None:
    assert base64.b64decode(commit("xml", SALT, b"<Record/>")).hex() == KNOWN


def test_the_right_salt_opens_the_commitment() -> None:
    salt = base64.b64encode(SALT).decode()
    assert open_commitment(commit("json", SALT, b"{}"), "json", salt, b"{}") == b"{}"


@pytest.mark.parametrize(
    ("label", "salt", "octets"),
    [
        ("xml", base64.b64encode(SALT).decode(), b"{}"),
        ("json", base64.b64encode(b"\xa6" * 32).decode(), b"{}"),
        ("json", base64.b64encode(SALT).decode(), b"{ }"),
        ("json", "not base64", b"{}"),
        ("json", base64.b64encode(SALT[1:]).decode(), b"{}"),
    ],
    ids=["other label", "other salt", "other bytes", "no base64", "short salt"],
)
def test_anything_else_is_refused(label: str, salt: str, octets: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        open_commitment(commit("json", SALT, b"{}"), label, salt, octets)
    assert refused.value.code == "commitment.wrong"

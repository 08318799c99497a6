"""A certificate speaks for one state in one role, at a time, under that state's root."""

from datetime import timedelta

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.certificate import ROLES, role_of, state_of, verify_path
from tests.support.pki import AT, authority, key

LATER = AT + timedelta(days=1)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_verifies_for_itself(role: str) -> None:
    made = key("KZ", role)
    roots = authority("KZ").root.chain
    assert verify_path(made.chain, roots, role=role, state="KZ", at=LATER) == made.certificate


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("other", sorted(ROLES))
def test_a_key_is_refused_outside_its_role(role: str, other: str) -> None:
    if role == other:
        assert role_of(key("KZ", role).certificate) == role
        return
    with pytest.raises(Refusal) as refused:
        verify_path(
            key("KZ", role).chain, authority("KZ").root.chain, role=other, state="KZ", at=LATER
        )
    assert refused.value.code == "signature.key-role"


def test_another_states_root_is_refused() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(
            key("KZ", "seal").chain, authority("UZ").root.chain, role="seal", state="KZ", at=LATER
        )


def test_another_states_certificate_is_refused() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(
            key("KZ", "seal").chain, authority("KZ").root.chain, role="seal", state="UZ", at=LATER
        )


@pytest.mark.parametrize("days", [-1, 398])
def test_outside_its_validity_a_certificate_is_refused(days: int) -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(
            key("KZ", "seal").chain,
            authority("KZ").root.chain,
            role="seal",
            state="KZ",
            at=AT + timedelta(days=days),
        )


def test_without_the_issuing_certificate_the_path_is_refused() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(
            key("KZ", "seal").chain[:1],
            authority("KZ").root.chain,
            role="seal",
            state="KZ",
            at=LATER,
        )


def test_a_leaf_never_issues() -> None:
    leaf = key("KZ", "seal")
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(leaf.chain, [leaf.certificate], role="seal", state="KZ", at=LATER)


def test_the_state_is_read_from_the_subject() -> None:
    assert state_of(key("UZ", "tls").certificate) == "UZ"

"""Document numbers by issuing state and kind (country-formats 1.2)."""

import pytest

from gateway.translation.document_numbers import usual


@pytest.mark.parametrize(
    ("issuer", "kind", "number"),
    [
        ("KAZ", "passport", "N00000012"),
        ("KAZ", "idCard", "000000012"),
        ("KGZ", "passport", "AC0000012"),
        ("KGZ", "passport", "AN0000012"),
        ("KGZ", "passport", "PE0000012"),
        ("KGZ", "idCard", "ID0000012"),
        ("UZB", "passport", "FA0000017"),
        ("UZB", "passport", "AA0000012"),
        ("UZB", "idCard", "AD0000012"),
        ("TJK", "passport", "400000023"),
        ("TJK", "idCard", "A0000012"),
        ("TJK", "idCard", "А0000012"),
        ("RUS", "passport", "70 0000012"),
        ("RUS", "passport", "0000 000012"),
    ],
)
def test_number_built_like_its_states_is_usual(issuer: str, kind: str, number: str) -> None:
    assert usual(issuer, kind, number)


@pytest.mark.parametrize(
    ("issuer", "kind", "number"),
    [
        ("KAZ", "passport", "000000012"),
        ("KGZ", "passport", "ID0000012"),
        ("UZB", "idCard", "FA0000017"),
        ("TJK", "passport", "A0000012"),
        ("RUS", "passport", "70000001"),
        ("KAZ", "passport", "N٠0000012"),
    ],
)
def test_number_of_another_build_is_not(issuer: str, kind: str, number: str) -> None:
    assert not usual(issuer, kind, number)


def test_state_or_kind_without_a_known_build_passes() -> None:
    assert usual("DEU", "passport", "anything")
    assert usual("KAZ", "residencePermit", "anything")

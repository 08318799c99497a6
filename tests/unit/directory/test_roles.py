"""Each path of a directory has one role that signs it; a role is due before it ends."""

from datetime import UTC, datetime

import pytest

from gateway.directory.roles import OPS, PLANS, REVOKED, TARGETS, CeremonyError, role_of

END = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("authority/roots.pem", TARGETS),
        ("agreements/KZ-UZ/v1.json", TARGETS),
        ("agreements/KZ-UZ/v1.sig/kz.json", TARGETS),
        ("member/gateway.json", OPS),
        ("revoked/agreement-kz-uz-v1.json", REVOKED),
    ],
)
def test_a_path_has_its_role(path: str, role: str) -> None:
    assert role_of(path) == role


@pytest.mark.parametrize(
    "path",
    [
        "member/other.json",
        "agreements/kz-uz/v1.json",
        "agreements/KZ-UZ/v0.json",
        "../x",
        "revoked/A",
    ],
)
def test_another_path_is_refused(path: str) -> None:
    with pytest.raises(CeremonyError, match="is no file of a directory"):
        role_of(path)


def test_every_role_is_due_before_it_ends_and_lives_on_until_then() -> None:
    for plan in PLANS.values():
        assert END - plan.lifetime < plan.renewal(END) < END

"""What a state's directory may say of agreements: one text a number, canonical bytes."""

import json
from datetime import UTC, datetime

import pytest

from gateway.agreements.publishing import require_canonical, require_unused, revocation, target
from gateway.directory.roles import role_of
from gateway.model.agreement_text import read_agreement
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from tests.support.agreements import agreement_text

TEXT = canonical_json(agreement_text())
NAME = target("KZ-UZ", 1)
AGREEMENT = read_agreement(agreement_text())


def test_the_same_text_may_be_published_again() -> None:
    require_unused(AGREEMENT, TEXT, {"the directory of KZ": {NAME: TEXT}})


def test_another_text_under_a_used_number_is_refused() -> None:
    with pytest.raises(Refusal, match=r"agreement\.version-used.*version 2 or higher"):
        require_unused(AGREEMENT, TEXT, {"the directory of UZ": {NAME: TEXT + b" "}})


@pytest.mark.parametrize("data", [TEXT + b" ", json.dumps(agreement_text()).encode()])
def test_a_text_that_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match=r"json\.not-canonical"):
        require_canonical(data)


def test_a_revocation_names_agreement_instant_and_reason() -> None:
    name, data = revocation("KZ-UZ", 2, at=datetime(2027, 1, 1, tzinfo=UTC), reason="ended")
    told = {"at": "2027-01-01T00:00:00.000Z", "id": "agreement:KZ-UZ/v2", "reason": "ended"}
    assert (name, json.loads(data)) == ("revoked/agreement-kz-uz-v2.json", told)


def test_a_revocation_has_a_name_that_a_directory_takes() -> None:
    name, _ = revocation("KZ-UZ", 1, at=datetime(2026, 11, 28, tzinfo=UTC), reason="a test")
    assert role_of(name) == "revoked"

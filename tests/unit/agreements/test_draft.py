"""First texts: they stand on public treaties, and nothing stands without one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.agreements.draft import draft, treaties
from gateway.catalogue.agreement_terms import check_text
from gateway.model.refusal import Refusal
from tests.support.schemas import SCHEMAS, catalogue

FROM, TO = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
CORRIDORS = ("KG-KZ", "KG-TJ", "KZ-TJ", "KZ-UZ")


def made(corridor: str) -> dict[str, Any]:
    return draft(SCHEMAS, corridor, begins=FROM, ends=TO)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_every_first_text_can_be_published(corridor: str) -> None:
    assert check_text(catalogue(), SCHEMAS, made(corridor)).corridor == corridor


@pytest.mark.parametrize("corridor", ["KG-UZ", "TJ-UZ"])
def test_a_corridor_without_a_treaty_has_no_text(corridor: str) -> None:
    with pytest.raises(Refusal, match=r"agreement\.draft"):
        made(corridor)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_insurance_periods_stand_on_the_pension_agreement_alone(corridor: str) -> None:
    grant = made(corridor)["recordTypes"].get("InsurancePeriod")
    if corridor != "KG-KZ":
        assert grant is None
        return
    assert grant["purposes"]["insurance-coordination"] == ["EAEU-PENSIONS-2019-12-20"]


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_nothing_of_sensitivity_three_is_in_a_first_text(corridor: str) -> None:
    levels = [catalogue().types[one].sensitivity for one in made(corridor)["recordTypes"]]
    assert max(levels) < 3


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_each_treaty_names_its_source(corridor: str) -> None:
    assert all(one.basis["source"] for one in treaties(SCHEMAS, corridor))

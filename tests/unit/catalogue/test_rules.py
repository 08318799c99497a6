"""Rules across members: pairs inside one entry, allowed values, names of single-name persons."""

from typing import Any

import pytest

from gateway.catalogue.rules import Rule, check_rules
from gateway.model.refusal import Refusal

INSURED = Rule("not-after", "/insurance/from", "/insurance/to", "begins before it ends", "")
WEEK = Rule("one-of", "/duration/daysPerWeek", "5 6 7", "a week counts 5, 6 or 7 days", "")
SINGLE = Rule("no-family-name", "/person/name", "", "a single name is no family name", "")


def _refused(rule: Rule, record: dict[str, Any]) -> str | None:
    try:
        check_rules((rule,), record)
    except Refusal as refusal:
        return refusal.place
    return None


def test_days_of_two_entries_of_a_list_are_not_compared() -> None:
    later = {"from": "2026-08-10", "to": "2027-08-09"}
    earlier = {"from": "2026-08-01", "to": "2026-08-09"}
    assert _refused(INSURED, {"insurance": [later, earlier]}) is None


def test_an_entry_that_ends_before_it_begins_is_refused_at_its_first_member() -> None:
    turned = {"from": "2026-08-10", "to": "2026-08-09"}
    assert _refused(INSURED, {"insurance": [{"from": "2026-01-01"}, turned]}) == "/insurance/from"


@pytest.mark.parametrize(("days", "place"), [(4, "/duration/daysPerWeek"), (6, None)])
def test_a_value_outside_the_named_ones_is_refused(days: int, place: str | None) -> None:
    assert _refused(WEEK, {"duration": {"daysPerWeek": days}}) == place


def test_an_absent_member_breaks_no_rule() -> None:
    assert [_refused(rule, {}) for rule in (INSURED, WEEK, SINGLE)] == [None, None, None]


def test_a_person_of_a_single_name_has_no_family_name() -> None:
    name = {"full": "SURAYYO", "noFamilyName": True}
    assert _refused(SINGLE, {"person": {"name": [name]}}) is None
    assert _refused(SINGLE, {"person": {"name": [name | {"family": "SURAYYO"}]}}) == "/person/name"

"""Member rules: what is said of a member holds for all below it, through lists."""

from typing import Any

import pytest

from gateway.model.masking import Mask
from gateway.model.member_rules import (
    masked,
    masked_of,
    member_rules,
    paths_asked,
    withheld_of,
    without,
)

RECORD: dict[str, Any] = {
    "person": {
        "name": {"full": "A B"},
        "identifier": [{"scheme": "X", "value": "123456"}, {"scheme": "Y", "value": "12"}],
        "birthDate": {"value": "1990-05-04", "precision": "day"},
    },
    "fee": [{"kind": "medical", "payer": "worker"}, {"kind": "travel"}],
    "from": "2026-01-01",
}


def kept_back(allowed: list[str] | None, withheld: list[str]) -> tuple[str, ...]:
    rules = member_rules(allowed, withheld, {})
    return withheld_of(rules, paths_asked(rules, RECORD))


@pytest.mark.parametrize(
    ("allowed", "withheld", "expected"),
    [
        (None, [], ()),
        (None, ["/fee", "/nothing"], ("/fee",)),
        (None, ["/fee/payer"], ("/fee/payer",)),
        (None, ["/fee", "/fee/payer"], ("/fee",)),
        (["/from"], [], ("/fee", "/person")),
        (["/from", "/person/name"], [], ("/fee", "/person/birthDate", "/person/identifier")),
        (["/from", "/person"], ["/person/identifier/value"], ("/fee", "/person/identifier/value")),
    ],
)
def test_the_highest_members_that_may_not_travel_are_listed(
    allowed: list[str] | None, withheld: list[str], expected: tuple[str, ...]
) -> None:
    assert kept_back(allowed, withheld) == expected


def test_paths_go_no_deeper_than_the_rules() -> None:
    rules = member_rules(None, ["/fee/payer"], {})
    expected = {"/person", "/fee", "/fee/kind", "/fee/payer", "/from"}
    assert paths_asked(rules, RECORD) == expected


def test_a_path_told_without_those_above_it_is_withheld_all_the_same() -> None:
    rules = member_rules(["/from"], [], {})
    assert withheld_of(rules, frozenset({"/fee/payer"})) == ("/fee/payer",)


def test_a_member_is_taken_out_of_every_entry() -> None:
    assert without(RECORD, ["/fee/payer"])["fee"] == [{"kind": "medical"}, {"kind": "travel"}]


def test_what_is_left_empty_goes_too() -> None:
    assert "fee" not in without(RECORD, ["/fee/payer", "/fee/kind"])


def test_the_record_itself_stays_as_it_was() -> None:
    before = repr(RECORD)
    without(RECORD, ["/fee/payer", "/person/name"])
    masked(RECORD, {"/person/identifier/value": Mask("keep-last", 4)})
    assert repr(RECORD) == before


def test_every_entry_of_a_list_is_masked() -> None:
    made = masked(RECORD, {"/person/identifier/value": Mask("keep-last", 4)})
    assert [one["value"] for one in made["person"]["identifier"]] == ["XX3456", "12"]


def test_only_masked_members_that_are_there_are_listed() -> None:
    masks = {"/person/birthDate": Mask("year"), "/agency/name": Mask("keep-last", 0)}
    rules = member_rules(None, [], masks)
    assert masked_of(rules, paths_asked(rules, RECORD)) == ("/person/birthDate",)

"""What no record could meet is refused at draft time, with a sentence and the place."""

from typing import Any

import pytest

from gateway.catalogue.agreement_terms import check_text
from gateway.model.refusal import Refusal
from tests.support.agreements import agreement_text, members
from tests.support.schemas import SCHEMAS, catalogue

WITHHELD = "/recordTypes/EmploymentContract/members/withheld"
MASKED = "/recordTypes/EmploymentContract/members/masked"
LAST = {"rule": "keep-last", "keep": 4}


def refused(text: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check_text(catalogue(), SCHEMAS, text)
    return caught.value


@pytest.mark.parametrize(
    "rules",
    [
        members(withheld=["/fee", "/person/document/issued"]),
        members(["/person", "/employer", "/from", "/state"]),
        members(["/person/name", "/employer", "/from", "/state"]),
        members(masked={"/person/identifier/value": LAST, "/person/birthDate": {"rule": "year"}}),
        members(masked={"/contractNumber": {"rule": "replace", "text": "withheld"}}),
    ],
)
def test_rules_that_records_can_meet_are_taken(rules: dict[str, Any]) -> None:
    assert check_text(catalogue(), SCHEMAS, agreement_text(rules))


@pytest.mark.parametrize(
    ("rules", "place", "words"),
    [
        (members(withheld=["/employer"]), WITHHELD, "mandatory in every record"),
        (members(withheld=["/fee/kind"]), WITHHELD, "withhold /fee whole"),
        (members(withheld=["/nothing"]), WITHHELD.rpartition("/")[0], "no member /nothing"),
        (
            members(["/person/sex", "/employer", "/from", "/state"]),
            "/recordTypes/EmploymentContract/members/allowed",
            "/person/name is mandatory",
        ),
        (members(masked={"/person/sex": LAST}), MASKED, "form of its own"),
        (members(masked={"/from": LAST}), MASKED, "form of its own"),
        (members(masked={"/documentsRetained": LAST}), MASKED, "form of its own"),
        (members(masked={"/person/name": {"rule": "year"}}), MASKED, "date that may be partial"),
    ],
)
def test_rules_that_no_record_could_meet_are_refused(
    rules: dict[str, Any], place: str, words: str
) -> None:
    found = refused(agreement_text(rules))
    assert (found.code, found.place, words in found.rule) == ("agreement.draft", place, True)


def test_a_cap_below_the_type_s_own_sensitivity_lets_nothing_through() -> None:
    assert "sensitivity 2" in refused(agreement_text({"sensitivityCap": 1})).rule


def test_a_record_type_the_standard_does_not_have_is_refused() -> None:
    text = agreement_text()
    text["recordTypes"]["BirthRecord"] = text["recordTypes"].pop("EmploymentContract")
    assert refused(text).place == "/recordTypes/BirthRecord"


@pytest.mark.parametrize(
    "stamps",
    [{"required": True, "authorities": ["tsa"]}, {"required": False, "authorities": ["tsa"]}],
    ids=["required", "only named"],
)
def test_a_policy_for_time_stamps_is_refused_while_no_gateway_holds_to_it(
    stamps: dict[str, Any],
) -> None:
    found = refused(agreement_text(timeStamps=stamps))
    assert (found.code, found.place) == ("agreement.draft", "/timeStamps")


def test_an_extract_is_refused_while_no_gateway_keeps_one() -> None:
    extract = {"members": ["/fee"], "bases": ["KZ-UZ-2019"], "key": "k", "retentionDays": 9}
    found = refused(agreement_text({"extract": extract}))
    place = "/recordTypes/EmploymentContract/extract"
    assert (found.code, found.place) == ("agreement.draft", place)


@pytest.mark.parametrize(
    "witnesses",
    [
        {"atLeast": 0, "of": ["KZ", "UZ"]},
        {"atLeast": 2, "of": ["KZ", "UZ"]},
        {"atLeast": 1, "of": ["KZ"]},
    ],
    ids=["none", "both", "one state's alone"],
)
def test_a_policy_for_witnesses_that_no_verifier_holds_to_is_refused(
    witnesses: dict[str, Any],
) -> None:
    found = refused(agreement_text(witnesses=witnesses))
    assert (found.code, found.place) == ("agreement.draft", "/witnesses")


def test_a_text_for_test_records_is_refused_while_no_gateway_takes_them() -> None:
    found = refused(agreement_text(test=True))
    assert (found.code, found.place) == ("agreement.draft", "/test")

"""Reading a text: what is unknown, missing or contradicts itself is refused with its place."""

import copy
import json
from typing import Any

import pytest

from gateway.catalogue.agreement_terms import check_text
from gateway.model.agreement_text import read_agreement
from gateway.model.refusal import Refusal
from tests.support.agreements import agreement_text, members
from tests.support.schemas import SCHEMAS, catalogue

GRANT = "/recordTypes/EmploymentContract"
QUOTA = {"window": "day", "limit": 5}
EXTRACT = {"members": ["/fee"], "bases": ["KZ-UZ-2019"], "key": "k", "retentionDays": 9}
WHOLE = agreement_text(
    {
        **members(
            ["/person", "/from", "/state", "/employer", "/fee"],
            ["/fee/date"],
            {"/person/identifier/value": {"rule": "keep-last", "keep": 4}},
        ),
        "authorities": ["kz.labour-ministry"],
        "quotas": [QUOTA],
        "noticeDays": 30,
        "extract": EXTRACT,
    },
    signatureRecognition={"clause": {"en": "c"}, "national": {"KZ": ["GOST R 34.10-2012"]}},
)


def refused(text: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        read_agreement(text)
    return caught.value.code, caught.value.place


def test_a_whole_text_is_read_with_all_its_terms() -> None:
    grant = read_agreement(WHOLE).grants["EmploymentContract"]
    assert (grant.quotas[0].limit, grant.notice_days, grant.extract is not None) == (5, 30, True)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_text_without_one_of_its_members_is_refused(name: str) -> None:
    text = {one: value for one, value in WHOLE.items() if one != name}
    assert refused(text) == ("agreement.malformed", f"/{name}")


@pytest.mark.parametrize(
    ("grant", "place"),
    [
        ({"limits": []}, f"{GRANT}/limits"),
        ({"versions": []}, f"{GRANT}/versions"),
        ({"versions": [True]}, f"{GRANT}/versions"),
        ({"directions": ["KZ>KG"]}, f"{GRANT}/directions"),
        ({"purposes": {"p": ["OTHER-TREATY"]}}, f"{GRANT}/purposes"),
        ({"sensitivityCap": 4}, f"{GRANT}/sensitivityCap"),
        ({"consentRequired": "yes"}, f"{GRANT}/consentRequired"),
        ({"relayHours": 721}, f"{GRANT}/handoverHours"),
        ({"quotas": [{**QUOTA, "window": "week"}]}, f"{GRANT}/quotas/0"),
        ({"quotas": [{**QUOTA, "direction": "KZ>TJ"}]}, f"{GRANT}/directions"),
        ({"authorities": ["KZ.Ministry"]}, f"{GRANT}/authorities"),
        (members("everything"), f"{GRANT}/members/allowed"),
        (members(withheld=["fee"]), f"{GRANT}/members/withheld"),
        (members(["/from"], ["/fee"]), f"{GRANT}/members"),
        (members(masked={"/fee": {"rule": "blur"}}), f"{GRANT}/members/masked/~1fee/rule"),
        (
            members(withheld=["/fee"], masked={"/fee/date": {"rule": "year"}}),
            f"{GRANT}/members/masked",
        ),
        ({**members(withheld=["/fee"]), "extract": EXTRACT}, f"{GRANT}/extract"),
    ],
)
def test_a_grant_that_is_not_sound_is_refused_with_its_place(
    grant: dict[str, Any], place: str
) -> None:
    assert refused(agreement_text(grant)) == ("agreement.malformed", place)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"corridor": "UZ-KZ", "id": "UZ-KZ"}, "/corridor"),
        ({"id": "KZ-TJ"}, "/id"),
        ({"format": 2}, "/format"),
        ({"test": 0}, "/test"),
        ({"validTo": "2026-01-01T00:00:00.000Z"}, "/validTo"),
        ({"validFrom": "2026-01-01"}, "/validFrom"),
        ({"title": {"fr": "Accord"}}, "/title"),
        ({"title": {"en": " Exchange"}}, "/title/en"),
        ({"witnesses": {"atLeast": 1, "of": ["TJ"]}}, "/witnesses/of"),
        ({"comment": "none"}, "/comment"),
    ],
)
def test_a_text_that_is_not_sound_is_refused_with_its_place(
    change: dict[str, Any], place: str
) -> None:
    assert refused(agreement_text(**change)) == ("agreement.malformed", place)


@pytest.mark.parametrize("text", [None, [], "text", 7])
def test_what_is_no_object_is_refused(text: Any) -> None:
    assert refused(text) == ("agreement.malformed", "/")


def _broken(node: Any) -> list[Any]:
    """The text with each of its values, one after the other, made something else."""
    found = []
    for wrong in (None, "", -1, [], {}, [[]]):
        if isinstance(node, dict):
            for name in node:
                found.append({**node, name: wrong})
                found.append({one: value for one, value in node.items() if one != name})
                found += [{**node, name: one} for one in _broken(node[name])]
    return found


def test_the_schema_refuses_nothing_that_gateways_read_and_takes_nothing_malformed() -> None:
    with pytest.raises(Refusal, match="keeps an extract"):
        check_text(catalogue(), SCHEMAS, WHOLE)
    differing = []
    for text in {json.dumps(one): one for one in _broken(copy.deepcopy(WHOLE))}.values():
        try:
            read_agreement(text)
            read = True
        except Refusal:
            read = False
        try:
            check_text(catalogue(), SCHEMAS, text)
            checked = True
        except Refusal as refusal:
            # What only people who draft are told is no question of form.
            checked = refusal.code == "agreement.draft"
        if read is not checked:
            differing.append(text)
    assert differing == []

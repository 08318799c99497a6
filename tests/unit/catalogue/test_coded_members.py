"""Codes of a record that their list does not hold, by place."""

from typing import Any

import pytest

from tests.support.schemas import catalogue

UNLISTED = catalogue().unlisted


def occupation(**members: str) -> dict[str, Any]:
    return {"occupation": {"code": "7112", "list": "ISCO-08"} | members}


def test_codes_of_the_lists_are_passed_over() -> None:
    record = occupation(listVersion="2008") | {
        "person": {"citizenship": ["UZB"], "name": [{"script": "Latn", "lang": "uzb"}]},
        "workplace": {"country": "KAZ", "subdivision": "KZ-75"},
        "pay": [{"currency": "KZT"}],
    }
    assert UNLISTED("EmploymentContract", record) == []


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"code": "9999"}, "/occupation/code"),
        ({"listVersion": "1988"}, "/occupation/listVersion"),
        ({"list": "ISCO-88"}, "/occupation/list"),
    ],
)
def test_a_coded_value_is_told_where_it_is_not_known(members: dict[str, str], place: str) -> None:
    assert UNLISTED("EmploymentContract", occupation(**members)) == [place]


def test_a_code_without_a_list_is_nobodys_to_judge() -> None:
    assert UNLISTED("MovementEvent", {"purpose": {"code": "work"}}) == []


def test_a_native_code_alone_is_nobodys_to_judge() -> None:
    record = {"occupation": {"nativeCode": "19601", "nativeList": "KODP", "list": "ISCO-08"}}
    assert UNLISTED("EmploymentContract", record) == []


def test_each_place_in_a_list_is_told() -> None:
    record = {
        "person": {"citizenship": ["UZB", "XXX"], "address": [{"country": "YYY"}]},
        "pay": [{"currency": "KZT"}, {"currency": "KZX"}],
    }
    assert UNLISTED("EmploymentContract", record) == [
        "/person/citizenship/1",
        "/person/address/0/country",
        "/pay/1/currency",
    ]


def test_a_member_has_the_list_that_the_uses_name() -> None:
    assert UNLISTED("IncidentNotification", {"cause": "22"}) == []
    assert UNLISTED("IncidentNotification", {"cause": "27"}) == ["/cause"]

"""Two texts in words: what one may do more, or less."""

from typing import Any

import pytest

from gateway.agreements.difference import differences
from gateway.model.agreement_text import read_agreement
from tests.support.agreements import agreement_text, members

TYPE = "EmploymentContract"


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = differences(read_agreement(old), read_agreement(new), lambda _type, path: path[1:])
    return [(one.verdict, one.subject, one.text) for one in found]


def test_equal_texts_have_no_difference() -> None:
    assert told(agreement_text(), agreement_text(version=2)) == []


@pytest.mark.parametrize(
    ("grant", "verdict", "text"),
    [
        (members(withheld=["/fee"]), "less", "“fee” (/fee) is withheld now"),
        (
            members(masked={"/fee": {"rule": "replace", "text": "X"}}),
            "less",
            "“fee” (/fee) travels masked (replaced by “X”)",
        ),
        (members(["/person"]), "less", "only these members travel: “person” (/person)"),
        ({"directions": ["KZ>UZ"]}, "less", "the direction UZ>KZ is allowed no more"),
        ({"versions": [1, 2]}, "more", "the schema version 2 is allowed now"),
        ({"sensitivityCap": 3}, "more", "the highest sensitivity 3, before 2"),
        ({"consentRequired": True}, "less", "the person's consent is required now"),
        ({"retentionDays": 60}, "more", "may be kept 60 days, before 30 days"),
        ({"relayHours": 24}, "less", "must arrive within 24 hours, before 168 hours"),
        ({"noticeDays": 5}, "other", "the person is told within 5 days"),
        ({"authorities": ["kz.a"]}, "less", "only kz.a may send"),
        (
            {"quotas": [{"window": "day", "limit": 9}]},
            "less",
            "at most 9 records a day, all authorities together",
        ),
    ],
)
def test_each_change_is_told_with_what_it_does(
    grant: dict[str, Any], verdict: str, text: str
) -> None:
    assert told(agreement_text(), agreement_text(grant)) == [(verdict, TYPE, text)]


def test_what_was_less_one_way_is_more_the_other_way() -> None:
    strict = agreement_text({**members(["/person"], ["/person/sex"]), "authorities": ["kz.a"]})
    forth = {verdict for verdict, _, _ in told(agreement_text(), strict)}
    back = {verdict for verdict, _, _ in told(strict, agreement_text())}
    assert (forth, back) == ({"less"}, {"more"})


def test_a_record_type_that_is_gone_may_be_exchanged_no_more() -> None:
    old = agreement_text()
    old["recordTypes"]["JobOrder"] = old["recordTypes"][TYPE]
    assert told(old, agreement_text()) == [("less", "JobOrder", "may be exchanged no more")]


def test_the_whole_is_compared_too() -> None:
    found = told(agreement_text(), agreement_text(validTo="2029-01-01T00:00:00.000Z", test=True))
    assert [(verdict, subject) for verdict, subject, _ in found] == [
        ("other", "agreement"),
        ("more", "agreement"),
    ]

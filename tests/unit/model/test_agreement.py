"""The decision: each rule of an agreement refuses by its own code, and nothing else passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.agreement import Asked, decide, members_asked, quotas_asked
from gateway.model.agreement_text import read_agreement
from gateway.model.member_rules import without
from gateway.model.refusal import Refusal
from tests.support.agreements import agreement_text, members

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
FROM, TO = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
TYPE = "EmploymentContract"
AGREEMENT = read_agreement(agreement_text(members(withheld=["/documentsRetained", "/fee"])))
ASKED = Asked(
    "KZ>UZ",
    TYPE,
    1,
    "contract-registration",
    "kz.labour-ministry/system",
    2,
    None,
    frozenset({"/fee", "/from"}),
)


def refused(asked: Asked, agreement: Any = AGREEMENT, used: Any = None, at: datetime = AT) -> str:
    with pytest.raises(Refusal) as caught:
        decide(agreement, asked, used or {}, at)
    return caught.value.code


def test_what_is_covered_is_allowed_with_its_legal_basis() -> None:
    assert decide(AGREEMENT, ASKED, {}, AT).legal_basis == ("KZ-UZ-2019",)


def test_only_withheld_members_that_are_there_are_listed() -> None:
    assert decide(AGREEMENT, ASKED, {}, AT).withheld == ("/fee",)


def test_the_deadlines_run_from_the_decision() -> None:
    allowed = decide(read_agreement(agreement_text({"noticeDays": 10})), ASKED, {}, AT)
    assert (allowed.relay, allowed.handover, allowed.notice, allowed.retention_days) == (
        AT + timedelta(hours=168),
        AT + timedelta(hours=720),
        AT + timedelta(days=10),
        30,
    )


def test_without_a_term_for_it_no_notice_is_due() -> None:
    assert decide(AGREEMENT, ASKED, {}, AT).notice is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"record_type": "InsurancePeriod"}, "agreement.type"),
        ({"schema_version": 2}, "agreement.version"),
        ({"direction": "KZ>KG"}, "agreement.direction"),
        ({"purpose": "statistics"}, "agreement.purpose"),
        ({"sensitivity": 3}, "agreement.sensitivity"),
    ],
)
def test_what_is_not_covered_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(replace(ASKED, **change)) == code


def test_only_the_named_authorities_may_send() -> None:
    agreement = read_agreement(agreement_text({"authorities": ["kz.labour-ministry"]}))
    assert decide(agreement, ASKED, {}, AT)
    other = replace(ASKED, submitter="kz.labour-ministry-two/system")
    assert refused(other, agreement) == "agreement.submitter"


def test_one_direction_alone_may_be_allowed() -> None:
    agreement = read_agreement(agreement_text({"directions": ["UZ>KZ"]}))
    assert refused(ASKED, agreement) == "agreement.direction"


@pytest.mark.parametrize(("at", "holds"), [(FROM, True), (TO - TICK, True)])
def test_the_first_instant_of_the_validity_counts(at: datetime, *, holds: bool) -> None:
    assert (decide(AGREEMENT, ASKED, {}, at) is not None) is holds


@pytest.mark.parametrize("at", [FROM - TICK, TO], ids=["before it begins", "when it ends"])
def test_outside_its_validity_nothing_is_allowed(at: datetime) -> None:
    assert refused(ASKED, at=at) == "agreement.not-in-force"


def test_a_quota_lets_its_last_record_through_and_no_more() -> None:
    agreement = read_agreement(agreement_text({"quotas": [{"window": "day", "limit": 10}]}))
    (quota,) = quotas_asked(agreement, TYPE, "KZ>UZ")
    assert decide(agreement, ASKED, {quota: 9}, AT)
    assert refused(ASKED, agreement, {quota: 10}) == "agreement.quota"


def test_a_quota_that_was_not_counted_is_taken_as_used_up() -> None:
    agreement = read_agreement(agreement_text({"quotas": [{"window": "day", "limit": 10}]}))
    assert refused(ASKED, agreement, {}) == "agreement.quota"


def test_a_quota_of_the_other_direction_does_not_count() -> None:
    quota = {"window": "hour", "limit": 0, "direction": "UZ>KZ"}
    agreement = read_agreement(agreement_text({"quotas": [quota]}))
    assert quotas_asked(agreement, TYPE, "KZ>UZ") == []
    assert decide(agreement, ASKED, {}, AT)


def test_without_consent_a_record_that_needs_it_is_refused() -> None:
    agreement = read_agreement(agreement_text({"consentRequired": True}))
    assert refused(ASKED, agreement) == "consent.missing"
    assert decide(agreement, replace(ASKED, consent_ref="c-1"), {}, AT)


NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda names: "/" + "/".join(names))
RECORDS = st.recursive(
    st.text(min_size=1, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | st.lists(inner, min_size=1), min_size=1),
    max_leaves=12,
).filter(lambda one: isinstance(one, dict))


def leaves(node: Any, base: str = "") -> set[str]:
    if isinstance(node, dict):
        return {one for name, value in node.items() for one in leaves(value, f"{base}/{name}")}
    if isinstance(node, list):
        return {one for value in node for one in leaves(value, base)}
    return {base}


def covers(rules: set[str], path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in rules)


@given(RECORDS, st.sets(PATHS, min_size=1, max_size=4), st.sets(PATHS, max_size=3))
def test_no_member_travels_that_no_rule_allows(
    record: dict[str, Any], allowed: set[str], withheld: set[str]
) -> None:
    withheld = {one for one in withheld if covers(allowed, one)}
    agreement = read_agreement(agreement_text(members(sorted(allowed), sorted(withheld))))
    asked = replace(ASKED, members=members_asked(agreement, TYPE, record))
    sent = leaves(without(record, decide(agreement, asked, {}, AT).withheld)) if record else set()
    expected = {one for one in leaves(record) if covers(allowed, one) and not covers(withheld, one)}
    assert {one for one in sent if one} <= expected


@given(
    asked=st.builds(
        Asked,
        st.sampled_from(["KZ>UZ", "UZ>KZ", "KZ>TJ", "KZ>KZ", ""]),
        st.sampled_from([TYPE, "InsurancePeriod", ""]),
        st.integers(0, 3),
        st.sampled_from(["contract-registration", "statistics", ""]),
        st.sampled_from(["kz.labour-ministry/system", "uz.agency/x", ""]),
        st.integers(0, 3),
        st.none() | st.just("c"),
        st.just(frozenset({"/from"})),
    ),
    directions=st.sets(st.sampled_from(["KZ>UZ", "UZ>KZ"]), min_size=1),
    versions=st.sets(st.integers(1, 3), min_size=1),
    cap=st.integers(0, 3),
    consent=st.booleans(),
)
def test_nothing_is_allowed_that_no_grant_names(
    *, asked: Asked, directions: set[str], versions: set[int], cap: int, consent: bool
) -> None:
    text = agreement_text(
        {
            "directions": sorted(directions),
            "versions": sorted(versions),
            "sensitivityCap": cap,
            "consentRequired": consent,
        }
    )
    named = (
        asked.record_type == TYPE
        and asked.direction in directions
        and asked.schema_version in versions
        and asked.purpose == "contract-registration"
        and asked.sensitivity <= cap
        and (asked.consent_ref is not None or not consent)
    )
    try:
        decide(read_agreement(text), asked, {}, AT)
    except Refusal:
        assert not named
    else:
        assert named

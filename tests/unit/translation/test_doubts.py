"""Doubts about finished records."""

from typing import Any

import pytest

from gateway.catalogue import Catalogue
from gateway.translation.doubts import doubts


def codes(record: dict[str, Any], catalogue: Catalogue) -> set[tuple[str, str]]:
    return {(w.code, w.path) for w in doubts("EmploymentContract", record, catalogue)}


@pytest.mark.parametrize(
    ("payer", "amount", "flagged"),
    [("worker", "15000", True), ("worker", "0.00", False), ("employer", "9800", False)],
)
def test_fee_of_the_worker_is_flagged(
    catalogue: Catalogue, payer: str, amount: str, flagged: object
) -> None:
    record = {"fee": [{"payer": payer, "amount": amount}]}
    assert (("FR-FEE", "/fee/0") in codes(record, catalogue)) is flagged


@pytest.mark.parametrize(("sex", "flagged"), [("1", True), ("2", True), ("9", False)])
def test_demanded_sex_is_flagged(catalogue: Catalogue, sex: str, flagged: object) -> None:
    found = doubts("JobOrder", {"sexRequired": sex}, catalogue)
    assert (("FR-SEX-REQUIRED", "/sexRequired") in {(w.code, w.path) for w in found}) is flagged


def test_usual_member_that_is_missing_is_named(catalogue: Catalogue) -> None:
    found = codes({"person": {"sex": "1"}}, catalogue)
    assert ("MEMBER-MISSING", "/person/citizenship") in found
    assert ("MEMBER-MISSING", "/person/sex") not in found


@pytest.mark.parametrize(
    ("issuer", "number", "doubted"),
    [("UZB", "FA0000017", False), ("UZB", "F0000017", True), ("DEU", "F0000017", False)],
)
def test_unusual_document_number_is_a_doubt(
    catalogue: Catalogue, issuer: str, number: str, doubted: object
) -> None:
    document = {"type": "passport", "number": number, "issuer": issuer}
    found = codes({"person": {"document": [document]}}, catalogue)
    assert (("DOCUMENT-NUMBER-UNUSUAL", "/person/document/0/number") in found) is doubted


def test_code_outside_its_list_is_told_and_kept(catalogue: Catalogue) -> None:
    record = {"occupation": {"code": "9999", "list": "ISCO-08", "nativeCode": "9999-1"}}
    assert ("CODE-NOT-IN-LIST", "/occupation/code") in codes(record, catalogue)
    assert record["occupation"]["code"] == "9999"

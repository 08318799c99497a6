"""How a text stands: what each side lists, and why it is in force or not."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.agreements.national_signature import NationalSignature, slot_name
from gateway.agreements.publishing import revocation, target
from gateway.agreements.standing import Standing, corridors, standings
from gateway.proof.canonical import canonical_json
from gateway.proof.trust import Directory
from tests.support.agreements import agreement_text, relisted
from tests.support.evidence import trust_in
from tests.support.pki import AT

TEXT = canonical_json(agreement_text(version=2))
NAME = target("KZ-UZ", 2)


@pytest.fixture(scope="module")
def directories(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Directory]:
    folder: Path = tmp_path_factory.mktemp("trust")
    return trust_in(folder).directories


def stand(
    directories: Mapping[str, Directory],
    kz: dict[str, bytes | None],
    uz: dict[str, bytes | None],
    *,
    at: datetime = AT,
    revoked: dict[str, datetime] | None = None,
) -> Standing:
    pair = [relisted(directories["KZ"], kz), relisted(directories["UZ"], uz, revoked)]
    return standings(pair, "KZ-UZ", [], at=at)[0]


def test_equal_bytes_in_both_directories_are_in_force(
    directories: Mapping[str, Directory],
) -> None:
    found = stand(directories, {NAME: TEXT}, {NAME: TEXT})
    assert (found.version, found.in_force, found.why) == (2, True, "")


@pytest.mark.parametrize("other", [None, TEXT + b" "], ids=["not listed", "one blank more"])
def test_one_side_alone_is_told_with_what_each_lists(
    directories: Mapping[str, Directory], other: bytes | None
) -> None:
    found = stand(directories, {NAME: TEXT}, {NAME: other})
    assert (found.in_force, "same bytes" in found.why) == (False, True)
    assert found.sides[0].sha256 != found.sides[1].sha256


def test_a_revocation_is_told_with_its_instant_and_reason(
    directories: Mapping[str, Directory],
) -> None:
    name, data = revocation("KZ-UZ", 2, at=AT, reason="ended")
    notice = {"agreement:KZ-UZ/v2": AT}
    listed = {NAME: TEXT, name: data}
    found = stand(directories, {NAME: TEXT}, listed, revoked=notice)
    before = stand(
        directories, {NAME: TEXT}, listed, revoked=notice, at=AT - timedelta(milliseconds=1)
    )
    assert (found.in_force, before.in_force) == (False, True)
    assert (found.sides[1].reason, bool(found.sides[0].revoked)) == ("ended", False)


def test_a_text_that_cannot_be_read_is_not_in_force(directories: Mapping[str, Directory]) -> None:
    found = stand(directories, {NAME: b"{}"}, {NAME: b"{}"})
    assert (found.in_force, found.terms) == (False, None)


def test_a_signature_nobody_can_check_is_shown_as_such(
    directories: Mapping[str, Directory],
) -> None:
    slot = NationalSignature("GOST R 34.10-2012", "CN=Signer", "gost", b"\x30\x00").data()
    found = stand(directories, {NAME: TEXT, slot_name("KZ-UZ", 2, "KZ"): slot}, {NAME: TEXT})
    assert [one.signature.word for one in found.sides] == ["not-checked", "absent"]


def test_a_damaged_signature_is_told_and_takes_nothing_out_of_force(
    directories: Mapping[str, Directory],
) -> None:
    found = stand(directories, {NAME: TEXT, slot_name("KZ-UZ", 2, "KZ"): b"{}"}, {NAME: TEXT})
    assert (found.in_force, found.sides[0].signature.word.startswith("wrong")) == (True, True)


def test_the_corridors_are_those_that_a_directory_lists(
    directories: Mapping[str, Directory],
) -> None:
    assert corridors(directories) == ["KZ-UZ"]

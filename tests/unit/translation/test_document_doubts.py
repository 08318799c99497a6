"""Doubts about documents: a zone against the members beside it."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.translation import mrz
from gateway.translation.document_doubts import document_doubts

ZONE = "P<UZBKUCHKAROV<<GAYRATJON<SHUHRAT<UGLI<<<<<<\nFA00000175UZB9103144M33040193140391204001460"
PERSON: dict[str, Any] = {
    "sex": "1",
    "birthDate": {"value": "1991-03-14", "precision": "day"},
    "identifier": [
        {"scheme": "UZ-PINFL", "value": "31403912040014", "issuer": "UZB", "state": "checked"},
        {"scheme": "KZ-IIN", "value": "910314350013", "issuer": "KAZ", "state": "checked"},
    ],
    "document": [
        {
            "type": "passport",
            "number": "FA0000017",
            "issuer": "UZB",
            "expires": "2033-04-01",
            "mrz": ZONE,
        }
    ],
}


def doubted(person: dict[str, Any]) -> list[tuple[str, str]]:
    return [(warned.code, warned.path) for warned in document_doubts(person)]


def of_document(**members: str) -> dict[str, Any]:
    return PERSON | {"document": [PERSON["document"][0] | members]}


def test_zone_that_agrees_raises_nothing() -> None:
    assert doubted(PERSON) == []


def test_members_that_are_not_there_disagree_with_nothing() -> None:
    document = {"type": "passport", "number": "FA0000017", "mrz": ZONE}
    assert doubted({"document": [document]}) == []


@pytest.mark.parametrize(
    ("person", "place"),
    [
        (of_document(number="FA0000018"), "/person/document/0/number"),
        (of_document(issuer="KGZ"), "/person/document/0/issuer"),
        (of_document(expires="2033-04-02"), "/person/document/0/expires"),
        (PERSON | {"sex": "2"}, "/person/sex"),
        (
            PERSON | {"birthDate": {"value": "1991-04-13", "precision": "day"}},
            "/person/birthDate",
        ),
        (PERSON | {"birthDate": {"value": "1990", "precision": "year"}}, "/person/birthDate"),
        (
            PERSON | {"identifier": [PERSON["identifier"][0] | {"value": "31210632040244"}]},
            "/person/identifier/0",
        ),
    ],
)
def test_member_that_the_zone_spells_otherwise_is_named(person: dict[str, Any], place: str) -> None:
    assert ("MRZ-MISMATCH", place) in doubted(person)


@pytest.mark.parametrize("birth", [{"value": "1991", "precision": "year"}, {"precision": "none"}])
def test_part_of_a_birth_date_agrees_as_far_as_it_goes(birth: dict[str, str]) -> None:
    assert doubted(PERSON | {"birthDate": birth}) == []


@pytest.mark.parametrize("zone", [ZONE.replace("FA00000175", "FA00000176"), "P<UZB"])
def test_damaged_zone_is_a_doubt_of_its_own(zone: str) -> None:
    assert doubted(of_document(mrz=zone)) == [("MRZ-CHECK-FAILED", "/person/document/0/mrz")]


def test_number_typed_on_a_cyrillic_keyboard_is_the_zones_number() -> None:
    assert ("MRZ-MISMATCH", "/person/document/0/number") not in doubted(
        of_document(number="FА 0000017")
    )


def test_german_code_of_one_letter_is_the_state() -> None:
    german = mrz.write(replace(mrz.read(ZONE), issuer="D"))
    assert ("MRZ-MISMATCH", "/person/document/0/issuer") not in doubted(
        of_document(mrz=german, issuer="DEU")
    )


def test_zone_of_another_persons_name_is_a_doubt() -> None:
    def named(full: str) -> list[tuple[str, str]]:
        return doubted(PERSON | {"name": [{"form": "native", "script": "Cyrl", "full": full}]})

    assert named("Қўчқоров Ғайратжон") == []
    assert named("Кадырова Нурзат") == [("MRZ-MISMATCH", "/person/name/0")]

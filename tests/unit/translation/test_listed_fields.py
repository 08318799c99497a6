"""Places and economic activities by national lists, both ways."""

from pathlib import Path
from typing import Any

import pytest
from marshmallow import missing

from gateway.catalogue.codelists import CodeLists
from gateway.translation.coded_fields import Occupation
from gateway.translation.fields import TwoWay
from gateway.translation.listed_fields import ListedActivity, ListedPlace
from gateway.translation.turn import Turn, Turns

LISTS = {
    country: CodeLists(Path(__file__).resolve().parents[3] / "adapters" / country / "lists")
    for country in ("kz", "uz")
}
PLACE = ListedPlace("soato", "address", LISTS["uz"], "SOATO", country="UZB")
TRIPLE = ListedPlace("kato", "address", LISTS["kz"], "KATO", country="KAZ", parts=("Code",))
ACTIVITY = ListedActivity("oked", "activity", LISTS["kz"], "OKED")


def read(field: TwoWay, native: Any) -> tuple[Any, list[tuple[str, str]]]:
    now = Turn("KAZ")
    with Turns(now):
        return field.deserialize(native), now.noted


def written(field: TwoWay, record: dict[str, Any]) -> tuple[Any, set[str]]:
    now = Turn("KAZ")
    with Turns(now):
        return field.serialize("", record), now.consumed


def test_a_district_tells_its_region() -> None:
    place = {
        "country": "UZB",
        "nativeCode": "1703202",
        "nativeList": "SOATO",
        "subdivision": "UZ-AN",
    }
    assert read(PLACE, "1703202") == (place, [])
    assert written(PLACE, {"address": place})[0] == "1703202"


def test_a_place_outside_the_list_is_kept_with_a_warning() -> None:
    place = {"country": "UZB", "nativeCode": "9999", "nativeList": "SOATO"}
    assert read(PLACE, "9999") == (place, [("CODE-UNMAPPED", "address")])


def test_a_triple_is_read_and_written_by_its_code() -> None:
    place, _ = read(TRIPLE, {"Code": "710000000", "NameRu": "г. Астана"})
    assert place["subdivision"] == "KZ-71"
    assert written(TRIPLE, {"address": place})[0] == {"Code": "710000000"}


def test_words_beside_the_code_are_not_said_by_the_code() -> None:
    place = read(PLACE, "1703202")[0] | {"text": "Oltinkoʻl"}
    assert "/address/text" not in written(PLACE, {"address": place})[1]
    assert "/address" not in written(PLACE, {"address": place})[1]


@pytest.mark.parametrize("record", [{}, {"address": {"country": "KAZ", "text": "Almaty"}}])
def test_a_place_of_no_or_another_list_is_not_written(record: dict[str, Any]) -> None:
    assert written(PLACE, record) == (missing, set())


def test_an_activity_tells_its_division() -> None:
    activity = {
        "code": "41",
        "list": "ISIC-4",
        "mapping": "broader",
        "nativeCode": "41201",
        "nativeList": "OKED",
    }
    assert read(ACTIVITY, "41201") == (activity, [])
    assert written(ACTIVITY, {"activity": activity})[0] == "41201"


def test_an_activity_outside_the_list_is_kept_with_a_warning() -> None:
    activity = {"nativeCode": "00000", "nativeList": "OKED"}
    assert read(ACTIVITY, "00000") == (activity, [("CODE-UNMAPPED", "activity")])


@pytest.mark.parametrize(
    ("native", "code", "mapping"), [("7112-1", "7112", "exact"), ("5120-2", "5120", "assumed")]
)
def test_an_occupation_is_exact_only_where_the_national_list_says_so(
    native: str, code: str, mapping: str
) -> None:
    field = Occupation("job", native_list="NKRK-01-2017", lists=LISTS["kz"])
    occupation, noted = read(field, native)
    assert (occupation["code"], occupation["mapping"], noted) == (code, mapping, [])


def test_an_occupation_without_a_unit_group_is_kept_with_a_warning() -> None:
    field = Occupation("job", native_list="KODP")
    occupation = {"nativeCode": "19601", "nativeList": "KODP"}
    assert read(field, "19601") == (occupation, [("CODE-UNMAPPED", "occupation")])
    assert written(field, {"occupation": occupation})[0] == "19601"

"""Lists of scalars: each element is read and written by one field."""

from typing import Any

from gateway.translation.fields import Country
from gateway.translation.list_fields import Each
from gateway.translation.row import Row
from gateway.translation.turn import Turn, Turns


class Permit(Row):
    countries = Each(Country("to", "countries", kind="alpha-2"), empty=[])


def loaded(value: Any) -> Any:
    with Turns(Turn("KGZ")):
        return Permit().load({"to": value}).get("countries")


def test_each_element_is_read_and_blanks_say_nothing() -> None:
    assert loaded(["KZ", "", None, "TR"]) == ["KAZ", "TUR"]


def test_one_may_come_without_its_list() -> None:
    assert loaded("KZ") == ["KAZ"]


def test_list_of_blanks_is_absent() -> None:
    assert loaded(["", " "]) is None
    assert loaded([]) is None
    assert loaded(None) is None


def test_what_was_written_is_consumed_element_by_element() -> None:
    now = Turn("KGZ")
    with Turns(now):
        assert Permit().dump({"countries": ["KAZ", "TUR"]}) == {"to": ["KZ", "TR"]}
        assert now.consumed == {"/countries/0", "/countries/1"}
        assert Permit().dump({}) == {"to": []}

"""Native rows both ways, for any contents that a ministry may write."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.catalogue import Catalogue
from gateway.translation import Countries, read, write
from gateway.translation.fields import Text
from gateway.translation.row import Row
from gateway.translation.turn import Turn, Turns

# What a name holds in every script: no control characters, no blanks at its ends.
LETTERS = "АБВГДҶҲҚҒӢӮабвгдҷҳқғӣӯ<&>\";'-"
words = st.text(LETTERS, min_size=2, max_size=12).map(lambda text: f"Я{text}я")
days = st.dates(min_value=date(1901, 1, 1)).map(lambda day: day.isoformat())
amounts = st.decimals(1, 10**9, places=2).map(lambda amount: f"{amount:.2f}")

# Layouts that have a place for each member drawn below.
CARRIERS = ("kz.labour-contract", "kg.migrant-contract", "tj.contracts")


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Any]:
    family, given_name = draw(words), draw(words)
    starts, ends = sorted([draw(days), draw(days)])
    return {
        "contractNumber": draw(words),
        "signed": draw(days),
        "from": starts,
        "to": ends,
        "person": {
            "name": [
                {
                    "form": "native",
                    "script": "Cyrl",
                    "family": family,
                    "given": given_name,
                    "full": f"{family} {given_name}",
                }
            ],
            "birthDate": {"value": draw(days), "precision": "day"},
        },
        "employer": {"name": [{"text": draw(words)}]},
        "pay": [{"amount": draw(amounts), "currency": draw(st.sampled_from(["KZT", "RUB"]))}],
        "state": "registered",
    }


@pytest.mark.parametrize("layout", CARRIERS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=contracts())
def test_written_contract_is_read_as_it_was(
    countries: Countries, catalogue: Catalogue, layout: str, record: dict[str, Any]
) -> None:
    written = write([("EmploymentContract", record, "KZ")], layout, countries)
    (result,) = read(written.data, layout, countries, catalogue).results
    again = result.record
    assert again is not None, result.errors
    for member in ("contractNumber", "signed", "from", "to", "pay"):
        assert again[member] == record[member]
    assert again["person"]["birthDate"] == record["person"]["birthDate"]
    assert again["person"]["name"][0]["full"] == record["person"]["name"][0]["full"]
    assert again["employer"]["name"][0]["text"] == record["employer"]["name"][0]["text"]


class Pair(Row):
    """Two fields of one object."""

    left = Text("a/left", "pair/left")
    right = Text("a/right", "pair/right", empty="")


def test_undeclared_native_parts_are_residue() -> None:
    tree = {"a": {"left": "1", "other": "2"}, "b": ["3", ""]}
    assert Pair().residue(tree) == {"/a/other": "2", "/b/0": "3"}


def test_unsaid_members_are_lost_as_whole_objects() -> None:
    record = {"pair": {"left": "1", "more": "2"}, "rest": {"x": {"y": "3"}}}
    row, now = Pair(), Turn("KAZ")
    with Turns(now):
        assert row.dump(record) == {"a": {"left": "1", "right": ""}}
    assert row.lost(record, now.consumed) == ["/pair/more", "/rest"]

"""What a default layout completes: names and identifiers, nothing else."""

from typing import Any

from gateway.translation.default.common import complete_name
from gateway.translation.default.compiled import Compiled
from gateway.translation.turn import Turn, Turns


def completed(compiled: Compiled, record: dict[str, Any], home: str = "") -> list[str]:
    with Turns(Turn(home)):
        return [fault.code for _, fault in compiled.completion.complete(record)]


def test_apostrophes_are_unified_and_the_spelling_is_kept() -> None:
    name = {"family": "Qo'chqorov", "given": "G`ayratjon"}
    complete_name(name)
    assert name == {
        "form": "native",
        "family": "Qoʻchqorov",
        "given": "Gʻayratjon",
        "full": "Qoʻchqorov Gʻayratjon",
        "raw": "Qo'chqorov G`ayratjon",
    }


def test_what_is_told_is_never_put_right() -> None:
    name = {"form": "icao", "full": "AYGUL", "noFamilyName": True, "raw": "Aygul"}
    told = dict(name)
    complete_name(name)
    assert name == told


def test_identifiers_are_rated_wherever_they_stand(contract: Compiled) -> None:
    employer = {"identifier": [{"scheme": "KZ-BIN", "value": "1704 4001 2348"}]}
    record = {"person": {"name": [{"full": "A B"}]}, "employer": employer}
    assert completed(contract, record) == []
    assert employer["identifier"] == [
        {"scheme": "KZ-BIN", "value": "170440012348", "issuer": "KAZ", "state": "checked"}
    ]


def test_only_a_register_verifies(contract: Compiled) -> None:
    given = {"scheme": "KZ-BIN", "value": "170440012348", "issuer": "KAZ", "state": "verified"}
    record = {"employer": {"identifier": [given]}}
    assert contract.completion.restated(record) == {"/employer/identifier/0/state"}
    assert contract.completion.verified(record) == {"/employer/identifier/0/state"}


def test_number_that_would_be_refused_is_not_written(contract: Compiled) -> None:
    short = {"scheme": "KZ-IIN", "value": "1", "issuer": "KAZ", "state": "failed"}
    strange = {"scheme": "XX-ID", "value": "1", "state": "structural"}
    record = {"person": {"identifier": [short, strange]}}
    assert contract.completion.unreadable(record) == {
        "/person/identifier/0",
        "/person/identifier/1",
    }

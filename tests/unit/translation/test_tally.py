"""Counters keep places, never more than a few, and never what looks like content."""

import pytest

from gateway.translation.tally import (
    ELSEWHERE,
    EXAMPLES,
    LOST,
    MOST_FINDINGS,
    Finding,
    Key,
    Place,
    Tally,
    general,
    shown,
)


def key(path: str) -> Key:
    return Key(LOST, "read", "xx.list", "", path, "")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("row 12: /worker/IIN", "/worker/IIN"),
        ("row 12", ""),
        ("/data/31403912040014/name", "/data/…/name"),
        ("/data/someone@example.org", "/data/…"),
        ("/Header/@objectType", "/Header/@objectType"),
        ("/" + "a" * 61, "/…"),
    ],
)
def test_a_shown_path_holds_no_row_and_no_content(path: str, told: str) -> None:
    assert shown(path) == told


def test_places_in_lists_count_together() -> None:
    assert general("/person/name/1/full") == general("/person/name/0/full") == "/person/name/*/full"


def test_only_the_first_places_are_kept() -> None:
    finding = Finding()
    finding.add(9, [Place("a.csv", (row,), "") for row in range(1, 10)])
    finding.add(1, [Place("b.csv", (1,), "")])
    assert (finding.count, [place.rows for place in finding.examples]) == (10, [(1,), (2,), (3,)])
    assert len(finding.examples) == EXAMPLES


def test_a_million_headings_become_a_bounded_number_of_findings() -> None:
    tally = Tally()
    for column in range(MOST_FINDINGS + 500):
        tally.find(key(f"/c{column}"), 1, [])
    assert len(tally.findings) == MOST_FINDINGS + 1
    assert tally.findings[key(ELSEWHERE)].count == 500


def test_tallies_add_up() -> None:
    one, other = Tally(), Tally()
    for tally, records in ((one, 3), (other, 4)):
        tally.find(key("/a"), 1, [])
        tally.layout("xx.list", "EmploymentContract").records = records
    one.add(other)
    assert (one.findings[key("/a")].count, one.layouts["xx.list"].records) == (2, 7)

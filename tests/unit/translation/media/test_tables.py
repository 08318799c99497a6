"""Tables: headings are compared folded, totals must agree (R1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.translation.codes import folded
from gateway.translation.media import tables
from gateway.translation.media.cells import FaultyCell
from gateway.translation.media.foreign import TableFile, open_foreign
from gateway.translation.media.tables import Line, Table

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text("=+-@'\",;\t\r\n ax1")
TABLE = Table("A", "B", "C", known_by=("A", "B"), fold=folded, optional=("C",), total="Total")


def lines(*rows: str) -> TableFile:
    return TableFile(tuple(tuple(row.split(";")) for row in rows), None)


def test_title_above_and_total_below_are_no_rows() -> None:
    opened = TABLE.open(lines("Title;;", " a ;b;x", "1;2;3", ";;", "total:;1;"))
    assert list(opened.rows) == [(1, {"A": "1", "B": "2", "x": "3"})]


@pytest.mark.parametrize("total", ["Total:;2;", "Total:;one;", "Total;;"])
def test_total_that_does_not_tell_the_count_refuses_the_file(total: str) -> None:
    with pytest.raises(Refusal) as caught:
        TABLE.open(lines("A;B;C", "1;2;3", total))
    assert caught.value.code == "submission.control-total"


def test_two_totals_that_disagree_refuse_the_file() -> None:
    with pytest.raises(Refusal) as caught:
        TABLE.open(lines("A;B;C", "1;2;3", "Total:;1;", "Total:;2;"))
    assert caught.value.code == "submission.control-total"


def test_table_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 1)
    with pytest.raises(Refusal) as caught:
        TABLE.open(lines("A;B;C", "1;2;3", "4;5;6"))
    assert caught.value.code == "submission.too-large"


def test_row_wider_than_the_heading_is_refused_alone() -> None:
    opened = TABLE.open(lines("A;B;C", "1;2;3;4", "1;2;3;", "1;2"))
    told = [(n, getattr(row, "code", "row")) for n, row in opened.rows]
    assert told == [(1, "csv.malformed"), (2, "row"), (3, "csv.malformed")]


def test_optional_column_is_written_only_when_filled() -> None:
    assert TABLE.close([{"A": "1", "B": "2"}], None) == b"A;B\r\n1;2\r\nTotal:;1\r\n"
    assert TABLE.close([{"A": "1", "C": "x"}], None) == b"A;B;C\r\n1;;x\r\nTotal:;1;\r\n"


def test_cut_that_shows_the_headings_is_taken() -> None:
    wrong = (("Title, x;A;B",), ("1;2",))
    right = (("Title, x", "A", "B"), ("0", "1", "2"))
    opened = TABLE.open(TableFile(wrong, None, (right,)))
    assert list(opened.rows) == [(1, {"Title, x": "0", "A": "1", "B": "2"})]


def test_nothing_is_guessed_between_two_cuts_that_show_the_headings() -> None:
    cut = (("A", "B"), ("1", "2"))
    assert not TABLE.recognises(TableFile(cut, None, (cut,)))


@given(st.lists(st.tuples(texts, texts.filter(str.strip)), min_size=1, max_size=5))
def test_rows_survive_writing_and_reading_whatever_their_texts(rows: list[Line]) -> None:
    trees = [dict(zip(("A", "B"), row, strict=True)) for row in rows]
    plain = Table("A", "B", known_by=("A", "B"), fold=folded)
    opened = plain.open(open_foreign(plain.close(trees, None), ()))
    assert [row for _, row in opened.rows] == trees


def test_formula_in_a_row_refuses_the_row_with_its_place() -> None:
    formula = FaultyCell.formula("5")
    opened = TABLE.open(TableFile((("A", "B"), ("1", formula), ("2", "3")), None))
    (_, refusal), (number, _) = opened.rows
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.place, number) == ("cell.formula", "row 1: /B", 2)


def test_total_may_be_the_stored_result_of_a_formula() -> None:
    total = ("Total:", FaultyCell.formula("1"))
    assert list(TABLE.open(TableFile((("A", "B"), ("1", "2"), total), None)).rows)


def test_total_formula_without_a_stored_result_refuses_the_file() -> None:
    total = ("Total:", FaultyCell.formula(""))
    with pytest.raises(Refusal) as caught:
        TABLE.open(TableFile((("A", "B"), ("1", "2"), total), None))
    assert caught.value.code == "submission.control-total"

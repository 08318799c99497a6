"""Workbooks are read as lines of texts, and openpyxl agrees."""

import io
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest

from gateway.model.refusal import Refusal
from gateway.translation.media import sheet_events
from gateway.translation.media.cells import FaultyCell
from gateway.translation.media.workbook import HEAD, open_workbook
from tests.support.workbooks import MAIN, OFFICE, packed, parts, sheet


def lines(rows: str, **told: tuple[str, ...] | str) -> list[tuple[str, ...]]:
    return list(open_workbook(packed(parts(rows, **told))).lines())  # type: ignore[arg-type]


def refused(given: dict[str, str | bytes]) -> str:
    with pytest.raises(Refusal) as caught:
        list(open_workbook(packed(given)).lines())
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c><v>400000015</v></c>', "400000015"),
        ('<c><v>4.00000015E8</v></c>', "400000015"),
        ('<c><v>4E+08</v></c>', "4E+08"),
        ('<c><v>2.0</v></c>', "2"),
        ('<c><v>350.5</v></c>', "350.5"),
        ('<c><v>0.30000000000000004</v></c>', "0.3"),
        ('<c><v>12345678901234567890</v></c>', "1.23456789012346E+19"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="s"><v>1</v></c>', "Зан"),
        ('<c t="str"><v>текст</v></c>', "текст"),
        ('<c t="inlineStr"><is><r><t>Наз</t></r><rPh><t>x</t></rPh><r><t>аров</t></r></is></c>',
         "Назаров"),
        ('<c t="inlineStr"><is><t>a_x000D_b_x005F_x0041_</t></is></c>', "a\rb_x0041_"),
        ('<c t="d"><v>2026-08-03</v></c>', "2026-08-03"),
        ('<c s="1"><v>31802</v></c>', "1987-01-25"),
        ('<c s="2"><v>46356.5</v></c>', "2026-11-30T12:00:00"),
        ('<c s="3"><v>0.5</v></c>', "12:00:00"),
        ('<c s="2"><v>59</v></c>', "1900-02-28"),
        ('<c s="2"><v>61</v></c>', "1900-03-01"),
    ],
)  # fmt: skip
def test_cell_becomes_the_text_a_person_would_type(cell: str, text: str) -> None:
    assert lines(f"<row>{cell}</row>", strings=("Мард", "Зан")) == [(text,)]


@pytest.mark.parametrize("day", ["60", "-1", "2958466", "0", "x"])
def test_a_day_outside_the_calendar_is_an_error_and_no_date(day: str) -> None:
    ((cell,),) = lines(f'<row><c s="2"><v>{day}</v></c></row>')
    assert isinstance(cell, FaultyCell)
    assert cell.code == "cell.error"


def test_days_since_1904_are_counted_from_there() -> None:
    rows = '<row><c s="2"><v>0</v></c></row>'
    assert lines(rows, book='<workbookPr date1904="1"/>') == [("1904-01-01",)]


def test_formula_is_never_computed_and_says_what_it_is() -> None:
    ((stored, bare),) = lines("<row><c><f>1+1</f><v>2</v></c><c><f>A1</f></c></row>")
    assert (stored, bare) == ("2", "#FORMULA")
    assert isinstance(stored, FaultyCell)
    assert isinstance(bare, FaultyCell)
    assert stored.code == "cell.formula"


def test_error_cell_says_what_it_is() -> None:
    ((cell,),) = lines('<row><c t="e"><v>#REF!</v></c></row>')
    assert isinstance(cell, FaultyCell)
    assert cell.code == "cell.error"


def test_blanks_at_the_end_are_left_out_and_gaps_are_filled() -> None:
    rows = '<row><c r="C1"><v>3</v></c><c r="D1"/></row><row/><row><c r="A9"><v>1</v></c></row>'
    assert lines(rows + "<row/>") == [("", "", "3"), (), ("1", "", "")]


def test_lines_stand_where_their_rows_stand() -> None:
    rows = '<row r="2"><c><v>1</v></c></row><row r="5"><c><v>2</v></c></row>'
    assert lines(rows) == [(), ("1",), (), (), ("2",)]


def test_elements_may_carry_a_prefix() -> None:
    given = parts()
    given["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    assert list(open_workbook(packed(given)).lines()) == [("1",)]


def test_hidden_sheet_is_passed_over_and_a_named_one_is_found() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Lists"
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Rows").append(["seen"])
    data = io.BytesIO()
    book.save(data)
    opened = open_workbook(data.getvalue())
    assert list(opened.lines()) == [("seen",)]
    assert list(opened.lines("Lists")) == [("hidden",)]
    assert [one.hidden for one in opened.sheets] == [True, False]


def test_other_sheets_that_can_be_seen_and_hold_something_are_told() -> None:
    book = openpyxl.Workbook()
    book.active.append(["rows"])
    book.create_sheet("Blank")
    book.create_sheet("More").append(["x"])
    book.create_sheet("Lists").append(["x"])
    book["Lists"].sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    assert open_workbook(data.getvalue()).beside() == {"sheet 3": "not read"}


def test_workbook_without_a_sheet_that_can_be_seen_is_refused() -> None:
    assert refused(parts("<row/>", state="veryHidden")) == "workbook.malformed"


def test_openpyxl_reads_the_same_cells() -> None:
    book = openpyxl.Workbook()
    rows = [
        ["Ном", "Сана", "Маош"],
        ["Ғ. Ӯтаев & <ко>", date(1999, 10, 8), 55000],
        ["  x ", datetime(2026, 8, 3, 14, 30), 350.5],
        ["=1+1", True, -5],
    ]
    for row in rows:
        book.active.append(row)
    book.active["A4"].data_type = "s"
    data = io.BytesIO()
    book.save(data)
    read = openpyxl.load_workbook(io.BytesIO(data.getvalue()), read_only=True).active
    wanted = [tuple(_spelled(cell) for cell in row) for row in read.iter_rows(values_only=True)]
    assert list(open_workbook(data.getvalue()).lines()) == wanted


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value).upper() if isinstance(value, bool) else str(value)


def _with(name: str, part: str) -> Callable[[], dict[str, str | bytes]]:
    return lambda: parts("<row/>") | {name: part}


HOSTILE = {
    "doctype": ("xml.doctype", lambda: _sheet('<!DOCTYPE x [<!ENTITY a "b">]>', "<row/>")),
    "doctype of a small part": (
        "xml.doctype",
        _with("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
    ),
    "doctype of the texts": (
        "xml.doctype",
        _with("xl/sharedStrings.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
    ),
    "cut off": ("xml.malformed", _with("xl/worksheets/sheet1.xml", "<worksheet><sheetData>")),
    "endless row": ("submission.too-large", lambda: parts("<row>" + "<c/>" * 9_000 + "</row>")),
    "endless rows": ("submission.too-large", lambda: parts("<row/>" * 9_000)),
    "endless strange elements": ("submission.too-large", lambda: parts("<z/>" * 9_000)),
    "endless attribute": ("submission.too-large", lambda: parts(f"<row a='{'x' * 2_500_000}'/>")),
    "endless text": (
        "submission.too-large",
        lambda: parts(f'<row><c t="str"><v>{"x" * 40_000}</v></c></row>'),
    ),
    "endless texts": (
        "submission.too-large",
        lambda: parts('<row><c t="s"><v>0</v></c></row>', strings=("",) * 9_000),
    ),
    "endless styles": (
        "submission.too-large",
        lambda: parts("<row/>") | {"xl/styles.xml": "<xf/>" * 500_000},
    ),
    "far column": (
        "submission.too-large",
        lambda: parts('<row><c r="XFD1"><v>1</v></c></row>'),
    ),
    "rows back and forth": ("workbook.malformed", lambda: parts('<row r="2"/><row r="1"/>')),
    "row beyond the sheet": ("workbook.malformed", lambda: parts('<row r="9999999"/>')),
    "no column": ("workbook.malformed", lambda: parts('<row><c r="1A"><v>1</v></c></row>')),
    "columns back and forth": (
        "workbook.malformed",
        lambda: parts('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
    ),
    "text that is not there": (
        "workbook.malformed",
        lambda: parts('<row><c t="s"><v>7</v></c></row>'),
    ),
    "sheet outside the archive": (
        "workbook.malformed",
        lambda: parts() | {"xl/_rels/workbook.xml.rels": _outside()},
    ),
}  # fmt: skip


def _sheet(before: str, rows: str) -> dict[str, str | bytes]:
    return parts() | {"xl/worksheets/sheet1.xml": sheet(rows, before=before)}


def _outside() -> str:
    return (
        f'<Relationships><Relationship Id="r1" Type="{OFFICE}/worksheet" '
        'Target="../../../../etc/passwd"/></Relationships>'
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbook_is_refused_by_code(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_events, "MOST_ELEMENTS", 8_000)
    monkeypatch.setattr(sheet_events, "MOST_STRING_ELEMENTS", 8_000)
    code, build = HOSTILE[name]
    assert refused(build()) == code


@pytest.mark.parametrize("count", [0, 1, HEAD - 1, HEAD, HEAD + 1, 3 * HEAD])
def test_lines_may_be_gone_through_again(count: int) -> None:
    rows = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(count))
    opened = open_workbook(packed(parts(rows)))
    assert list(opened) == list(opened) == [(str(n),) for n in range(count)]


def test_a_long_sheet_is_read_in_little_memory() -> None:
    data = packed(parts('<row><c t="str"><v>0123456789</v></c></row>' * 20_000))
    opened = open_workbook(data)
    tracemalloc.start()
    try:
        count = sum(1 for _line in opened.lines())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (count, peak < 2_000_000) == (20_000, True)

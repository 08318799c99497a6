"""Tables written as workbooks are read again as the same rows."""

from gateway.translation.codes import folded
from gateway.translation.media.foreign import open_foreign
from gateway.translation.media.sheets import Sheet

SHEET = Sheet("№", "Ном", known_by=("Ном",), fold=folded, total="Ҷамъ")


def test_rows_survive_the_workbook() -> None:
    rows = [{"№": "007", "Ном": "=1+1"}, {"№": "4E+08", "Ном": "'-x"}]
    opened = SHEET.open(open_foreign(SHEET.close(rows, None), ()))
    assert [row for _, row in opened.rows] == rows

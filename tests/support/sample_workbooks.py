"""Makes `adapters/tj/samples/06-returns-2026-q4.xlsx`: `python -m tests.support.sample_workbooks`.

An invented sheet as a clerk would keep it: a merged title, days as numbers with a format and as
text, a taxpayer number whose zeros are gone, a formula in the total, a second sheet hidden.
"""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl

from gateway.translation.media.workbook_writing import repacked

SAMPLE = Path(__file__).resolve().parents[2] / "adapters/tj/samples/06-returns-2026-q4.xlsx"
ROWS = (
    ("Рӯйхати муҳоҷирони бозгашта, семоҳаи IV",),
    ("№", "Насаб, ном, номи падар", "Санаи таваллуд", "Шиноснома", "РМА", "Санаи бозгашт",
     "Сабаб", "Аз давлати"),
    (1, "Саидов Баҳром Шарифович", date(1990, 4, 2), 400000031, 20025799, date(2026, 11, 3),
     "тамом шудани шартнома", "Қазоқистон"),
    (2, "Шодмон", "1975", "A0000032", None, "05.11.26", "бо хоҳиши худ", "ФР"),
    (3, "Ҳамидова Зулфияи Ғаффор", date(1999, 12, 31), 400000033, "020025811", date(2026, 11, 9),
     "ихроҷ", "Ӯзбекистон"),
)  # fmt: skip


def sample() -> bytes:
    """The workbook as openpyxl saves it, with fixed times."""
    book = openpyxl.Workbook()
    book.active.title = "Бозгашт"
    for row in ROWS:
        book.active.append(row)
    book.active.merge_cells("A1:H1")
    for row in (3, 5):
        for column in "CF":
            book.active[f"{column}{row}"].number_format = "dd.mm.yyyy"
    # The stored result stands beside the formula once a spreadsheet program has saved it.
    book.active["A6"] = "Ҷамъ"
    book.active["B6"] = "=COUNTA(B3:B5)"
    hidden = book.create_sheet("Рӯйхатҳо")
    hidden.append(["сабаб"])
    hidden.sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    return repacked(_with_result(data.getvalue()), at=datetime(2026, 11, 25, tzinfo=UTC))


def _with_result(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w") as archive:
        for name in given.namelist():
            part = given.read(name)
            archive.writestr(name, re.sub(rb"</f><v ?/?>(</v>)?", b"</f><v>3</v>", part))
    return made.getvalue()


if __name__ == "__main__":
    SAMPLE.write_bytes(sample())

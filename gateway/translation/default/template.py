"""Templates that a person fills: a workbook with lists to choose from, a bare table, or JSON."""

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gateway.translation.default import guidance
from gateway.translation.default.compiled import VERSION, Compiled
from gateway.translation.default.media import HEADINGS, HELP, Form
from gateway.translation.default.rows import nested
from gateway.translation.media.workbook_writing import repacked

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LISTS = "lmx-lists"
_FONT = "Calibri"
_A_LINE = 90
_FIRST_ROW, _LAST_ROW = 4, 5_003
# The row of help, what must be filled, and two bands that tell the parts of a record apart.
_COLOURS = ("EDEDED", "FFE699", "DDEBF7", "C9DDF0")
_NARROW, _WIDEST = 14, 34
_LONGEST_TITLE = 31


def template(compiled: Compiled, form: Form, language: str, near: Sequence[str]) -> bytes:
    """An empty file of a record type for people who speak a language.

    near: alpha-3 of the countries that stand first in lists and whose regions are listed.
    """
    if form == "xlsx":
        return _workbook(compiled, language, near)
    return _csv(compiled, language) if form == "csv" else _json(compiled, language)


def _csv(compiled: Compiled, language: str) -> bytes:
    columns = compiled.columns
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([compiled.marker, *[""] * len(columns)])
    writer.writerow([HEADINGS, *(guidance.heading(compiled, c, language) for c in columns)])
    writer.writerow([HELP, *(guidance.kind(compiled, c, language) for c in columns)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _json(compiled: Compiled, language: str) -> bytes:
    told = {
        column: guidance.kind(compiled, column, language)
        for column in compiled.columns
        if not column.seldom
    }
    whole = {
        "lmx": compiled.record_type,
        "version": int(VERSION),
        "records": [nested(compiled.root, told)],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _workbook(compiled: Compiled, language: str, near: Sequence[str]) -> bytes:
    # Imported here: openpyxl costs 180 ms, and only a template needs it.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(guidance.title(compiled, language)[:_LONGEST_TITLE])
    _head(sheet, compiled, language)
    _instructions(book, compiled, language)
    _choices(book, sheet, compiled, language, near)
    packed = io.BytesIO()
    book.save(packed)
    return repacked(packed.getvalue(), at=None)


def _head(sheet: "Worksheet", compiled: Compiled, language: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import Outline  # noqa: PLC0415

    grey, needed, *bands = (PatternFill("solid", fgColor=colour) for colour in _COLOURS)
    small = Font(name=_FONT, size=8, color="808080")
    for row, mark in enumerate((compiled.marker, HEADINGS, HELP), start=1):
        sheet.cell(row, 1, mark).font = small
    sheet.cell(1, 2, guidance.title(compiled, language)).font = Font(name=_FONT, bold=True, size=14)
    sheet.column_dimensions["A"].width = 4
    parts = list(compiled.root.members)
    for place, column in enumerate(compiled.columns, start=2):
        heading = guidance.heading(compiled, column, language)
        told = sheet.cell(2, place, heading)
        told.font = Font(name=_FONT, bold=True)
        told.fill = needed if column.needed else bands[parts.index(column.key.split("/")[0]) % 2]
        helped = sheet.cell(3, place, guidance.kind(compiled, column, language))
        helped.font = Font(name=_FONT, italic=True, size=9, color="595959")
        helped.fill = grey
        for cell in (told, helped):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        shape = sheet.column_dimensions[get_column_letter(place)]
        # Text, so that a spreadsheet keeps leading zeros and long numbers as they are typed.
        shape.number_format = "@"
        shape.width = min(max(len(heading) / 2, _NARROW), _WIDEST)
        if column.seldom:
            shape.outline_level, shape.hidden = 1, True
    # The plus sign of folded columns stands at the column before them.
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    sheet.row_dimensions[2].height = 62
    sheet.row_dimensions[3].height = 64
    sheet.freeze_panes = f"B{_FIRST_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:3"


def _instructions(book: "Workbook", compiled: Compiled, language: str) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    sheet = book.create_sheet(compiled.labels.text("text/instructions", language))
    sheet.column_dimensions["A"].width = 4
    sheet.column_dimensions["B"].width = 100
    sheet.sheet_view.showGridLines = False
    sheet.cell(1, 2, guidance.title(compiled, language)).font = Font(name=_FONT, bold=True, size=14)
    for number, sentence in enumerate(guidance.instructions(compiled, language), start=1):
        sheet.cell(number + 2, 1, number)
        cell = sheet.cell(number + 2, 2, sentence)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(name=_FONT)
        sheet.row_dimensions[number + 2].height = 16 * (len(sentence) // _A_LINE + 1)
    sheet.page_setup.orientation = "landscape"


def _choices(
    book: "Workbook", sheet: "Worksheet", compiled: Compiled, language: str, near: Sequence[str]
) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    rules: dict[tuple[int, bool], Any] = {}
    places: dict[int, str] = {}
    for place, column in enumerate(compiled.columns, start=2):
        choices = compiled.cells.choices(column)
        if choices is None:
            continue
        if id(choices) not in places:
            shown = choices.listed(language, near)
            letter = get_column_letter(len(places) + 1)
            for row, word in enumerate(shown, start=1):
                lists.cell(row, len(places) + 1, word).number_format = "@"
            places[id(choices)] = f"'{_LISTS}'!${letter}$1:${letter}${max(len(shown), 1)}"
        rule = rules.get((id(choices), column.several))
        if rule is None:
            rule = DataValidation("list", formula1=places[id(choices)], allow_blank=True)
            # A cell may hold several words, which no spreadsheet can judge.
            rule.showErrorMessage = not column.several
            rule.errorStyle = "warning"
            rule.error = guidance.kind(compiled, column, language)
            rules[id(choices), column.several] = rule
            sheet.add_data_validation(rule)
        letter = get_column_letter(place)
        rule.add(f"{letter}{_FIRST_ROW}:{letter}{_LAST_ROW}")

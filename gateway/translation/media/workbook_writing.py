"""Workbooks (XLSX) that we write: every cell is a text, so nothing in them runs or is rounded.

The same lines give the same bytes: entries carry no time of day, and no name of a program.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from gateway.model.refusal import Refusal
from gateway.translation.media.cells import letters_of
from gateway.translation.media.sheet_events import LONGEST_TEXT

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSION = "xlsx"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_LONGEST_TITLE = 31
# ECMA-376 22.9.2.19: what XML cannot hold, or would change, is spelled _xHHHH_.
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")

# Style 1 is text (format 49) that stays text when somebody edits it; style 2 is that in bold.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
    ' quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
    ' applyFont="1" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
    "</Types>"
)
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)


def workbook_of(lines: Iterable[Sequence[str]], *, title: str = "1", headings: int = 1) -> bytes:
    """A workbook with one sheet of the lines, every cell a text.

    title: the sheet's name, made fit for one. headings: lines at the top that are bold and stay
    in sight. Refuses `layout.cannot-carry` for a text that no cell holds.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        _add(archive, "[Content_Types].xml", _TYPES)
        _add(archive, "_rels/.rels", _ROOT)
        _add(archive, "xl/workbook.xml", _book(title))
        _add(archive, "xl/_rels/workbook.xml.rels", _RELATIONS)
        _add(archive, "xl/styles.xml", _STYLES)
        with archive.open(_entry("xl/worksheets/sheet1.xml", _EARLIEST), "w") as part:
            part.write(_opening(headings).encode())
            for number, line in enumerate(lines, start=1):
                part.write(_row(number, line, style=2 if number <= headings else 1).encode())
            part.write(b"</sheetData></worksheet>")
    return packed.getvalue()


def repacked(data: bytes, *, at: datetime | None) -> bytes:
    """A workbook saved by openpyxl (a template) with the same bytes at every run.

    at: the instant that it tells as its creation; None leaves the telling part out of the times:
    they become 1980-01-01.
    """
    told = _EARLIEST if at is None else at.timetuple()[:6]
    spelled = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*told).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(packed, "w") as archive:
        for entry in given.infolist():
            part = given.read(entry)
            if entry.filename == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", spelled, part)
            archive.writestr(_entry(entry.filename, told), part)
    return packed.getvalue()


def _entry(name: str, at: Sequence[int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (at[0], at[1], at[2], at[3], at[4], at[5]))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_entry(name, _EARLIEST), text)


def _book(title: str) -> str:
    name = _TITLE.sub(" ", title).strip()[:_LONGEST_TITLE].strip() or "1"
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/>'
        f'</bookViews><sheets><sheet name="{html.escape(name)}" sheetId="1"'
        ' r:id="rId1"/></sheets></workbook>'
    )


def _opening(headings: int) -> str:
    pane = ""
    if headings:
        pane = f'<pane ySplit="{headings}" topLeftCell="A{headings + 1}" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}'
        '</sheetView></sheetViews><sheetFormatPr defaultColWidth="20" defaultRowHeight="15"/>'
        "<sheetData>"
    )


def _row(number: int, line: Sequence[str], *, style: int) -> str:
    cells = "".join(
        f'<c r="{letters_of(column)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_spelled(text)}</t></is></c>'
        for column, text in enumerate(line)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def _spelled(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        rule = f"a cell of a workbook holds at most {LONGEST_TEXT} characters"
        raise Refusal("layout.cannot-carry", step="translate", rule=rule)
    return html.escape(_UNSPEAKABLE.sub(lambda m: f"_x{ord(m[0]):04X}_", text), quote=False)

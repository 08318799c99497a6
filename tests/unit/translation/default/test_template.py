"""Templates: what a person gets to fill, and that it comes back."""

import io
import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gateway.catalogue import load_catalogue
from gateway.catalogue.labels import LANGUAGES
from gateway.translation import load_countries, read
from gateway.translation.default.compiled import Compiled
from gateway.translation.default.template import template

ROOT = Path(__file__).resolve().parents[4]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
NEAR = COUNTRIES.homes


def book_of(compiled: Compiled, language: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template(compiled, "xlsx", language, NEAR)))


def first_sheet(book: openpyxl.Workbook) -> Worksheet:
    return book.worksheets[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_speaks_its_language(contract: Compiled, language: str) -> None:
    book = book_of(contract, language)
    sheet, instructions, lists = book.worksheets
    assert sheet.title == contract.labels.text("record/EmploymentContract", language)[:31]
    assert instructions.title == contract.labels.text("text/instructions", language)
    assert (lists.sheet_state, sheet.freeze_panes) == ("hidden", "B4")
    headings = [str(cell.value).rstrip(" *") for cell in sheet[2][1:]]
    assert headings == [column.heading(contract.labels, language) for column in contract.columns]


def test_what_must_be_filled_is_marked(contract: Compiled) -> None:
    sheet = first_sheet(book_of(contract, "ru"))
    starred = [cell.value for cell in sheet[2] if str(cell.value).endswith("*")]
    assert starred == ["Дата начала работы *", "Состояние *"]


def test_every_column_is_text_so_that_zeros_stay(contract: Compiled) -> None:
    sheet = first_sheet(book_of(contract, "en"))
    shapes = [sheet.column_dimensions[cell.column_letter] for cell in sheet[2][1:]]
    assert {shape.number_format for shape in shapes} == {"@"}


def test_lists_open_where_codes_are_chosen(contract: Compiled) -> None:
    book = book_of(contract, "ru")
    rules = first_sheet(book).data_validations.dataValidation
    listed = [[str(c.value) for c in column if c.value] for column in book["lmx-lists"].columns]
    assert len(rules) > 15
    assert any("Казахстан (KAZ)" in column for column in listed)
    assert any("7112 – Bricklayers and related workers" in column for column in listed)
    assert any("Подписан" in column for column in listed)


def test_countries_with_layouts_stand_first(contract: Compiled) -> None:
    lists = book_of(contract, "en")["lmx-lists"]
    countries = next(c for c in lists.columns if c[0].value == "Kazakhstan (KAZ)")
    assert [cell.value for cell in countries[:4]] == [
        "Kazakhstan (KAZ)",
        "Kyrgyzstan (KGZ)",
        "Tajikistan (TJK)",
        "Uzbekistan (UZB)",
    ]


def test_same_template_has_the_same_bytes(contract: Compiled) -> None:
    assert template(contract, "xlsx", "tg", NEAR) == template(contract, "xlsx", "tg", NEAR)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_empty_template_is_an_answer_without_records(contract: Compiled, form: str) -> None:
    data = template(contract, "csv" if form == "csv" else "xlsx", "uz", NEAR)
    reading = read(data, None, COUNTRIES, CATALOGUE)
    assert (reading.layout, reading.error, reading.results) == (
        "default.employment-contract",
        None,
        (),
    )


def test_filled_workbook_is_read_as_it_was_filled(contract: Compiled) -> None:
    book = book_of(contract, "ru")
    sheet = first_sheet(book)
    places = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[2]}
    for heading, text in {
        "Номер договора": "0017",
        "Работник – ФИО 1 – Фамилия": "Турсунов",
        "Работодатель – Наименование 1": "ТОО",
        "Дата начала работы": "10.08.2026",
        "Место работы – Страна": "Казахстан (KAZ)",
        "Состояние": "Подписан",
    }.items():
        sheet.cell(4, places[heading], text)
    saved = io.BytesIO()
    book.save(saved)
    (result,) = read(saved.getvalue(), None, COUNTRIES, CATALOGUE).results
    assert (result.errors, result.rows) == ((), (4,))
    assert (result.record or {})["contractNumber"] == "0017"
    assert (result.record or {})["workplace"] == {"country": "KAZ"}


def test_json_template_says_what_to_write(types: Mapping[str, Compiled]) -> None:
    told = json.loads(template(types["job-order"], "json", "ru", NEAR))
    assert (told["lmx"], told["version"]) == ("JobOrder", 1)
    (record,) = told["records"]
    assert record["places"] == "целое число (обязательно)"
    assert record["languages"] == ["одно или несколько из списка, через запятую"]

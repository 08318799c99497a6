"""Every record type goes through its default layout and comes back, in each form and language."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gateway.catalogue import load_catalogue
from gateway.catalogue.labels import LANGUAGES, load_labels
from gateway.translation import Reading, load_countries, read, write
from gateway.translation.default.compiled import compile_all, kebab
from gateway.translation.media.workbook_writing import workbook_of

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(SCHEMAS)
COMPILED = compile_all(SCHEMAS, load_labels(SCHEMAS))
EXAMPLES = sorted(SCHEMAS.glob("records/*/1/examples/*.json"))
every_example = pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda file: f"{file.parents[2].name}/{file.stem}"
)
every_type = pytest.mark.parametrize("kind", sorted(COMPILED))
every_form = pytest.mark.parametrize("form", ["", ".xlsx", ".json", ".xlsx.tg", ".xlsx.uz"])


def told(example: Path) -> tuple[str, dict[str, Any]]:
    whole = json.loads(example.read_bytes())
    return whole["recordType"], whole["record"]


def read_back(data: bytes) -> Reading:
    return read(data, None, COUNTRIES, CATALOGUE)


def without(record: Any, lost: set[str], pointer: str = "") -> Any:
    """A record without what was told as lost."""
    if isinstance(record, dict):
        kept = {
            name: without(member, lost, f"{pointer}/{name}")
            for name, member in record.items()
            if f"/record{pointer}/{name}" not in lost
        }
        return {name: member for name, member in kept.items() if member != []}
    if isinstance(record, list):
        return [
            without(item, lost, f"{pointer}/{place}")
            for place, item in enumerate(record)
            if f"/record{pointer}/{place}" not in lost
        ]
    return record


@every_form
@every_example
def test_record_written_and_read_is_equal_but_for_what_is_told(example: Path, form: str) -> None:
    record_type, record = told(example)
    written = write([(record_type, record, "KZ")], f"default.{kebab(record_type)}{form}", COUNTRIES)
    reading = read_back(written.data)
    assert reading.layout == f"default.{kebab(record_type)}"
    assert [result.errors for result in reading.results] == [()]
    (result,) = reading.results
    lost = set(written.residue)
    assert without(result.record, lost) == without(record, lost)
    assert result.residue == ()


@pytest.mark.parametrize("language", LANGUAGES)
@every_type
def test_headings_of_every_language_are_read(kind: str, language: str) -> None:
    example = next(file for file in EXAMPLES if kebab(file.parents[2].name) == kind)
    record_type, record = told(example)
    name = f"default.{kind}" if language == "en" else f"default.{kind}.{language}"
    written = write([(record_type, record, "KZ")], name, COUNTRIES)
    (result,) = read_back(written.data).results
    lost = set(written.residue)
    assert without(result.record, lost) == without(record, lost)


@every_type
def test_headings_of_all_languages_name_one_column_each(kind: str) -> None:
    compiled = COMPILED[kind]
    assert {column for column, _ in compiled.by_heading.values()} == set(compiled.columns)


@every_type
def test_words_of_a_list_name_one_code_each(kind: str) -> None:
    compiled = COMPILED[kind]
    for column in compiled.columns:
        choices = compiled.cells.choices(column)
        if choices is None or choices.named or choices.list_name:
            continue
        for language in LANGUAGES:
            for code in choices.codes:
                assert choices.read(choices.shown(code, language)) == code


def table_of(record_type: str, cells: dict[str, str]) -> bytes:
    """A table of one row whose headings are column keys."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([[f"lmx:{record_type}:1"], ["", *cells], ["", *cells.values()]])
    return text.getvalue().encode()


CONTRACT = {
    "Работник – ФИО 1 – Фамилия": "Турсунов",
    "Работник – ФИО 1 – Имя": "Анвар",
    "Работодатель – Наименование 1": "ТОО «Құрылыс»",
    "Дата начала работы": "10.08.2026",
    "Состояние": "Подписан",
}


def contract(**changed: str) -> Reading:
    """A contract with Russian headings; a key of a changed cell has _ for each blank."""
    cells = CONTRACT | {heading.replace("_", " "): text for heading, text in changed.items()}
    return read_back(table_of("EmploymentContract", cells))


def record_of(**changed: str) -> dict[str, Any]:
    (result,) = contract(**changed).results
    assert result.errors == ()
    return result.record or {}


BIRTH = "Работник – Дата рождения"
NUMBER = "Работник – Идентификационный номер 1 – "
PAY = "Оплата труда 1 – "
FEE = "Сбор или расход 1 – "


@pytest.mark.parametrize(
    ("cells", "heading", "code", "says"),
    [
        ({BIRTH: "32.01.1990"}, BIRTH, "date.unreadable", "DD.MM.YYYY"),
        ({BIRTH: "03.08.90"}, BIRTH, "date.unreadable", "four digits"),
        ({"Дата начала работы": "скоро"}, "Дата начала работы", "date.unreadable", "a date"),
        ({"Дата начала работы": ""}, "Дата начала работы", "field.missing", "cannot be without"),
        ({"Состояние": "почти"}, "Состояние", "code.unknown", "drafted, signed"),
        ({PAY + "Сумма": "много"}, PAY + "Сумма", "number.unreadable", "180 000,00"),
        ({PAY + "Сумма": "5"}, PAY + "Валюта", "field.missing", "cannot be without"),
        ({PAY + "Валюта": "тугрики"}, PAY + "Валюта", "code.unknown", "of the list"),
        ({"Часов в неделю": "сорок"}, "Часов в неделю", "number.unreadable", "whole number"),
        ({"Языки договора": "rus, эльфийский"}, "Языки договора", "code.unknown", "of the list"),
        (
            {"Документы работника удерживаются": "может быть"},
            "Документы работника удерживаются",
            "code.unknown",
            "true, false",
        ),
        ({"Должность": "сва\x00рщик"}, "Должность", "field.unreadable", "control characters"),
        ({"Должность": "сварщик\nкаменщик"}, "Должность", "field.unreadable", "One line"),
        (
            {NUMBER + "Вид номера": "KZ-IIN", NUMBER + "Номер": "91031435001"},
            NUMBER + "Номер",
            "identifier.length",
            "12 digits",
        ),
        (
            {NUMBER + "Вид номера": "XX-ID", NUMBER + "Номер": "1"},
            NUMBER + "Вид номера",
            "code.unknown",
            "of the list",
        ),
        (
            {FEE + "Вид": "Обучение", FEE + "Сумма": "1", FEE + "Валюта": "KZT"},
            FEE + "Кто платит",
            "field.missing",
            "cannot be without",
        ),
        (
            {"Дата окончания работы": "01.01.2020"},
            "Дата начала работы",
            "record.rule",
            "begins no later",
        ),
    ],
)
def test_wrong_cell_is_told_with_row_heading_and_a_sentence(
    cells: dict[str, str], heading: str, code: str, says: str
) -> None:
    (result,) = read_back(table_of("EmploymentContract", CONTRACT | cells)).results
    (error,) = result.errors
    assert (result.status, result.rows, error.code) == ("refused", (3,), code)
    assert error.place == f"row 3: /{heading}"
    assert says in error.rule


def test_every_fault_of_a_row_is_told_at_once_and_other_rows_go() -> None:
    text = table_of("EmploymentContract", CONTRACT).decode()
    wrong = {**CONTRACT, "Дата начала работы": "x", "Состояние": "y"}
    text += ";" + ";".join(wrong.values()) + "\r\n"
    good, bad = read_back(text.encode()).results
    assert (good.status, bad.rows) == ("ok", (4,))
    assert [error.code for error in bad.errors] == ["date.unreadable", "code.unknown"]


def test_name_without_any_part_is_told_at_its_family_name() -> None:
    cells = {k: v for k, v in CONTRACT.items() if "ФИО" not in k}
    (result,) = read_back(
        table_of("EmploymentContract", {**cells, "Работник – ФИО 1 – Язык": "русский"})
    ).results
    assert [e.place for e in result.errors] == ["row 3: /Работник – ФИО 1 – Фамилия"]


def test_number_of_the_submitters_own_country_must_be_right() -> None:
    cells = CONTRACT | {NUMBER + "Вид номера": "KZ-IIN", NUMBER + "Номер": "910314350014"}
    data = table_of("EmploymentContract", cells)
    (home,) = read(data, None, COUNTRIES, CATALOGUE, home="KAZ").results
    (abroad,) = read(data, None, COUNTRIES, CATALOGUE, home="UZB").results
    assert [error.code for error in home.errors] == ["identifier.check-digit"]
    assert (abroad.record or {})["person"]["identifier"][0]["state"] == "failed"
    assert "ID-CHECK-FAILED" in {warning.code for warning in abroad.warnings}


def test_name_is_completed_and_nothing_else_is() -> None:
    (name,) = record_of()["person"]["name"]
    assert name == {
        "form": "native",
        "family": "Турсунов",
        "given": "Анвар",
        "full": "Турсунов Анвар",
    }


def test_cells_forgive_blanks_words_and_spellings() -> None:
    record = record_of(
        **{
            "Работник – Пол": " МУЖСКОЙ ",
            BIRTH: "1975",
            PAY + "Сумма": "180 000,50",
            PAY + "Валюта": "Казахстанский тенге (KZT)",
            "Языки договора": "русский, kaz; Узбекский",
            "Документы работника удерживаются": "yo'q",
            "Профессия – Код": "7112 – Bricklayers and related workers",
            "Место работы – Страна": "kz",
        }
    )
    assert (record["person"]["sex"], record["documentsRetained"]) == ("1", False)
    assert record["person"]["birthDate"] == {"value": "1975", "precision": "year"}
    assert record["pay"] == [{"amount": "180000.50", "currency": "KZT"}]
    assert record["contractLanguages"] == ["rus", "kaz", "uzb"]
    assert record["occupation"] == {"code": "7112", "list": "ISCO-08"}
    assert record["workplace"] == {"country": "KAZ"}


def test_doubts_are_told_as_for_every_layout() -> None:
    cells = {FEE + "Вид": "Обучение", FEE + "Кто платит": "Работник"}
    (result,) = contract(**cells, **{FEE + "Сумма": "100", FEE + "Валюта": "KZT"}).results
    codes = {warning.code for warning in result.warnings}
    assert {"FR-FEE", "MEMBER-MISSING"} <= codes


def test_cell_below_a_strange_heading_is_residue() -> None:
    (result,) = contract(**{"Мой столбец": "заметка"}).results
    assert result.residue == ("/Мой столбец",)


def test_marker_of_no_known_type_or_version_is_refused_by_name() -> None:
    codes = []
    for marker in ("lmx:Nothing:1", "lmx:JobOrder:9"):
        error = read_back(f"{marker};\r\n;x\r\n".encode()).error
        codes.append(None if error is None else error.code)
    assert codes == ["record.type-unknown", "record.version-unknown"]


@pytest.mark.parametrize("separator", [",", "\t"])
def test_table_saved_with_other_separators_is_read(separator: str) -> None:
    data = table_of("EmploymentContract", CONTRACT).decode().replace(";", separator)
    for octets in (data.encode(), data.encode("utf-16")):
        assert [result.errors for result in read_back(octets).results] == [()]


def test_json_with_a_strange_member_is_refused_with_its_path() -> None:
    record = record_of()
    record["person"]["name"][0]["familly"] = "x"
    whole = {"lmx": "EmploymentContract", "version": 1, "records": [record]}
    (result,) = read_back(json.dumps(whole).encode()).results
    assert [(e.code, e.place) for e in result.errors] == [
        ("field.unreadable", "row 1: /person/name/0/familly")
    ]


def test_what_is_beyond_the_columns_is_told_as_lost() -> None:
    record = record_of()
    fee = {"kind": "medical", "payer": "employer", "amount": "1", "currency": "KZT"}
    record["fee"] = [fee] * 6
    written = write(
        [("EmploymentContract", record, "KZ")], "default.employment-contract", COUNTRIES
    )
    assert written.residue == ("/record/fee/4", "/record/fee/5")


def test_cells_that_a_spreadsheet_would_run_come_back_as_they_were() -> None:
    record = record_of(Должность="=1+1")
    record |= {"contractNumber": "'+7", "registrationNumber": "-5"}
    written = write(
        [("EmploymentContract", record, "KZ")], "default.employment-contract", COUNTRIES
    )
    assert ";=1+1" not in written.data.decode()
    (result,) = read_back(written.data).results
    assert result.record == record


def test_formula_in_a_workbook_refuses_its_row_and_says_where() -> None:
    text = table_of("EmploymentContract", CONTRACT | {"Должность": "x"}).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(lines, headings=2)))
    place = lines[1].index("Должность") + 1
    book.active.cell(3, place).value = "=1+1"
    book.active.cell(3, place).data_type = "f"
    data = io.BytesIO()
    book.save(data)
    (result,) = read_back(data.getvalue()).results
    (error,) = result.errors
    assert (error.code, error.place) == ("cell.formula", "row 3: /Должность")


def test_workbook_keeps_an_apostrophe_that_a_text_begins_with() -> None:
    text = table_of("EmploymentContract", CONTRACT | {"Должность": "''=x"}).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    (result,) = read_back(workbook_of(lines, headings=2)).results
    assert result.record is not None
    assert result.record["position"] == "''=x"

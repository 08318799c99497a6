"""What spreadsheets do to Tajik tables ends in a warning, a refused row or a refused file.

Never a traceback, never a guess: each refusal tells its code, its row and column, and a sentence.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from gateway.catalogue import load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Reading, load_countries, read, write
from gateway.translation.media.workbook_writing import workbook_of

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
CARD = {
    "Рақам": "1",
    "Ному насаб": "Назарзода Фарзонаи Ҳаким",
    "Таваллуд": "08.10.1999",
    "Ҷинс": "зан",
    "Шиноснома": "400000023",
    "РМА": "520000023",
    "Давлати таъинот": "Қазоқистон",
    "Мақсад": "корӣ",
    "Санаи баромад": "21.08.2026",
    "Телефон": "+992 90 000 00 15",
}
CONTRACT = {
    "№ шартнома": "ҚЗ-44/26",
    "Корхона": "КХ «Мырзашол-Агро»",
    "РМА корхона": "091141000770",
    "Насаб": "Ҷумъаев",
    "Ном": "Ҳоҷимурод",
    "ИИН ҚЗ": "870125350026",
    "Рамзи касб": "6113",
    "Аз": "20.07.2026",
    "То": "30.11.2026",
}


def table(row: dict[str, str], separator: str = ";") -> str:
    quoted = [
        separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line)
        for line in (row, row.values())
    ]
    return "\r\n".join(quoted) + "\r\n"


def reading(data: bytes) -> Reading:
    return read(data, None, COUNTRIES, CATALOGUE, at=AT)


def refused(row: dict[str, str]) -> tuple[str, str]:
    (result,) = reading(table(row).encode()).results
    (error,) = result.errors
    assert error.rule
    return error.code, error.place


def warned(row: dict[str, str]) -> set[str]:
    found = reading(table(row).encode())
    assert found.status == "ok", found
    return {warning.code for warning in found.results[0].warnings}


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Шиноснома", "4E+08", "document.number-lost"),
        ("Шиноснома", "4,00E+08", "document.number-lost"),
        ("Таваллуд", "36441", "date.unreadable"),
        ("Таваллуд", "31.02.1999", "date.unreadable"),
        ("Санаи баромад", "46255", "date.unreadable"),
        ("Ному насаб", "Наза\x00рзода", "field.unreadable"),
        ("Ному насаб", "Наза\u202eрзода", "field.unreadable"),
        ("Ному насаб", "Наза\u2066рзода", "field.unreadable"),
        ("Ному насаб", " ", "field.missing"),
        ("Давлати таъинот", "Атлантида", "code.unknown"),
        ("РМА", "5200000231", "identifier.length"),
    ],
)
def test_cell_that_cannot_be_read_refuses_its_row_and_says_where(
    column: str, cell: str, code: str
) -> None:
    assert refused(CARD | {column: cell}) == (code, f"row 1: /{column}")


def test_iin_that_lost_its_zero_is_refused() -> None:
    row = CONTRACT | {"ИИН ҚЗ": "70125350026"}
    assert refused(row) == ("identifier.length", "row 1: /ИИН ҚЗ")


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Телефон", "9,92E+11", "PHONE-LOST"),
        ("РМА", "20000023", "TIN-PADDED"),
        ("Санаи баромад", "03/08/2026", "DATE-ORDER-ASSUMED"),
        ("Ҷинс", "2", "SEX-CODE-ASSUMED"),
    ],
)
def test_cell_that_can_be_read_with_a_doubt_warns(column: str, cell: str, code: str) -> None:
    assert code in warned(CARD | {column: cell})


@pytest.mark.parametrize(("cell", "value"), [("8.10.99", "1999-10-08"), ("8.10.25", "2025-10-08")])
def test_births_of_two_digit_years_lie_in_the_past(cell: str, value: str) -> None:
    (result,) = reading(table(CARD | {"Таваллуд": cell}).encode()).results
    assert result.record is not None
    assert result.record["person"]["birthDate"]["value"] == value


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "koi8_t", "ptcp154"])
def test_separators_and_encodings_are_told_by_content(separator: str, codec: str) -> None:
    found = reading(table(CARD, separator).encode(codec))
    assert (found.layout, found.status) == ("tj.departure-cards", "ok")


def test_workbook_gives_the_same_record_as_the_table() -> None:
    book = reading(workbook_of([list(CARD), list(CARD.values())]))
    csv = reading(table(CARD).encode())
    assert book.results[0].record == csv.results[0].record


def test_sheet_that_is_not_read_is_residue() -> None:
    book = openpyxl.Workbook()
    book.active.append(list(CARD))
    book.active.append(list(CARD.values()))
    book.create_sheet("Боз").append(["x"])
    data = BytesIO()
    book.save(data)
    assert "/sheet 2" in reading(data.getvalue()).results[0].residue


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (table(CARD).encode() + b";" * 1_000_000, "csv.malformed"),
        (table(CARD).encode() + b'"open', "csv.malformed"),
        (table(CARD).encode() + b"\xed\xa0\x80;", "text.encoding"),
        (table(CARD).encode()[:-40] + b"\x98;", "text.encoding"),
        (b";" * 1_000_000, "csv.malformed"),
        (b"\x00;" * 1_000, "layout.unknown"),
    ],
)
def test_file_that_cannot_be_read_is_refused_whole(data: bytes, code: str) -> None:
    found = reading(data)
    assert found.error is not None
    assert (found.error.code, found.results) == (code, ())


@pytest.mark.parametrize("number", ["Ғ-7/26", "=1+1", "+992-90", "'=x", "-5"])
def test_case_number_survives_whatever_it_begins_with(number: str) -> None:
    row = {
        "Ҳолат": number,
        "Санаи хабар": "11.09.2026",
        "Насаб ва ном": "Ҷумъаев Ҳоҷимурод",
        "Давлат": "Қазоқистон",
        "Навъ": "ҷароҳат дар кор",
        "Мақоми масъул": "",
    }
    (result,) = reading(workbook_of([list(row), list(row.values())])).results
    assert result.identity == number


@pytest.mark.parametrize(("word", "meaning"), [("ҳа", True), ("не", False), ("", None)])
def test_consent_is_what_the_file_says_and_nothing_else(word: str, meaning: bool | None) -> None:  # noqa: FBT001
    row = {
        "Ҳолат": "Ғ-7/26",
        "Санаи хабар": "11.09.2026",
        "Насаб ва ном": "Ҷумъаев Ҳоҷимурод",
        "Навъ": "ҷароҳат дар кор",
        "Мақоми масъул": "",
        "Розигӣ": word,
        "Рақами розигӣ": "Р-1",
    }
    (result,) = reading(table(row).encode()).results
    assert result.record is not None
    assert result.record.get("consentToShare") is meaning
    assert result.consent_ref == "Р-1"


RETURN = {
    "person": {"name": [{"form": "native", "full": "Шодмон"}]},
    "date": {"value": "2026-11-03", "precision": "day"},
    "fromCountry": "KAZ",
    "reason": "ownWish",
    "state": "arrived",
}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("date", {"value": "2026-11", "precision": "month"}),
        ("fromCountry", "ATA"),
        ("state", "announced"),
    ],
)
def test_return_that_the_sheet_has_no_word_for_is_refused(member: str, value: object) -> None:
    assert write([("ReturnRecord", RETURN, "TJ")], "tj.returns", COUNTRIES).data
    with pytest.raises(Refusal) as caught:
        write([("ReturnRecord", RETURN | {member: value}, "TJ")], "tj.returns", COUNTRIES)
    assert caught.value.code == "layout.cannot-carry"

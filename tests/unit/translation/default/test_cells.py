"""Cells of a default table: what people write, and what it means."""

from typing import Any

import pytest

from gateway.translation.default.columns import Column
from gateway.translation.default.compiled import Compiled
from gateway.translation.turn import Fault, Unreadable


def column(compiled: Compiled, key: str) -> Column:
    return next(one for one in compiled.columns if one.key == key)


def value(compiled: Compiled, key: str, text: str) -> Any:
    return compiled.cells.reader(column(compiled, key))(text, lambda _: None)


def code_of(compiled: Compiled, key: str, text: str) -> str:
    with pytest.raises(Unreadable) as wrong:
        value(compiled, key, text)
    (fault,) = wrong.value.messages
    assert isinstance(fault, Fault)
    return fault.code


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-08-10", "2026-08-10"),
        (" 10.08.2026 ", "2026-08-10"),
        ("10-08-2026", "2026-08-10"),
        ("2026-08-10T00:00:00", "2026-08-10"),
    ],
)
def test_dates_are_iso_or_day_first(contract: Compiled, text: str, date: str) -> None:
    assert value(contract, "from", text) == date


def test_order_of_a_date_with_slashes_is_a_doubt(contract: Compiled) -> None:
    noted: list[str] = []
    read = contract.cells.reader(column(contract, "from"))("03/04/2026", noted.append)
    assert (read, noted) == ("2026-04-03", ["DATE-ORDER-ASSUMED"])


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1975", {"value": "1975", "precision": "year"}),
        ("03.1975", {"value": "1975-03", "precision": "month"}),
        ("1975-03", {"value": "1975-03", "precision": "month"}),
        ("14.03.1975", {"value": "1975-03-14", "precision": "day"}),
        ("номаълум", {"precision": "none"}),
        ("Неизвестно", {"precision": "none"}),
        ("00.00.0000", {"precision": "none"}),
    ],
)
def test_birth_dates_may_be_partial(contract: Compiled, text: str, date: dict[str, str]) -> None:
    assert value(contract, "person/birthDate", text) == date


@pytest.mark.parametrize(
    ("text", "amount"),
    [("180 000,50", "180000.50"), ("0.230000", "0.230000"), ("1\u00a0000", "1000"), ("7", "7")],
)
def test_amounts_take_a_comma_and_groups_and_keep_zeros(
    contract: Compiled, text: str, amount: str
) -> None:
    assert value(contract, "pay/1/amount", text) == amount


@pytest.mark.parametrize("text", ["yes", "Да", "ИӘ", "ооба", "ҳа", "ha", "1", "true"])
def test_yes_is_read_in_six_languages(contract: Compiled, text: str) -> None:
    assert value(contract, "documentsRetained", text) is True


@pytest.mark.parametrize("text", ["no", "нет", "жоқ", "жок", "не", "yoʻq", "yo'q", "0"])
def test_no_is_read_in_six_languages(contract: Compiled, text: str) -> None:
    assert value(contract, "documentsRetained", text) is False


@pytest.mark.parametrize("text", ["KAZ", "kaz", "KZ", "398", "Қазақстан", "Kazakhstan (KAZ)"])
def test_country_is_told_by_code_or_by_word(contract: Compiled, text: str) -> None:
    assert value(contract, "workplace/country", text) == "KAZ"


def test_several_codes_stand_in_one_cell(contract: Compiled) -> None:
    told = value(contract, "person/citizenship", "UZB, Тоҷикистон; Россия (RUS)")
    assert told == ["UZB", "TJK", "RUS"]


def test_well_formed_code_outside_its_list_is_kept(contract: Compiled) -> None:
    assert value(contract, "pay/1/currency", "QQQ") == "QQQ"
    assert value(contract, "occupation/code", "7112-9") == "7112-9"


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("from", "31.02.2026", "date.unreadable"),
        ("from", "10.08.26", "date.unreadable"),
        ("pay/1/amount", "4E+08", "number.unreadable"),
        ("hoursPerWeek", "-1", "number.unreadable"),
        ("hoursPerWeek", "٤٠", "number.unreadable"),
        ("workplace/country", "Нарния", "code.unknown"),
        ("state", "почти", "code.unknown"),
        ("position", "a\x00b", "field.unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_by_code(
    contract: Compiled, key: str, text: str, code: str
) -> None:
    assert code_of(contract, key, text) == code


def test_words_or_codes_are_written(contract: Compiled) -> None:
    term, countries = column(contract, "term"), column(contract, "person/citizenship")
    write = contract.cells.write
    assert (write(term, "season", None), write(term, "season", "kk")) == ("season", "Маусымдық")
    assert write(countries, ["UZB", "TJK"], "en") == "Uzbekistan (UZB), Tajikistan (TJK)"

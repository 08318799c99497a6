"""A clerk's workbook, from the empty template to the other ministry's file, by commands alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gateway.catalogue import load_catalogue
from gateway.client import client
from gateway.translation import load_countries, read
from gateway.wiring import now
from tests.support.gateways import ROOT, Ground, codes, ground, until

LMX = [sys.executable, "-m", "gateway.cli.main"]
START = "Дата начала работы"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("workbook")) as found:
        for state in ("KZ", "UZ"):
            found.start(state)
        found.ready("kz.labour-ministry")
        found.ready("uz.migration-agency")
        yield found


def lmx(*arguments: object) -> tuple[int, str]:
    command = [*LMX, *map(str, arguments)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not ran.stderr, ran.stderr
    return ran.returncode, ran.stdout


def fill(file: Path, *rows: dict[str, str]) -> None:
    """Type rows below the headings, as a clerk would."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    places = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[2]}
    for number, row in enumerate(rows, start=4):
        for heading, text in row.items():
            sheet.cell(number, places[heading], text)
    book.save(file)


def contract(number: str, family: str, given: str, begins: str) -> dict[str, str]:
    return {
        "Номер договора": number,
        "Работник – ФИО 1 – Фамилия": family,
        "Работник – ФИО 1 – Имя": given,
        "Работник – Гражданство": "Узбекистан (UZB)",
        "Работодатель – Наименование 1": "ТОО «Образец»",
        START: begins,
        "Состояние": "Подписан",
    }


@pytest.fixture(scope="module")
def submitted(made: Ground, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answer to a workbook of three rows, the second of which is wrong."""
    book = tmp_path_factory.mktemp("clerk") / "contracts.xlsx"
    assert lmx("template", "EmploymentContract", "--lang", "ru", "--as", "xlsx", "-o", book)[0] == 0
    fill(
        book,
        contract("17/26", "Турсунов", "Дилшод", "10.08.2026"),
        contract("18/26", "Юлдашева", "Нигора", "в августе"),
        contract("19/26", "Каримов", "Бахтиёр", "2026-08-12"),
    )
    options = ["--to", "uz.migration-agency", "--purpose", "contract-registration", "--json"]
    code, told = lmx("submit", book, "--profile", profile(made, "kz.labour-ministry"), *options)
    assert code == 1
    answer: dict[str, Any] = json.loads(told)
    return answer


def profile(made: Ground, name: str) -> Path:
    return made.folder / f"profiles/{name}.toml"


def test_good_rows_leave_and_the_wrong_one_stays(submitted: dict[str, Any]) -> None:
    ways = [("exchangeId" in one, one["rows"]) for one in submitted["records"]]
    assert ways == [(True, [4]), (False, [5]), (True, [6])]


def test_the_report_names_row_and_column_in_a_sentence(
    made: Ground, submitted: dict[str, Any]
) -> None:
    code, told = lmx(
        "status", submitted["submission"], "--profile", profile(made, "kz.labour-ministry")
    )
    (line,) = [line for line in told.splitlines() if "refused" in line]
    assert code == 0
    assert line.strip() == (
        f"row 5  refused  date.unreadable at row 5: /{START}: "
        "a date stands here, as DD.MM.YYYY or YYYY-MM-DD"
    )
    assert "в августе" not in told


def test_the_report_is_the_answer_that_was_given(made: Ground, submitted: dict[str, Any]) -> None:
    _, told = lmx(
        "status",
        submitted["submission"],
        "--profile",
        profile(made, "kz.labour-ministry"),
        "--json",
    )
    assert json.loads(told) == submitted


def test_good_rows_are_taken_in_the_destination_s_own_layout(
    made: Ground, submitted: dict[str, Any], tmp_path: Path
) -> None:
    sent = [one["exchangeId"] for one in submitted["records"] if "exchangeId" in one]
    _, sender = made.actor("kz.labour-ministry")
    _, recipient = made.actor("uz.migration-agency")
    until(lambda: len(client.inbox(recipient)) == len(sent), "both contracts to arrive")
    _, told = lmx(
        "inbox", "--profile", profile(made, "uz.migration-agency"), "--take", tmp_path, "--json"
    )
    taken = json.loads(told)["items"]
    assert sorted(one["exchangeId"] for one in taken) == sorted(sent)
    families = set()
    for one in taken:
        data = Path(one["file"]).read_bytes()
        reading = read(
            data,
            None,
            load_countries(ROOT / "adapters"),
            load_catalogue(ROOT / "schemas"),
            at=now(),
        )
        assert reading.layout == one["layout"] == "uz.labour-contract"
        families.add(json.loads(data)["family_person_lc"])
    assert families == {"Турсунов", "Каримов"}
    for x in sent:
        until(lambda x=x: "E.1" in codes(sender, x), "the handover receipt")  # type: ignore[misc]

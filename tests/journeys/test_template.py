"""A filled workbook goes in without a layout's name; its wrong row is told, its good row leaves."""

import io
from collections.abc import Iterator

import openpyxl
import pytest

from gateway.catalogue.labels import load_labels
from gateway.client import client
from gateway.translation.default.compiled import compile_all
from gateway.translation.default.template import template
from tests.support.gateways import Ground, ground
from tests.support.schemas import SCHEMAS

GOOD = {
    "Шарт нөмірі": "0017/26",
    "Қызметкер – Аты-жөні 1 – Тегі": "Турсунов",
    "Қызметкер – Азаматтығы": "Өзбекстан (UZB)",
    "Жұмыс беруші – Атауы 1": "«Құрылыс» ЖШС",
    "Жұмыстың басталу күні": "10.08.2026",
    "Мәртебесі": "Қол қойылған",
}
WRONG = {**GOOD, "Жұмыстың басталу күні": "тамызда"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("template")) as found:
        found.start("KZ", "--only", "api")
        found.ready("kz.labour-ministry")
        yield found


def filled(*rows: dict[str, str]) -> bytes:
    contract = compile_all(SCHEMAS, load_labels(SCHEMAS))["employment-contract"]
    book = openpyxl.load_workbook(io.BytesIO(template(contract, "xlsx", "kk", ("KAZ", "UZB"))))
    sheet = book.worksheets[0]
    places = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[2]}
    for number, row in enumerate(rows, start=4):
        for heading, text in row.items():
            sheet.cell(number, places[heading], text)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_filled_template_is_submitted_and_its_report_names_row_and_column(made: Ground) -> None:
    _, link = made.actor("kz.labour-ministry")
    told = client.submit(
        link, filled(GOOD, WRONG), to="uz.migration-agency", purpose="contract-registration"
    )
    sent, refused = told["records"]
    assert (sent["recordType"], sent["rows"]) == ("EmploymentContract", [4])
    (fault,) = refused["refused"]
    assert (refused["rows"], fault["code"]) == ([5], "date.unreadable")
    assert fault["place"] == "row 5: /Жұмыстың басталу күні"

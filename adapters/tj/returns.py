"""`tj.returns`: a sheet of workers who came home, as XLSX or told cell by cell (R19, R30)."""

from typing import ClassVar

from adapters.tj.tables import CODES, DOCUMENTS, FOREIGN, PersonNumber, plain_letters, require_words
from gateway.translation.coded_fields import DocumentNumber
from gateway.translation.date_fields import PartialDayFirst
from gateway.translation.fields import Code
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.media.sheets import Sheet
from gateway.translation.person_fields import FullName, Identifier
from gateway.translation.reading import Record

COLUMNS = (
    "№",
    "Насаб, ном, номи падар",
    "Санаи таваллуд",
    "Шиноснома",
    "РМА",
    FOREIGN,
    "Санаи бозгашт",
    "Сабаб",
    "Аз давлати",
)


class Returns(Layout):
    """One return a row, with a control total below the rows."""

    name = "tj.returns"
    record_type = "ReturnRecord"
    medium = Sheet(
        *COLUMNS,
        known_by=("Насаб, ном, номи падар", "Санаи бозгашт", "Сабаб", "Аз давлати"),
        fold=plain_letters,
        optional=(FOREIGN,),
        total="Ҷамъ",
    )
    identity = ""
    constants: ClassVar = {"state": "arrived"}

    full_name = FullName("Насаб, ном, номи падар", script="Cyrl", lang="tgk", required=True)
    birth_date = PartialDayFirst("Санаи таваллуд", "person/birthDate", birth=True)
    document = DocumentNumber("Шиноснома", kinds=DOCUMENTS)
    tin = Identifier("РМА", "person", "TJ-TIN")
    foreign = PersonNumber()
    returned = PartialDayFirst("Санаи бозгашт", "date", required=True)
    reason = Code("Сабаб", "reason", CODES["return_reasons"], required=True)
    country = Code("Аз давлати", "fromCountry", CODES["countries"], required=True)

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record["state"] == "announced":
            raise cannot_carry("the sheet lists workers who have arrived", "/record/state")
        require_words(self, record, "returned", "reason", "country")

"""`tj.departure-cards`: the border's table of workers who leave (country-formats 4)."""

from typing import ClassVar

from adapters.tj.tables import (
    CODES,
    DOCUMENTS,
    FOREIGN,
    PersonNumber,
    Residence,
    plain_letters,
    require_words,
)
from gateway.translation.coded_fields import DocumentNumber, OccupationWords, Word
from gateway.translation.date_fields import DayFirst, PartialDayFirst
from gateway.translation.fields import Code, Phone, Text
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.media.tables import Table
from gateway.translation.person_fields import FullName, Identifier
from gateway.translation.reading import Record

COLUMNS = (
    "Рақам",
    "Ному насаб",
    "Таваллуд",
    "Ҷинс",
    "Шиноснома",
    "Санаи додан",
    "РМА",
    FOREIGN,
    "Маҳалли зист",
    "Давлати таъинот",
    "Мақсад",
    "Касб",
    "Санаи баромад",
    "Нуқтаи гузариш",
    "Телефон",
)


class DepartureCards(Layout):
    """One departure a row, with a control total below the rows."""

    name = "tj.departure-cards"
    record_type = "MovementEvent"
    medium = Table(
        *COLUMNS,
        known_by=("Ному насаб", "Таваллуд", "Давлати таъинот", "Санаи баромад"),
        fold=plain_letters,
        optional=(FOREIGN,),
        total="Ҷамъ",
    )
    identity = ""
    constants: ClassVar = {"kind": "departure", "fromCountry": "TJK", "state": "confirmed"}

    full_name = FullName("Ному насаб", script="Cyrl", lang="tgk", required=True)
    birth_date = PartialDayFirst("Таваллуд", "person/birthDate", birth=True)
    sex = Code("Ҷинс", "person/sex", CODES["sex"], assumed="[12]")
    document = DocumentNumber("Шиноснома", kinds=DOCUMENTS)
    issued = DayFirst("Санаи додан", "person/document[0]/issued")
    tin = Identifier("РМА", "person", "TJ-TIN")
    foreign = PersonNumber()
    residence = Residence("Маҳалли зист", "person/address[0]")
    country = Code("Давлати таъинот", "toCountry", CODES["countries"], required=True)
    purpose = Word("Мақсад", "purpose", CODES["purpose"], required=True)
    words = OccupationWords("Касб", lang="tgk")
    departed = PartialDayFirst("Санаи баромад", "date", required=True)
    border_point = Text("Нуқтаи гузариш", "borderPoint")
    phone = Phone("Телефон", "person/contact[kind=phone]/value")

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record["kind"] != "departure":
            raise cannot_carry("a departure card is for departures", "/record/kind")
        if record["toCountry"] == self.constants["fromCountry"]:
            # Where another state's departure came from is a loss; home is no place to leave for.
            rule = "a card is for departures to other countries"
            raise cannot_carry(rule, "/record/toCountry")
        require_words(self, record, "country", "purpose", "departed")

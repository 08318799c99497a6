"""`tj.contracts`: a table of contracts of workers abroad (country-formats 4)."""

from typing import Any, ClassVar

from adapters.tj.tables import CODES, DOCUMENTS, FOREIGN, PersonNumber, plain_letters
from gateway.translation.coded_fields import DocumentNumber, Occupation, OccupationWords
from gateway.translation.date_fields import DayFirst, PartialDayFirst
from gateway.translation.fields import Amount, Code, Text
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.media.tables import Table
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName
from gateway.translation.reading import Record
from gateway.translation.turn import turn

COLUMNS = (
    "№ шартнома",
    "Сана",
    "Корхона",
    "РМА корхона",
    "Агентӣ",
    "Иҷозатнома",
    "Насаб",
    "Ном",
    "Номи падар",
    "Санаи таваллуд",
    "Шиноснома",
    "ИИН ҚЗ",
    FOREIGN,
    "Касб",
    "Рамзи касб",
    "Маош",
    "Асъор",
    "Аз",
    "То",
    "Ҳаққи хизмат (сомонӣ)",
    "Кӣ пардохт",
    "Имзо",
)
# R34: «Ҳаққи хизмат» is a recruitment fee; its column says somoni.
FEE = "fee[kind=recruitmentFee][currency=TJS]"


class _Name(NamePart):
    """A part of a Tajik name."""

    def __init__(self, native: str, part: str, **options: Any) -> None:
        super().__init__(
            native, part, form="native", script="Cyrl", lang="tgk", substitute=True, **options
        )


class Contracts(Layout):
    """One contract a row."""

    name = "tj.contracts"
    record_type = "EmploymentContract"
    medium = Table(
        *COLUMNS,
        known_by=("№ шартнома", "Корхона", "РМА корхона", "Рамзи касб", "Аз", "То"),
        fold=plain_letters,
        optional=(FOREIGN,),
    )
    identity = "contractNumber"
    states = frozenset({"signed", "registered"})
    constants: ClassVar = {"state": "registered"}

    number = Text("№ шартнома", "contractNumber")
    signed = DayFirst("Сана", "signed")
    employer = OrganisationName("Корхона", "employer")
    employer_number = ForeignNumber("РМА корхона", "employer", kind="organisation", home_too=True)
    agency = OrganisationName("Агентӣ", "agency")
    licence = Text("Иҷозатнома", "licenceRef/number")
    family = _Name("Насаб", "family")
    given = _Name("Ном", "given")
    patronymic = _Name("Номи падар", "patronymic")
    birth_date = PartialDayFirst("Санаи таваллуд", "person/birthDate", birth=True)
    document = DocumentNumber("Шиноснома", kinds=DOCUMENTS)
    iin = Identifier("ИИН ҚЗ", "person", "KZ-IIN")
    foreign = PersonNumber(elsewhere=("KZ-IIN",))
    words = OccupationWords("Касб", lang="tgk")
    code = Occupation("Рамзи касб", native_list="TJ-ISCO")
    pay = Amount("Маош", "pay[0]/amount", mark=",")
    currency = Code("Асъор", "pay[0]/currency", CODES["currency"])
    starts = DayFirst("Аз", "from", required=True)
    ends = DayFirst("То", "to")
    fee = Amount("Ҳаққи хизмат (сомонӣ)", f"{FEE}/amount", zero_is_none=True, mark=",")
    payer = Code("Кӣ пардохт", f"{FEE}/payer", CODES["payer"])

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        for pay in record.get("pay", ())[:1]:
            if CODES["currency"].native(pay["currency"]) is None:
                # An amount without its currency would be read as no pay at all.
                raise cannot_carry("the layout has no word for the currency", "/record/pay")

    def complete(self, record: dict[str, Any]) -> None:
        super().complete(record)
        for fee in record.get("fee", []):
            if "payer" not in fee:
                fee["payer"] = "worker"
                turn().warn("FEE-PAYER-ASSUMED", "/fee/0/payer")

"""`kg.agency-permits`: licences of agencies, a REST answer of X-Road (country-formats 3).

The commission licenses an agency by country, usually for a year; the shape is a proposal until
the ministry shows its own.
"""

from typing import Any

from marshmallow import missing

from adapters.kg.places import Soate
from adapters.kg.som import SomAmount, imply_som
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import DayFirst
from gateway.translation.fields import Code, Country, Text
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout
from gateway.translation.list_fields import Each
from gateway.translation.media.json_answers import JsonAnswer
from gateway.translation.paths import MISSING, leaves, pick
from gateway.translation.person_fields import Identifier, OrganisationName
from gateway.translation.reading import Record
from gateway.translation.row import Many, Row

CODES = load_tables(__file__)
ANY_NAME = "holder/name[0]/text"


class RussianName(OrganisationName):
    """The Russian name; of a holder with no Kyrgyz name either, the name in any language."""

    def find(self, record: Record) -> tuple[Any, str]:
        found = super().find(record)
        kyrgyz, _ = pick(record, f"{self.holder}/name[lang=kir]")
        return found if found[1] or kyrgyz is not MISSING else pick(record, ANY_NAME)


class Violation(Row):
    """One breach."""

    date = DayFirst("date", "date", required=True)
    article = Text("article", "article", empty="")
    note = Text("note", "measure", empty="")


class Violations(Many):
    """The breaches; an element that says nothing is none."""

    def read(self, value: Any) -> Any:
        elements = value if isinstance(value, list) else [value]
        told = [element for element in elements if any(True for _ in leaves(element))]
        return super().read(told) if told else missing


class AgencyPermits(Layout):
    """One agency with its licence; an answer to a query about one."""

    name = "kg.agency-permits"
    record_type = "AgencyLicence"
    medium = JsonAnswer("data", "inn", "permit", around={"status": True, "message": ""})
    identity = "licenceNumber"
    states = frozenset(CODES["licence_status"].to_native)

    inn = Identifier("inn", "holder", "KG-PIN", empty=None)
    foreign_number = ForeignNumber("foreignRegNumber", "holder", kind="organisation")
    name_ky = OrganisationName("fullNameKy", "holder", lang="kir", substitute=False)
    name_ru = RussianName("fullNameRu", "holder", lang="rus", substitute=False)
    head = Identifier("headPin", "head", "KG-PIN")
    foreign_head = ForeignNumber("headForeignId", "head", kind="person")
    number = Text("permit/number", "licenceNumber", required=True)
    issued = DayFirst("permit/issueDate", "issued", required=True)
    valid_to = DayFirst("permit/validTo", "validTo", required=True)
    status = Code("permit/status", "state", CODES["licence_status"], required=True)
    decision = Text("permit/decision", "decision")
    countries = Each(Country("permit/countries", "countries", kind="alpha-2"), required=True)
    deposit = SomAmount("permit/depositSom", "deposit")
    address = Soate("addressSoate", "holder/address")
    violations = Violations("violations", "violation", Violation(), empty=[])

    def complete(self, record: Record) -> None:
        super().complete(record)
        imply_som(record, "deposit")

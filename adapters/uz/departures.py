"""`uz.departures`: workers who leave through the agency (country-formats 5, R20)."""

from typing import Any, ClassVar

from marshmallow import missing

from adapters.uz.labour_contract import CODES, DOCUMENTS, Region, RegisterNumber
from adapters.uz.persons import SexNumber, tell_scripts
from gateway.proof.strict_json import NumberText
from gateway.translation.coded_fields import DocumentNumber
from gateway.translation.date_fields import PartialDayFirst, PartialIso
from gateway.translation.fields import Country, Text, TwoWay, Unmapped, text_of
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.media.json_rows import JsonList
from gateway.translation.person_fields import Identifier, NamePart
from gateway.translation.reading import Record
from gateway.translation.turn import Unreadable

FLAGS = {"0": False, "1": True}


class Flag(TwoWay):
    """A truth value as the JSON number 0 or 1."""

    def read(self, value: Any) -> Any:
        told = FLAGS.get(text_of(value).strip())
        if told is None:
            raise Unreadable("field.unreadable", "0 or 1 stands here")
        return told

    def write(self, value: Any) -> Any:
        return NumberText(str(int(value)))


class DepartureDate(PartialDayFirst):
    """A date in three spellings (R20); one that is not known is written as null."""

    def write(self, value: Any) -> Any:
        return super().write(value) if value["precision"] == "day" else missing


class Departures(Layout):
    """Departures, one a row; the register has no form for a return (R36)."""

    name = "uz.departures"
    record_type = "MovementEvent"
    medium = JsonList("data", "pinpp", "destination_country", "depart_date", around={})
    identity = ""
    constants: ClassVar = {
        "kind": "departure",
        "fromCountry": "UZB",
        "purpose/code": "work",
        "state": "announced",
    }

    pinfl = Identifier("pinpp", "person", "UZ-PINFL", empty=None)
    foreign_pin = ForeignNumber("foreign_pin", "person", kind="person")
    document = DocumentNumber("document", kinds=DOCUMENTS)
    family = NamePart(
        "surname_lat", "family", form="native", script="Latn", lang="uzb", substitute=True
    )
    given = NamePart("name_lat", "given", form="native", script="Latn", lang="uzb", substitute=True)
    patronymic = NamePart(
        "patronym_lat",
        "patronymic",
        form="native",
        script="Latn",
        lang="uzb",
        substitute=True,
        empty="",
    )
    family_icao = NamePart("surname_eng", "family", form="icao", script="Latn")
    given_icao = NamePart("name_eng", "given", form="icao", script="Latn")
    birth_date = PartialIso("birth_date", "person/birthDate", midnight=False)
    sex = SexNumber("sex", "person/sex", CODES["sex"])
    residence = Region("soato_code", "person/address[0]")
    country = Country("destination_country", "toCountry", kind="numeric", required=True)
    contract = RegisterNumber("contract_id_lc", "contractRef/number", empty=None)
    organised = Flag("organised", "organised")
    departed = DepartureDate("depart_date", "date", empty=None)
    border_point = Text("border_point", "borderPoint", empty=None)
    stage = Unmapped("status", "state")

    def complete(self, record: Record) -> None:
        super().complete(record)
        tell_scripts(record)
        record.setdefault("date", {"precision": "none"})

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record["kind"] != "departure":
            raise cannot_carry("the register holds departures only", "/record/kind")
        if record["toCountry"] == self.constants["fromCountry"]:
            # Where another state's departure came from is a loss; home is no place to leave for.
            rule = "the register holds departures to other countries"
            raise cannot_carry(rule, "/record/toCountry")

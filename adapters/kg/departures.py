"""`kg.departures`: the departure register's REST answer (country-formats 3, R16, R31)."""

from collections.abc import Sequence
from typing import Any, ClassVar

from marshmallow import missing

from adapters.kg.documents import KINDS
from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText
from gateway.translation.coded_fields import DocumentNumber, Word
from gateway.translation.codes import CodeTable, load_tables
from gateway.translation.date_fields import PartialDayFirst
from gateway.translation.fields import Code, Country, Text, TwoWay, text_of
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, Tree, cannot_carry
from gateway.translation.media.json_rows import JsonList
from gateway.translation.paths import pick
from gateway.translation.person_fields import Identifier, NamePart
from gateway.translation.reading import Record
from gateway.translation.turn import turn

CODES = load_tables(__file__)
HOME = "KGZ"
# Where a row's return stands until it becomes an event of its own.
BACK = "return"


class SexNumber(Code):
    """Sex as a JSON number; 1 is female and 2 male, as in the first digit of a PIN."""

    def write(self, value: Any) -> Any:
        native = super().write(value)
        return native if native is missing else NumberText(native)


class CountryLabel(TwoWay):
    """The words for a country whose code stands beside them; the code rules."""

    def __init__(self, native: str, common: str, table: CodeTable) -> None:
        """table: words → alpha-3."""
        super().__init__(native, f"label {common}")
        self.country = common
        self.table = table

    def read(self, value: Any) -> Any:
        if self.table.common(text_of(value)) is None:
            turn().leave(self.native)
        return missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        native = self.table.native(pick(obj, self.country)[0])
        return missing if native is None else native


class Departures(Layout):
    """Departures, each row perhaps with its return."""

    name = "kg.departures"
    record_type = "MovementEvent"
    medium = JsonList(
        "data", "pin", "departDate", "destinationCode", "returnDate", around={"status": True}
    )
    identity = ""
    constants: ClassVar = {"kind": "departure", "fromCountry": HOME, "state": "announced"}

    pin = Identifier("pin", "person", "KG-PIN", empty=None)
    foreign_id = ForeignNumber("foreignId", "person", kind="person")
    family = NamePart(
        "lastName", "family", form="native", script="Cyrl", lang="kir", substitute=True
    )
    given = NamePart(
        "firstName", "given", form="native", script="Cyrl", lang="kir", substitute=True
    )
    patronymic = NamePart(
        "middleName",
        "patronymic",
        form="native",
        script="Cyrl",
        lang="kir",
        substitute=True,
        empty=None,
    )
    birth_date = PartialDayFirst("birthDate", "person/birthDate", birth=True)
    sex = SexNumber("sex", "person/sex", CODES["sex_rest"])
    document = DocumentNumber("document", kinds=KINDS)
    country_label = CountryLabel("destinationCountry", "toCountry", CODES["countries"])
    country = Country("destinationCode", "toCountry", kind="numeric", required=True)
    departed = PartialDayFirst("departDate", "date")
    purpose = Word("purpose", "purpose", CODES["purpose"], required=True)
    contract = Text("contractNumber", "contractRef/number", empty="")
    returned = PartialDayFirst("returnDate", BACK, empty=None)

    def records(self, record: Record, tree: Tree) -> list[Record]:
        back = record.pop(BACK, None)
        record.setdefault("date", {"precision": "none"})
        if back is None:
            return [record]
        returned = record | {
            "kind": "return",
            "date": back,
            "fromCountry": record["toCountry"],
            "toCountry": record["fromCountry"],
        }
        return [record, returned]

    def unfit(self, records: Sequence[tuple[str, Record, str]]) -> dict[int, Refusal]:
        found = super().unfit(records)
        before: Record = {}
        for place, (record_type, record, _) in enumerate(records):
            if record_type == self.record_type and record["kind"] == "return":
                if not _returns(record, before):
                    rule = "a return stands in the row of its departure only"
                    found[place] = cannot_carry(rule, "/record/kind")
            elif record_type == self.record_type and record["kind"] != "departure":
                rule = "a departure register holds departures"
                found[place] = cannot_carry(rule, "/record/kind")
            elif record_type == self.record_type and record["toCountry"] == HOME:
                # Where another state's departure began is a loss; home is no place to leave for.
                rule = "the register holds departures to other countries"
                found[place] = cannot_carry(rule, "/record/toCountry")
            before = record
        return found

    def rows(self, records: Sequence[Record]) -> list[tuple[Record, tuple[int, ...]]]:
        found: list[tuple[Record, tuple[int, ...]]] = []
        for place, record in enumerate(records):
            if record["kind"] == "return":
                departure, origins = found[-1]
                found[-1] = (departure | {BACK: record["date"]}, (*origins, place))
            else:
                found.append((dict(record), (place,)))
        return found


def _returns(record: Record, before: Record) -> bool:
    """Whether an event is the return from the departure just before it."""
    return before.get("kind") == "departure" and all(
        record.get(name) == before.get(other)
        for name, other in (
            ("person", "person"),
            ("fromCountry", "toCountry"),
            ("toCountry", "fromCountry"),
        )
    )

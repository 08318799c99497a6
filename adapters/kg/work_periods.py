"""`kg.work-periods`: the Social Fund's answer about work periods (country-formats 3, R15).

Operation and element names are real; the body's namespace is a stand-in.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from adapters.kg.som import SomAmount, imply_som
from adapters.kg.xroad import XRoadAnswer
from gateway.model.refusal import Refusal
from gateway.translation.date_fields import IsoDateTime
from gateway.translation.dates import read_iso_time
from gateway.translation.durations import Period, duration, period
from gateway.translation.fields import Fixed
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, Opened, Tree, cannot_carry
from gateway.translation.media.foreign import Foreign
from gateway.translation.paths import native_pick
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName
from gateway.translation.reading import Record

ROW = "WorkPeriods/WorkPeriodWithSum"


class Counted(dict[str, Any]):
    """A row that knows how long all periods of its answer last together."""

    __slots__ = ("totals",)
    totals: dict[str, int]


class PeriodsAnswer(XRoadAnswer):
    """The answer about one person; every row is told the totals (R15)."""

    def open(self, foreign: Foreign) -> Opened:
        """Rows with totals; there are none while the dates of some row cannot be read."""
        opened = super().open(foreign)
        rows = list(opened.rows)
        totals = _totals([row for _, row in rows])
        return replace(opened, rows=[(number, _counted(row, totals)) for number, row in rows])


def _counted(row: Tree | Refusal, totals: dict[str, int]) -> Tree | Refusal:
    if isinstance(row, Refusal):
        return row
    counted = Counted(row)
    counted.totals = totals
    return counted


def _totals(rows: Sequence[Tree | Refusal]) -> dict[str, int]:
    try:
        return duration([_native_period(row) for row in rows])
    except ValueError:
        return {}


def _native_period(row: Tree | Refusal) -> Period:
    """The period of a native row; ValueError when it cannot be told."""
    dates = [native_pick(row, f"{ROW}/{name}") for name in ("DateBegin", "DateEnd")]
    first, last = (read_iso_time(one.strip()) if isinstance(one, str) else "" for one in dates)
    return period(first, last)


def _period(record: Record) -> Period | None:
    try:
        return period(record["from"], record["to"])
    except ValueError:
        return None


class _Name(NamePart):
    """A part of a name."""

    def __init__(self, native: str, part: str, **options: Any) -> None:
        super().__init__(
            native, part, form="native", script="Cyrl", lang="kir", substitute=True, **options
        )


class WorkPeriods(Layout):
    """The periods of one person, a row each; overlapping rows are both kept (R15)."""

    name = "kg.work-periods"
    record_type = "InsurancePeriod"
    medium = PeriodsAnswer(
        "urn:example:kg:socfund",
        "GetWorkPeriodInfoWithSum",
        {
            "xRoadInstance": "central-server",
            "memberClass": "GOV",
            "memberCode": "70000003",
            "subsystemCode": "settlements-service",
            "serviceCode": "GetWorkPeriodInfoWithSum",
            "serviceVersion": "v1",
        },
        rows=ROW,
        success="State",
    )
    identity = ""
    about = "person"
    states = frozenset({"provided", "confirmed"})
    constants: ClassVar = {"type": "employment", "state": "provided"}

    succeeded = Fixed("State", "true")
    pin = Identifier("PIN", "person", "KG-PIN")
    foreign_id = ForeignNumber("foreignId", "person", kind="person")
    family = _Name("LastName", "family")
    given = _Name("FirstName", "given")
    patronymic = _Name("Patronymic", "patronymic", empty="")
    payer = OrganisationName(f"{ROW}/Payer", "payer")
    payer_inn = Identifier(f"{ROW}/INN", "payer", "KG-PIN")
    payer_number = ForeignNumber(f"{ROW}/foreignRegNumber", "payer", kind="organisation")
    begins = IsoDateTime(f"{ROW}/DateBegin", "from", required=True)
    ends = IsoDateTime(f"{ROW}/DateEnd", "to", required=True)
    # The sum that was earned in the whole period; contributions never stand here (R15).
    salary = SomAmount(f"{ROW}/Salary", "base")

    def complete(self, record: Record) -> None:
        super().complete(record)
        imply_som(record, "base")
        lasts = _period(record)
        if lasts is not None:
            record["duration"] = duration([lasts])

    def records(self, record: Record, tree: Tree) -> list[Record]:
        totals = tree.totals if isinstance(tree, Counted) else {}
        return [record | {"totals": dict(totals)} if totals else record]

    def unfit(self, records: Sequence[tuple[str, Record, str]]) -> dict[int, Refusal]:
        found = super().unfit(records)
        people = [record.get("person") for _, record, _ in records]
        for place, person in enumerate(people):
            if person != people[0]:
                rule = "an answer is about one person"
                found.setdefault(place, cannot_carry(rule, "/record/person"))
        return found

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record["type"] != "employment":
            raise cannot_carry("the answer holds periods of employment only", "/record/type")

    def rows(self, records: Sequence[Record]) -> list[tuple[Record, tuple[int, ...]]]:
        lasts = [_period(record) for record in records]
        totals = duration(one for one in lasts if one is not None)
        return [
            (_without_counts(record, duration([one] if one else []), totals), (place,))
            for place, (record, one) in enumerate(zip(records, lasts, strict=True))
        ]


def _without_counts(record: Record, lasts: dict[str, int], totals: dict[str, int]) -> Record:
    """A record without the durations that its reader counts again from the dates."""
    counted = {"duration": lasts, "totals": totals}
    return {name: node for name, node in record.items() if counted.get(name) != node}

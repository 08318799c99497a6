"""`sdmx.remittances-csv` and `-json`: remittance statistics as SDMX 3.0 data of `LMX:REMITTANCES`.

Every observation is one record. The structure definition stands in `schemas/sdmx/REMITTANCES`.
"""

from collections.abc import Sequence
from typing import ClassVar

from adapters.sdmx.data_csv import SdmxCsv
from adapters.sdmx.data_json import SdmxJson
from adapters.sdmx.statistic_fields import (
    Frequency,
    Item,
    OpenCode,
    Period,
    Revision,
    Status,
    Sum,
    UnitMultiplier,
)
from gateway.model.refusal import Refusal
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import IsoDate
from gateway.translation.fields import Code, Country, Text
from gateway.translation.layout import Layout, Medium, cannot_carry
from gateway.translation.reading import Record

CODES = load_tables(__file__)
_KEY = ("reporter", "counterpart", "direction", "item", "instrument", "channel", "period")
_FORMULA = ("=", "+", "-", "@")


class RemittancesJson(Layout):
    """SDMX-JSON 2.0, one observation a record."""

    name = "sdmx.remittances-json"
    record_type = "RemittanceStatistic"
    medium: ClassVar[Medium] = SdmxJson()
    identity = ""

    frequency = Frequency()
    reporter = Country("REF_AREA", "reporter", kind="alpha-2", required=True)
    counterpart = Country("COUNTERPART_AREA", "counterpart", kind="alpha-2", required=True)
    direction = Code("ACCOUNTING_ENTRY", "direction", CODES["direction"], required=True)
    item = Item("INT_ACC_ITEM", "item", CODES["item"])
    instrument = OpenCode("INSTRUMENT", "instrument")
    channel = OpenCode("CHANNEL", "channel")
    period = Period("TIME_PERIOD", "period", required=True)
    amount = Sum("OBS_VALUE", "amount", required=True)
    currency = Text("UNIT_MEASURE", "currency", required=True)
    multiplier = UnitMultiplier()
    status = Status("OBS_STATUS", "status", required=True)
    revision = Revision()
    # A status that is not known here might forbid publication, so it is never left out.
    confidentiality = Code("CONF_STATUS", "confidentiality", CODES["confidentiality"])
    method = Text("METHOD", "method", required=True)
    vintage = IsoDate("VINTAGE", "vintage")
    embargo = IsoDate("EMBARGO_DATE", "embargoUntil")
    source = Text("SOURCE", "source", required=True)

    def unfit(self, records: Sequence[tuple[str, Record, str]]) -> dict[int, Refusal]:
        found = super().unfit(records)
        seen = set()
        for place, (_, record, _) in enumerate(records):
            if place in found:
                continue
            key = tuple(record.get(member) for member in _KEY)
            if key in seen:
                # Another currency, method or vintage of a figure is a file of its own.
                found[place] = cannot_carry("a file holds one observation a key", "/record")
            seen.add(key)
        return found


class RemittancesCsv(RemittancesJson):
    """SDMX-CSV 2.0, one observation a row."""

    name = "sdmx.remittances-csv"
    medium: ClassVar[Medium] = SdmxCsv()

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record["source"].startswith(_FORMULA):
            rule = "a spreadsheet would run the text as a formula"
            raise cannot_carry(rule, "/record/source")

"""The structure of remittance data, and how its data messages are told from others."""

import re
from functools import cache
from pathlib import Path

from gateway.catalogue.sdmx_structure import DataStructure, remittances
from gateway.model.refusal import Refusal

_SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
# Additions raise the second number and break nothing that is read here (SDMX 3.0, section 4).
_OURS = re.compile(r"LMX:(?:DSD_)?REMITTANCES\(1(?:\.\d+\+?){0,2}\)")
DIMENSIONS = (
    "FREQ",
    "REF_AREA",
    "COUNTERPART_AREA",
    "ACCOUNTING_ENTRY",
    "INT_ACC_ITEM",
    "INSTRUMENT",
    "CHANNEL",
    "TIME_PERIOD",
)
MEASURE = "OBS_VALUE"
ATTRIBUTES = (
    "UNIT_MEASURE",
    "UNIT_MULT",
    "OBS_STATUS",
    "REVISION",
    "CONF_STATUS",
    "METHOD",
    "VINTAGE",
    "EMBARGO_DATE",
    "SOURCE",
)


@cache
def structure() -> DataStructure:
    """The definition with its code lists, read when it is first written."""
    return remittances(_SCHEMAS)


def is_ours(reference: str) -> bool:
    """Whether `AGENCY:ID(VERSION)` names the structure or its dataflow, in version 1."""
    return _OURS.fullmatch(reference.strip()) is not None


def of_another_structure(number: int) -> Refusal:
    """The refusal of an observation that follows another structure definition."""
    rule = "the observation is of the structure LMX:REMITTANCES(1.0.0)"
    return Refusal("layout.unknown", step="translate", rule=rule, place=f"row {number}")


def a_deletion(number: int) -> Refusal:
    """The refusal of an observation that is to be deleted."""
    rule = "a deletion is no record: invalidate the exchange that brought the figure"
    return Refusal("source.not-a-record", step="translate", rule=rule, place=f"row {number}")


def too_many(most: int) -> Refusal:
    """The refusal of a file with more observations than a submission may hold."""
    rule = f"a file holds at most {most} observations"
    return Refusal("submission.too-large", step="translate", rule=rule)

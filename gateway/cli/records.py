"""Records standing alone in files: `{"recordType", "record"}` in JSON, or one XML element."""

from pathlib import Path
from typing import Any

from gateway.catalogue import Catalogue, load_catalogue
from gateway.model.refusal import Refusal
from gateway.proof.forms import read_record_xml
from gateway.proof.strict_json import parse

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def catalogue() -> Catalogue:
    """Load the schemas that came with this program."""
    return load_catalogue(SCHEMAS)


def read_record(known: Catalogue, data: bytes) -> tuple[str, dict[str, Any]]:
    """Read either form, freely laid out, values untouched, and check it.

    Refuses as the forms' readers and `Catalogue.check`.
    """
    if data.lstrip()[:1] == b"<":
        record_type, record = read_record_xml(known.mapping, data)
    else:
        found = parse(data)
        if not isinstance(found, dict) or not {"recordType", "record"} <= found.keys():
            raise Refusal(
                "record.schema",
                step="validate",
                rule='a record stands alone as {"recordType": …, "record": {…}}',
                place="/",
            )
        record_type, record = str(found["recordType"]), found["record"]
        if not isinstance(record, dict):
            raise Refusal(
                "record.schema", step="validate", rule="a record is an object", place="/record"
            )
    known.check(record_type, record)
    return record_type, record

"""A record standing alone: `{"recordType", "record"}` in JSON, or one XML element (DESIGN 3)."""

from typing import Any

from gateway.catalogue.catalogue import Catalogue
from gateway.model.refusal import Refusal
from gateway.proof.forms import read_record_xml
from gateway.proof.strict_json import parse


def read_record(catalogue: Catalogue, data: bytes) -> tuple[str, dict[str, Any]]:
    """Read either form, freely laid out, values untouched, and check it.

    Refuses as the forms' readers and `Catalogue.check`.
    """
    if data.lstrip()[:1] == b"<":
        record_type, record = read_record_xml(catalogue.mapping, data)
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
    catalogue.check(record_type, record)
    return record_type, record

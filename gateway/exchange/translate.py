"""Read what was submitted: a native file by its layout, or one record in a common form."""

from datetime import datetime

from gateway.catalogue.catalogue import Catalogue
from gateway.catalogue.standalone import read_record
from gateway.model.refusal import Refusal
from gateway.translation.countries import Countries
from gateway.translation.read import read
from gateway.translation.reading import Reading, Result, Source

COMMON = {"application/lmx+json": "common-json", "application/lmx+xml": "common-xml"}
COMMON_VERSION = "1"


def translate(
    body: bytes,
    media_type: str,
    layout: str | None,
    *,
    countries: Countries,
    catalogue: Catalogue,
    at: datetime,
    home: str,
) -> Reading:
    """Give the records of a submission; what cannot be read stands in `error` or in its row.

    home: alpha-3 of the state whose submitter it is.
    """
    common = COMMON.get(media_type)
    if common is None:
        return read(body, layout, countries, catalogue, at=at, home=home)
    source = Source(common, COMMON_VERSION)
    try:
        if not body.strip():
            raise Refusal(
                "source.not-a-record", step="translate", rule="the body must hold a record"
            )
        record_type, record = read_record(catalogue, body)
    except Refusal as refusal:
        return Reading(common, COMMON_VERSION, None, (), error=refusal)
    result = Result("ok", (1,), record_type, record, source)
    return Reading(common, COMMON_VERSION, None, (result,))

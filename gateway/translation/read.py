"""Native bytes to common records."""

from gateway.catalogue import Catalogue
from gateway.translation.countries import Countries
from gateway.translation.reading import Reading


def read(data: bytes, layout: str | None, countries: Countries, catalogue: Catalogue) -> Reading:
    """Read a native file; a refusal of the whole file stands in `Reading.error`."""
    raise NotImplementedError

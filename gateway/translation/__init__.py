"""Native records to common records and back, one adapter a country (DESIGN 4)."""

from gateway.translation.countries import Countries, load_countries
from gateway.translation.read import read
from gateway.translation.reading import Reading, Result, Source, Stamp, Written
from gateway.translation.write import write

__all__ = [
    "Countries",
    "Reading",
    "Result",
    "Source",
    "Stamp",
    "Written",
    "load_countries",
    "read",
    "write",
]

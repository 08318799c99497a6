"""Record types: found, generated from their XSD, and checked."""

from gateway.catalogue.catalogue import Catalogue, RecordType, load_catalogue

__all__ = ["Catalogue", "RecordType", "load_catalogue"]

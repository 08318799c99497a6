"""Where the record types, and the two forms of a question, stand below `schemas/`."""

from pathlib import Path


def record_folders(schemas: Path) -> list[Path]:
    """Give the version folder of each record type, in the order of their names."""
    return sorted(file.parent for file in schemas.glob("records/*/1/record.xsd"))


def query_folders(schemas: Path) -> list[Path]:
    """Give the version folder of a question and of its answer: sealed as records, but none."""
    return sorted(file.parent for file in schemas.glob("queries/*/1/record.xsd"))

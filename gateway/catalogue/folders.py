"""Where the record types stand below `schemas/`."""

from pathlib import Path


def record_folders(schemas: Path) -> list[Path]:
    """Give the version folder of each record type, in the order of their names."""
    return sorted(file.parent for file in schemas.glob("records/*/1/record.xsd"))

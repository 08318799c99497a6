"""How record types and members are called in the six languages, from the standard's own labels."""

from pathlib import Path

from gateway.catalogue.agreement_terms import members_of
from gateway.catalogue.labels import load_labels


def type_name(schemas: Path, record_type: str, language: str) -> str:
    """Give the name of a record type, its code where the standard has no such type."""
    labels = load_labels(schemas).by_language[language]
    found = labels.get(f"record/{record_type}")
    return found.text if found else record_type


def member_name(schemas: Path, record_type: str, path: str, language: str) -> str:
    """Give the labels of a member and those above it, `Worker: Document: Number`.

    The path itself where the standard has no such member.
    """
    labels = load_labels(schemas).by_language[language]
    told, names = [], path.split("/")
    for depth in range(2, len(names) + 1):
        found = _member(schemas, record_type, "/".join(names[:depth]))
        if found not in labels:
            return path
        told.append(labels[found].text)
    return ": ".join(told)


def _member(schemas: Path, record_type: str, path: str) -> str:
    try:
        found = members_of(schemas, record_type, path)
    except OSError:
        return ""
    return f"member/{found['$holder']}/{path.rpartition('/')[2]}" if found else ""

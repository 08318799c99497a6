"""The judges of a record: compiled validators, and public ones that know nothing of this code."""

import json
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import xmlschema
from lxml import etree

from tests.support.programs import program
from tests.support.schemas import SCHEMAS

Record = dict[str, Any]


def xsd(record_type: str) -> Path:
    """The XSD of a record type."""
    return SCHEMAS / "records" / record_type / "1" / "record.xsd"


@cache
def _document(record_type: str) -> Record:
    path = SCHEMAS / "generated" / f"{record_type}.schema.json"
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def _python(record_type: str) -> Any:
    return jsonschema.Draft202012Validator(_document(record_type))


@cache
def _rust(record_type: str) -> Any:
    return jsonschema_rs.Draft202012Validator(_document(record_type))


@cache
def _xmlschema(record_type: str) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(xsd(record_type)))


@cache
def _libxml2(record_type: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(xsd(record_type)))


def json_verdicts(record_type: str, record: Any) -> dict[str, bool]:
    """What each JSON Schema validator says of a record."""
    return {
        "jsonschema": _python(record_type).is_valid(record),
        "jsonschema_rs": _rust(record_type).is_valid(record),
    }


def xml_verdicts(record_type: str, octets: bytes) -> dict[str, bool]:
    """What each XSD validator of this process says of an XML document."""
    try:
        tree = etree.fromstring(octets)
    except etree.XMLSyntaxError:
        return {"xmlschema": False, "lxml": False}
    return {
        "xmlschema": _xmlschema(record_type).is_valid(tree),
        "lxml": _libxml2(record_type).validate(tree),
    }


def xmllint_refused(record_type: str, folder: Path, documents: Iterable[bytes]) -> set[int]:
    """Which documents `xmllint --schema` refuses, by their places; one process for all.

    Skips loudly where the program is absent.
    """
    found = program("xmllint")
    files = []
    for place, octets in enumerate(documents):
        file = folder / f"{place}.xml"
        file.write_bytes(octets)
        files.append(file)
    refused = set()
    for start in range(0, len(files), 500):
        some = files[start : start + 500]
        ran = subprocess.run(
            [found, "--noout", "--nonet", "--schema", xsd(record_type), *some],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        right = {line.removesuffix(" validates") for line in ran.stderr.splitlines()}
        refused |= {start + n for n, file in enumerate(some) if str(file) not in right}
    return refused

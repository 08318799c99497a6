"""What is generated from the XSD and the data beside it: one list of files and their bytes.

The XSD leads (DESIGN section 2). Every file written here is checked in; `stale` names those that
no longer equal what the XSD gives.
"""

import json
from pathlib import Path
from typing import Any

from gateway.catalogue.agreement_page import agreement_page
from gateway.catalogue.beside import read_beside
from gateway.catalogue.codelist_pages import codelist_pages
from gateway.catalogue.dictionary import dictionary
from gateway.catalogue.folders import record_folders
from gateway.catalogue.form_mapping import form_mapping
from gateway.catalogue.json_schema import json_schema
from gateway.catalogue.pages import record_page
from gateway.catalogue.printable import printable
from gateway.catalogue.sdmx_structure import sdmx_files
from gateway.catalogue.subset import SubsetError, read_roots
from gateway.proof.forms import load_mapping

__all__ = ["SubsetError", "generate", "stale"]


def generate(schemas: Path) -> dict[Path, bytes]:
    """Give every generated file by its path: below `schemas/generated` and `docs/reference`.

    SubsetError when an XSD leaves the subset of DESIGN section 3.
    """
    roots = read_roots(schemas)
    data = {one.parent.name: (read_beside(one), one) for one in record_folders(schemas)}
    beside = {name: found for name, (found, _) in data.items()}
    mapping = _json(form_mapping(roots))
    reference = schemas.parent / "docs" / "reference"
    made = {schemas / "generated" / "mapping.json": mapping}
    for root in roots:
        made[schemas / "generated" / f"{root.name}.schema.json"] = _json(json_schema(root))
        page = record_page(root, beside.get(root.name))
        made[reference / "records" / f"{root.name}.md"] = page.encode("utf-8")
    levels = {name: one.sensitivity for name, one in beside.items()}
    made[reference / "dictionary.csv"] = dictionary(roots, levels).encode("utf-8")
    document = printable(roots, data, load_mapping(mapping))
    made[reference / "standard.html"] = document.encode("utf-8")
    return made | codelist_pages(schemas) | sdmx_files(schemas) | agreement_page(schemas)


def stale(schemas: Path) -> list[Path]:
    """Name the generated files that are missing or differ from what the XSD gives now."""
    return [
        path
        for path, data in generate(schemas).items()
        if not path.is_file() or path.read_bytes() != data
    ]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")

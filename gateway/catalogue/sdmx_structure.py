"""The data structure definition of remittance statistics: read from its tables, told as SDMX-JSON.

The tables stand in `schemas/sdmx/REMITTANCES/<version>`; countries and currencies come from
pycountry. The structure message (SDMX 3.0, SDMX-JSON 2.0) and the reference page are generated.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pycountry

from gateway.catalogue.codelists import read_rows

_VERSION = "1.0.0"
_URN = "urn:sdmx:org.sdmx.infomodel"
_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/"
    "{kind}-message/tools/schemas/2.0.0/sdmx-json-{kind}-schema.json"
)


@dataclass(frozen=True, slots=True)
class Component:
    """One dimension, measure or attribute. list: its code list, or "" for free values."""

    id: str
    part: str
    list: str
    type: str
    pattern: str
    usage: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class DataStructure:
    """A data structure definition. lists: code list → code → name."""

    agency: str
    id: str
    version: str
    name: str
    components: tuple[Component, ...]
    lists: dict[str, dict[str, str]]
    about: dict[str, Any]

    def of(self, *parts: str) -> tuple[Component, ...]:
        """The components of some parts, in their order."""
        return tuple(one for one in self.components if one.part in parts)

    @property
    def reference(self) -> str:
        """The dataflow as SDMX-CSV names it, `LMX:REMITTANCES(1.0.0)`."""
        return f"{self.agency}:{self.id}({self.version})"

    def urn(self, kind: str, name: str) -> str:
        """The URN of an artefact of this agency and version. kind: `datastructure.Dataflow`."""
        return f"{_URN}.{kind}={self.agency}:{name}({self.version})"


def message_schema(kind: str) -> str:
    """The identifier of the SDMX-JSON 2.0 schema of a message. kind: `data` or `structure`."""
    return _SCHEMA.format(kind=kind)


@cache
def remittances(schemas: Path) -> DataStructure:
    """Read the structure's tables, once."""
    folder = schemas / "sdmx" / "REMITTANCES" / _VERSION
    about = json.loads((folder / "about.json").read_bytes())
    lists: dict[str, dict[str, str]] = {name: {} for name in about["lists"]}
    for row in read_rows(folder / "codes.csv"):
        lists[row["list"]][row["code"]] = row["name"]
    areas = sorted((one.alpha_2, one.name) for one in pycountry.countries)
    currencies = sorted((one.alpha_3, one.name) for one in pycountry.currencies)
    lists |= {"CL_AREA": dict(areas), "CL_CURRENCY": dict(currencies)}
    components = tuple(Component(**row) for row in read_rows(folder / "components.csv"))
    return DataStructure(
        about["agency"], about["id"], about["version"], about["name"], components, lists, about
    )


def sdmx_files(schemas: Path) -> dict[Path, bytes]:
    """The generated structure message and the reference page, by path."""
    found = remittances(schemas)
    message = json.dumps(_message(found), ensure_ascii=False, indent=1) + "\n"
    page = "\n".join(_page(found)) + "\n"
    return {
        schemas / "sdmx" / found.id / found.version / "structure.json": message.encode(),
        schemas.parent / "docs" / "reference" / "sdmx-remittances.md": page.encode(),
    }


def _message(found: DataStructure) -> dict[str, Any]:
    own = {"agencyID": found.agency, "version": found.version}
    return {
        "meta": {
            "schema": message_schema("structure"),
            "id": f"{found.agency}_{found.id}",
            "prepared": found.about["prepared"],
            "sender": {"id": found.agency},
            "contentLanguages": ["en"],
            "test": False,
        },
        "data": {
            "codelists": [
                {
                    "id": name,
                    **own,
                    **_named(found.about["lists"][name]),
                    "codes": [{"id": code, **_named(text)} for code, text in codes.items()],
                }
                for name, codes in found.lists.items()
            ],
            "conceptSchemes": [
                {
                    "id": f"CS_{found.id}",
                    **own,
                    **_named(found.name),
                    "concepts": [
                        {"id": one.id, **_named(one.name), **_named(one.description, "description")}
                        for one in found.components
                    ],
                }
            ],
            "dataStructures": [
                {
                    "id": f"DSD_{found.id}",
                    **own,
                    **_named(found.name),
                    "dataStructureComponents": _components(found),
                }
            ],
            "dataflows": [
                {
                    "id": found.id,
                    **own,
                    **_named(found.name),
                    "structure": found.urn("datastructure.DataStructure", f"DSD_{found.id}"),
                }
            ],
        },
    }


def _named(text: str, member: str = "name") -> dict[str, Any]:
    return {member: text, f"{member}s": {"en": text}}


def _components(found: DataStructure) -> dict[str, Any]:
    dimensions = [
        _component(found, one) | {"position": place}
        for place, one in enumerate(found.of("dimension"))
    ]
    attributes = [
        _component(found, one) | {"usage": one.usage, "attributeRelationship": {"observation": {}}}
        for one in found.of("attribute")
    ]
    (time,), (measure,) = found.of("time"), found.of("measure")
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": dimensions,
            "timeDimension": _component(found, time),
        },
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [_component(found, measure) | {"usage": measure.usage}],
        },
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }


def _component(found: DataStructure, one: Component) -> dict[str, Any]:
    scheme = found.urn("conceptscheme.Concept", f"CS_{found.id}")
    if one.list:
        representation: dict[str, Any] = {"enumeration": found.urn("codelist.Codelist", one.list)}
    else:
        told = {"dataType": one.type} | ({"pattern": one.pattern} if one.pattern else {})
        representation = {"format": told}
    return {
        "id": one.id,
        "conceptIdentity": f"{scheme}.{one.id}",
        "localRepresentation": representation,
    }


def _page(found: DataStructure) -> Iterator[str]:
    yield f"# SDMX structure {found.reference}"
    yield f"\nGenerated from `schemas/sdmx/{found.id}/{found.version}`; do not edit.\n"
    yield f"{found.name}. The structure message for other systems is `structure.json` there.\n"
    yield "| Component | Part | Values | Usage | Meaning |"
    yield "|---|---|---|---|---|"
    for one in found.components:
        values = f"{one.list}, {len(found.lists[one.list])} codes" if one.list else one.type
        yield f"| `{one.id}` | {one.part} | {values} | {one.usage} | {one.description} |"
    for name, codes in found.lists.items():
        if name in ("CL_AREA", "CL_CURRENCY"):
            continue
        yield f"\n## {name}\n"
        yield "| Code | Meaning |"
        yield "|---|---|"
        yield from (f"| `{code}` | {text} |" for code, text in codes.items())

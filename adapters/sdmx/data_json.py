"""SDMX-JSON 2.0 data messages: values by place in the message's own lists, flat or by series."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.sdmx.structure import (
    ATTRIBUTES,
    DIMENSIONS,
    MEASURE,
    a_deletion,
    is_ours,
    of_another_structure,
    structure,
    too_many,
)
from gateway.catalogue.sdmx_structure import Component, message_schema
from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import MAX_ROWS, Foreign, JsonFile
from gateway.translation.media.json_rows import json_text, not_of_layout
from gateway.translation.reading import Stamp

Observation = tuple[int, Tree | Refusal]


class SdmxJson:
    """One message; its observations are counted in the order in which they stand."""

    media_type = "application/vnd.sdmx.data+json;version=2.0.0"
    extension = "json"
    many = True

    def recognises(self, foreign: Foreign) -> bool:
        """Whether a data set of the message follows the structure."""
        try:
            return any(_follows(one) for one in _data(foreign)["structures"])
        except _OUT_OF_PLACE:
            return False

    def open(self, foreign: Foreign) -> Opened:
        """Observations of all data sets; those of another structure, and deletions, are refused."""
        try:
            rows = list(_observations(_data(foreign)))
        except _OUT_OF_PLACE:
            raise not_of_layout() from None
        value = foreign.value if isinstance(foreign, JsonFile) else {}
        return Opened(rows, root="/data/observations/#", envelope={"meta": value.get("meta", {})})

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """One flat data set; without a stamp the message has no header of its own."""
        return (json_text(_message(rows, stamp)) + "\n").encode()


class _Misbuilt(Exception):
    """The message is not built like SDMX-JSON."""


# What places that lead nowhere, and parts of another kind than the form says, run into.
_OUT_OF_PLACE = (_Misbuilt, AttributeError, KeyError, TypeError, IndexError, ValueError)


def _data(foreign: Foreign) -> dict[str, Any]:
    value = foreign.value if isinstance(foreign, JsonFile) else None
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict) or "structures" not in data or "dataSets" not in data:
        raise _Misbuilt
    return data


def _follows(told: dict[str, Any]) -> bool:
    urns = (str(link.get("urn", "")) for link in told.get("links", []))
    return any(is_ours(urn.rpartition("=")[2]) for urn in urns)


def _observations(data: dict[str, Any]) -> Iterator[Observation]:
    number = 0
    for data_set in data["dataSets"]:
        told = data["structures"][int(data_set.get("structure", 0))]
        reader = _DataSet(told, data_set)
        for row in reader.rows():
            number += 1
            if number > MAX_ROWS:
                raise too_many(MAX_ROWS)
            if not _follows(told):
                yield number, of_another_structure(number)
            elif data_set.get("action") == "Delete":
                yield number, a_deletion(number)
            elif row is None:
                yield number, _out_of_place(number)
            else:
                yield number, row


def _out_of_place(number: int) -> Refusal:
    rule = "every value is a place in a list of the message"
    return Refusal("field.unreadable", step="translate", rule=rule, place=f"row {number}")


class _DataSet:
    """A data set taken apart by the lists of its structure."""

    def __init__(self, told: dict[str, Any], data_set: dict[str, Any]) -> None:
        self.dimensions = told["dimensions"]
        self.attributes = told.get("attributes", {})
        self.measures = told["measures"]["observation"]
        self.data_set = data_set

    def rows(self) -> Iterator[Tree | None]:
        """Each observation: component → value; None for one that the lists do not explain.

        Attributes of groups stay beside the components as they are.
        """
        # A dimension with one value in all of the message stands at the data set.
        fixed = {one["id"]: _of_values(one, 0) for one in self.dimensions.get("dataSet", [])}
        fixed |= self._attributes("dataSet", self.data_set.get("attributes", []))
        groups = self.data_set.get("dimensionGroupAttributes")
        if groups:
            fixed["dimensionGroupAttributes"] = groups
        yield from self._observed(self.data_set.get("observations", {}), fixed)
        for key, series in self.data_set.get("series", {}).items():
            at = fixed | self._key("series", key)
            at |= self._attributes("series", series.get("attributes", []))
            yield from self._observed(series.get("observations", {}), at)

    def _observed(self, observations: dict[str, Any], at: Tree) -> Iterator[Tree | None]:
        for key, values in observations.items():
            try:
                row = at | self._key("observation", key) | self._values(values)
            except _OUT_OF_PLACE:
                yield None
            else:
                yield {name: value for name, value in row.items() if value is not None}

    def _values(self, values: list[Any]) -> Tree:
        row = {
            one["id"]: _value(one, value) for one, value in zip(self.measures, values, strict=False)
        }
        return row | self._attributes("observation", values[len(self.measures) :])

    def _key(self, level: str, key: str) -> Tree:
        dimensions = self.dimensions[level]
        return {
            one["id"]: _of_values(one, int(place))
            for one, place in zip(dimensions, key.split(":"), strict=True)
        }

    def _attributes(self, level: str, values: Sequence[Any]) -> Tree:
        known = self.attributes.get(level, [])
        return {one["id"]: _value(one, value) for one, value in zip(known, values, strict=False)}


def _value(component: dict[str, Any], value: Any) -> Any:
    # A whole number is a place in the component's list, if it has one, else the value itself.
    if "values" in component and isinstance(value, NumberText):
        return _of_values(component, int(value))
    return None if value is None else str(value)


def _of_values(component: dict[str, Any], place: int) -> str:
    if place < 0:
        raise _Misbuilt
    one = component["values"][place]
    return str(one["id"] if "id" in one else one["value"])


def _message(rows: Sequence[Tree], stamp: Stamp | None) -> dict[str, Any]:
    found = structure()
    by_id = {one.id: one for one in found.components}
    places = {name: _Places(by_id[name]) for name in (*DIMENSIONS, *ATTRIBUTES)}
    observations = {}
    for row in rows:
        key = ":".join(str(places[name].of(row[name])) for name in DIMENSIONS)
        told = [places[name].of(row[name]) if name in row else None for name in ATTRIBUTES]
        observations[key] = [NumberText(row[MEASURE]), *map(_number, told)]
    flow = {"rel": "dataflow", "urn": found.urn("datastructure.Dataflow", found.id)}
    data = {
        "structures": [
            {
                "links": [flow],
                "name": found.name,
                "dataSets": [NumberText("0")],
                "dimensions": {"observation": _listed(DIMENSIONS, places)},
                "measures": {"observation": [{"id": MEASURE, "name": by_id[MEASURE].name}]},
                "attributes": {"observation": _listed(ATTRIBUTES, places)},
            }
        ],
        "dataSets": [
            {
                "structure": NumberText("0"),
                "action": "Information",
                "links": [flow],
                "observations": observations,
            }
        ],
    }
    return ({"meta": _meta(stamp)} if stamp else {}) | {"data": data}


def _number(place: int | None) -> NumberText | None:
    return None if place is None else NumberText(str(place))


def _meta(stamp: Stamp) -> dict[str, Any]:
    return {
        "schema": message_schema("data"),
        "id": stamp.message_id,
        "prepared": stamp.at,
        "sender": {"id": structure().agency},
        "contentLanguages": ["en"],
    }


class _Places:
    """The values of one component in the order in which they were first seen."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self._places: dict[str, int] = {}

    def of(self, value: str) -> int:
        """The place of a value."""
        return self._places.setdefault(value, len(self._places))

    def values(self) -> list[Mapping[str, str]]:
        """What the message lists: codes with their names, or values as they are."""
        names = structure().lists.get(self.component.list)
        if names is None:
            return [{"value": value} for value in self._places]
        return [{"id": value, "name": names.get(value, value)} for value in self._places]


def _listed(ids: tuple[str, ...], places: dict[str, _Places]) -> list[dict[str, Any]]:
    listed = []
    for position, name in enumerate(ids):
        one, values = places[name].component, places[name].values()
        if one.part == "attribute":
            told: dict[str, Any] = {"relationship": {"observation": {}}}
            told |= {"isMandatory": one.usage == "mandatory"}
        else:
            told = {"keyPosition": NumberText(str(position))}
        told = {"id": name, "name": one.name, **told}
        listed.append(told | ({"values": values} if values else {}))
    return listed

"""The data structure definition of remittance statistics."""

import json

from gateway.catalogue.sdmx_structure import remittances, sdmx_files
from tests.support.schemas import SCHEMAS

FOUND = remittances(SCHEMAS)
FILES = {path.name: data for path, data in sdmx_files(SCHEMAS).items()}


def test_every_coded_component_has_its_list() -> None:
    lists = {one.list for one in FOUND.components if one.list}
    assert (lists, all(FOUND.lists.values())) == (set(FOUND.lists), True)


def test_every_component_has_a_list_or_a_type() -> None:
    assert [one.id for one in FOUND.components if bool(one.list) == bool(one.type)] == []


def test_areas_and_currencies_are_those_of_iso() -> None:
    assert FOUND.lists["CL_AREA"]["KZ"] == "Kazakhstan"
    assert FOUND.lists["CL_CURRENCY"]["UZS"] == "Uzbekistan Sum"


def test_the_message_places_dimensions_in_their_order() -> None:
    message = json.loads(FILES["structure.json"])
    (definition,) = message["data"]["dataStructures"]
    listed = definition["dataStructureComponents"]["dimensionList"]["dimensions"]
    assert [(one["id"], one["position"]) for one in listed] == [
        (one.id, place) for place, one in enumerate(FOUND.of("dimension"))
    ]


def test_the_page_names_every_component() -> None:
    page = FILES["sdmx-remittances.md"].decode()
    assert [one.id for one in FOUND.components if f"| `{one.id}` |" not in page] == []

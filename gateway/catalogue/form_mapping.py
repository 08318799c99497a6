"""The mapping between the two forms of a record, made from the XSD; `proof.forms` reads it."""

from collections.abc import Iterable
from typing import Any

from gateway.catalogue.subset import ObjectType, RootType


def form_mapping(roots: Iterable[RootType]) -> dict[str, Any]:
    """Members in order by object type, kinds of simple types, and the type of each root."""
    kinds: dict[str, str] = {}
    objects: dict[str, Any] = {}
    names: dict[str, str] = {}
    for root in roots:
        names[root.name] = root.own.name
        for one in root.types.values():
            if isinstance(one, ObjectType):
                objects[one.name] = [
                    {"name": member.name, "type": member.type_name, "repeats": member.repeats}
                    for member in one.members
                ]
            else:
                kinds[one.name] = one.kind
    return {
        "kinds": dict(sorted(kinds.items())),
        "objects": dict(sorted(objects.items())),
        "roots": dict(sorted(names.items())),
    }

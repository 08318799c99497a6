"""One row of a default table as the members of a record, and a record as the cells of a row."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.translation.default.columns import Column, Leaf, Node, Series


def nested(node: Node, told: Mapping[Column, str]) -> Any:
    """Texts by column as the members of one record; what nothing is told of is left out."""
    if isinstance(node, Leaf):
        text = told.get(node.column)
        return [text] if node.column.several and text is not None else text
    if isinstance(node, Series):
        found = [nested(item, told) for item in node.items]
        return [one for one in found if one] or None
    members = {name: nested(member, told) for name, member in node.members.items()}
    return {name: one for name, one in members.items() if one}


def spread(
    node: Node, value: Any, pointer: str, lost: set[str]
) -> Iterator[tuple[Column, Any, str]]:
    """(column, value, pointer) of everything that a row can say; adds to `lost` what it cannot."""
    if isinstance(node, Leaf):
        yield node.column, value, pointer
    elif isinstance(node, Series):
        for place, item in enumerate(value):
            here = f"{pointer}/{place}"
            if place < len(node.items):
                yield from spread(node.items[place], item, here, lost)
            else:
                lost.add(here)
    else:
        if node.presence is not None and not value:
            yield node.presence, True, pointer
        elif not value:
            lost.add(pointer)
        for name, member in node.members.items():
            if name in value:
                yield from spread(member, value[name], f"{pointer}/{name}", lost)

"""One row of a default table: cells into the members of a record, and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import missing

from gateway.translation.default.cells import Cells
from gateway.translation.default.columns import Column, Group, Leaf, Node, Series, leaves
from gateway.translation.default.strict import fault_of
from gateway.translation.turn import Fault, Unreadable

_HERE = ""


@dataclass(slots=True)
class Gathered:
    """A row on its way to its record.

    columns: pointer → column that gave it. items: pointer of a list's element → its node.
    failed: column → fault. noted: (warning code, pointer).
    """

    columns: dict[str, Column] = field(default_factory=dict)
    items: dict[str, Node] = field(default_factory=dict)
    failed: dict[Column, Fault] = field(default_factory=dict)
    noted: list[tuple[str, str]] = field(default_factory=list)


def gather(root: Group, cells: Cells, row: Mapping[Column, str]) -> tuple[dict[str, Any], Gathered]:
    """The record of a row's filled cells; what could not be read is told in `Gathered.failed`."""
    told = Gathered()
    raw: dict[str, Any] = {}
    for column, text in row.items():
        node = raw
        *outer, last = column.steps
        for step in outer:
            node = node.setdefault(step, {})
        if column.type_name == "Boolean" and isinstance(_node_at(root, column.steps), Group):
            node.setdefault(last, {})[_HERE] = (column, text)
        else:
            node[last] = (column, text)
    record = _Gatherer(cells, told).group(root, raw, "")
    return record if isinstance(record, dict) else {}, told


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


@dataclass(slots=True)
class _Gatherer:
    cells: Cells
    told: Gathered

    def node(self, node: Node, raw: Any, pointer: str) -> Any:
        if isinstance(node, Leaf):
            return self._cell(raw, pointer)
        if isinstance(node, Series):
            return self._series(node, raw, pointer)
        return self.group(node, raw, pointer)

    def group(self, group: Group, raw: dict[str, Any], pointer: str) -> Any:
        found = {}
        for name, member in group.members.items():
            if name in raw:
                value = self.node(member, raw[name], f"{pointer}/{name}")
                if value is not missing:
                    found[name] = value
        if group.type_name == "CodedValue" and "code" in found and "list" not in found:
            chosen = self._list_of(raw, found["code"])
            found |= {"list": chosen} if chosen else {}
        said = self._cell(raw[_HERE], pointer) if _HERE in raw else False
        return found if found or said is True else missing

    def _series(self, series: Series, raw: dict[str, Any], pointer: str) -> Any:
        found: list[Any] = []
        for number in sorted(raw, key=int):
            here = f"{pointer}/{len(found)}"
            item = series.items[int(number) - 1]
            value = self.node(item, raw[number], here)
            if value is not missing:
                found.append(value)
                self.told.items[here] = item
        return found or missing

    def _cell(self, raw: tuple[Column, str], pointer: str) -> Any:
        column, text = raw
        try:
            value = self.cells.read(
                column, text, lambda code: self.told.noted.append((code, pointer))
            )
        except Unreadable as wrong:
            self.told.failed[column] = fault_of(wrong)
            return missing
        self.told.columns[pointer] = column
        return value

    def _list_of(self, raw: dict[str, Any], code: str) -> str:
        """The list that a code was chosen from, when the cell says more than the bare code."""
        column, text = raw["code"]
        choices = self.cells.choices(column)
        listed = choices is not None and choices.list_name and text.strip() != code
        return choices.list_name if listed and choices is not None else ""


def column_at(root: Group, told: Gathered, pointer: str) -> Column:
    """The column in which a member of a gathered record stands, or would stand."""
    if pointer in told.columns:
        return told.columns[pointer]
    node: Node = root
    walked = ""
    for step in pointer.split("/")[1:]:
        walked = f"{walked}/{step}"
        if walked in told.columns:
            return told.columns[walked]
        if isinstance(node, Series):
            node = told.items.get(walked, node.items[0])
        elif isinstance(node, Group):
            node = node.members.get(step, node)
    below = list(leaves(node))
    return next((column for column in below if column.needed), below[0])


def _node_at(root: Group, steps: tuple[str, ...]) -> Node:
    node: Node = root
    for step in steps:
        if isinstance(node, Series):
            node = node.items[int(step) - 1]
        elif isinstance(node, Group):
            node = node.members[step]
    return node


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

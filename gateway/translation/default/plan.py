"""How the cells of a row become the members of a record: a flat plan, told once a record type.

Each column knows the object that its value stands in. A row is gone through once, cell by cell;
objects are made when their first value comes, so columns that a file has not cost nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gateway.translation.default.cells import Cells, Reader
from gateway.translation.default.columns import Column, Group, Leaf, Node, Series, leaves
from gateway.translation.default.strict import fault_of
from gateway.translation.turn import Fault, Unreadable


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """An object of the record, or one element of a list: the member `name` of another one."""

    node: Group
    name: str = ""
    above: "Holder | None" = None
    listed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What is done with the cells of one column.

    place: in the order of the standard. name: the member of the holder that the value becomes;
    empty when the cell only says that the holder is there. element: the node of a text that is
    one of several, else None. list_name: that a coded value tells when the cell says more than
    its code. irregular: the value is no member of its own, by name or element.
    """

    place: int
    column: Column
    read: Reader
    holder: Holder
    name: str
    element: Leaf | None
    list_name: str
    irregular: bool


Cell = tuple[Step, str]


class Plan:
    """The steps of one record type; the reader of a column is made when a file has the column."""

    def __init__(self, root: Group, cells: Cells) -> None:
        """root: the tree of columns. cells: reads them."""
        self._cells = cells
        self._root = Holder(root)
        self._told = {told[0]: (place, *told) for place, told in enumerate(_below(self._root))}

    def step(self, column: Column) -> Step:
        """The step of a column, made anew."""
        place, _, holder, name, element = self._told[column]
        choices = self._cells.choices(column)
        coded = (column.owner, column.member) == ("CodedValue", "code")
        return Step(
            place,
            column,
            self._cells.reader(column),
            holder,
            name,
            element,
            choices.list_name if coded and choices is not None else "",
            not name or element is not None,
        )

    def gather(self, cells: list[Cell]) -> "Gathered":
        """The record of a row's filled cells, and what could not be read of them."""
        places = [step.place for step, _ in cells]
        if places != sorted(places):
            cells = sorted(cells, key=lambda cell: cell[0].place)
        told = Gathered(cells, {self._root: {}})
        made, doubts = told.made, list[str]()
        for step, text in cells:
            try:
                value = step.read(text, doubts.append)
            except Unreadable as wrong:
                told.failed[step.column] = fault_of(wrong)
                continue
            if doubts:
                told.doubted += [(code, step) for code in doubts]
                doubts.clear()
            if step.irregular:
                _put(step, value, made)
                continue
            holder = made.get(step.holder)
            if holder is None:
                holder = _make(step.holder, made)
            holder[step.name] = value
            if step.list_name and text.strip() != value:
                told.chosen.append(step)
        for step in told.chosen:
            made[step.holder].setdefault("list", step.list_name)
        return told


@dataclass(slots=True)
class Gathered:
    """A row on its way to its record; pointers are told only when somebody asks for them.

    cells: in the order of the standard. made: the objects of the record that stand so far.
    failed: column → fault. doubted: (warning code, its step). chosen: codes that tell their list.
    """

    cells: list[Cell]
    made: dict[Holder, dict[str, Any]]
    failed: dict[Column, Fault] = field(default_factory=dict)
    doubted: list[tuple[str, Step]] = field(default_factory=list)
    chosen: list[Step] = field(default_factory=list)

    @property
    def record(self) -> dict[str, Any]:
        """The record as far as it could be read."""
        return next(iter(self.made.values()))

    def noted(self) -> list[tuple[str, str]]:
        """(warning code, pointer) of the doubts about values."""
        if not self.doubted:
            return []
        pointers = {step: pointer for pointer, step in self._pointers()}
        return [(code, pointers[step]) for code, step in self.doubted]

    def column_at(self, pointer: str) -> Column:
        """The column in which a member of the record stands, or would stand."""
        columns = {there: step.column for there, step in self._pointers()}
        listed = (holder for holder in self.made if holder.listed)
        elements: dict[str, Node] = {self._pointer(one): one.node for one in listed}
        elements |= {there: step.element for there, step in self._pointers() if step.element}
        node: Node = next(iter(self.made)).node
        walked = ""
        for name in pointer.split("/")[1:]:
            if walked in columns:
                break
            walked = f"{walked}/{name}"
            if isinstance(node, Series):
                node = elements.get(walked, node.items[0])
            elif isinstance(node, Group):
                node = node.members.get(name, node)
        if pointer in columns or walked in columns:
            return columns.get(pointer) or columns[walked]
        below = list(leaves(node))
        return next((column for column in below if column.needed), below[0])

    def _pointers(self) -> Iterator[tuple[str, Step]]:
        """(pointer, step) of the cells that could be read."""
        texts = Counter[str]()
        for step, _ in self.cells:
            if step.column in self.failed or step.holder not in self.made:
                continue
            pointer = self._pointer(step.holder)
            if step.name:
                pointer = f"{pointer}/{step.name}"
            if step.element is not None:
                texts[pointer] += 1
                pointer = f"{pointer}/{texts[pointer] - 1}"
            yield pointer, step

    def _pointer(self, holder: Holder) -> str:
        if holder.above is None:
            return ""
        pointer = f"{self._pointer(holder.above)}/{holder.name}"
        if not holder.listed:
            return pointer
        made = self.made[holder]
        beside = self.made[holder.above][holder.name]
        return f"{pointer}/{next(n for n, one in enumerate(beside) if one is made)}"


def _make(holder: Holder, made: dict[Holder, dict[str, Any]]) -> dict[str, Any]:
    found = made.get(holder)
    if found is None and holder.above is not None:
        above = _make(holder.above, made)
        found = made[holder] = {}
        if holder.listed:
            above.setdefault(holder.name, []).append(found)
        else:
            above[holder.name] = found
    if found is None:
        raise LookupError(holder.name)
    return found


def _put(step: Step, value: Any, made: dict[Holder, dict[str, Any]]) -> None:
    """A text of several, or the word that an object without members is there."""
    if step.element is not None:
        _make(step.holder, made).setdefault(step.name, []).append(value)
    elif value is True:
        _make(step.holder, made)


def _below(holder: Holder) -> Iterator[tuple[Column, Holder, str, Leaf | None]]:
    """(column, holder, member, element) of the columns below an object, in their order."""
    group = holder.node
    if group.presence is not None:
        yield group.presence, holder, "", None
    for name, member in group.members.items():
        listed = isinstance(member, Series)
        for node in member.items if isinstance(member, Series) else (member,):
            if isinstance(node, Group):
                yield from _below(Holder(node, name, holder, listed))
            elif isinstance(node, Leaf):
                yield node.column, holder, name, node if listed else None

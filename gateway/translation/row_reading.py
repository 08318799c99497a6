"""The reading of a row, written out once as one Python function.

A row has some thirty fields, and telling for each of them where its native value stands and where
its common value goes would cost more than reading it. So a layout's declared fields become the
lines that a person would write for that one layout: look up the native part, skip what is absent,
read, place. The lines hold nothing of a file: names and paths stand in them as declared constants.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from marshmallow import ValidationError, missing

from gateway.translation.fields import TwoWay, clean
from gateway.translation.paths import Step, element, join, put_element, steps

# (native row, record to fill, places in lists by common path, faults by native path)
Reading = Callable[[Any, dict[str, Any], dict[str, tuple[int, ...]], dict[str, Any]], None]
Holder = tuple[Step, ...]


def compiled(fields: Sequence[TwoWay]) -> Reading:
    """The function that reads a row of these fields in their order."""
    known: dict[str, Any] = {
        "ValidationError": ValidationError,
        "clean": clean,
        "element": element,
        "join": join,
        "missing": missing,
        "put_element": put_element,
        "NONE": {},
    }
    for number, field in enumerate(fields):
        known[f"read{number}"] = _read(field)
        known[f"ask{number}"] = field.deserialize
    source = "\n".join(_Written(fields).lines())
    # Made of declared names alone, each as a literal; nothing that a file says comes here.
    exec(compile(source, "<reading of a row>", "exec"), known)  # noqa: S102
    reading: Reading = known["reading"]
    return reading


def _read(field: TwoWay) -> Callable[[Any], Any]:
    # A text that says something needs no second look at whether it is one.
    return clean if type(field).read is TwoWay.read else field.read


class _Written:
    """The lines of one function. n: native objects by path. h, p: holders and their places."""

    def __init__(self, fields: Sequence[TwoWay]) -> None:
        self._fields = fields
        self._natives: dict[tuple[str, ...], str] = {(): "n0"}
        self._holders: dict[Holder, int] = {(): 0}
        for field in fields:
            above = tuple(steps(field.common)[:-1])
            for length in range(1, len(above) + 1):
                self._holders.setdefault(above[:length], len(self._holders))

    def lines(self) -> Iterator[str]:
        body = [line for n, field in enumerate(self._fields) for line in self._field(n, field)]
        yield "def reading(data, record, at, faults):"
        yield "    whole = {'/': data}"
        yield "    n0 = data if isinstance(data, dict) else NONE"
        for path, name in list(self._natives.items())[1:]:
            yield f"    {name} = {self._natives[path[:-1]]}.get({path[-1]!r})"
            yield f"    if not isinstance({name}, dict):"
            yield f"        {name} = NONE"
        yield "    h0, p0 = record, ()"
        for number in range(1, len(self._holders)):
            yield f"    h{number} = None"
        yield from (f"    {line}" for line in body)

    def _native(self, path: tuple[str, ...]) -> str:
        for length in range(1, len(path) + 1):
            self._natives.setdefault(path[:length], f"n{len(self._natives)}")
        return self._natives[path]

    def _field(self, number: int, field: TwoWay) -> Iterator[str]:
        *above, last = field.native.split("/")
        yield f"v = {self._native(tuple(above))}.get({last!r})"
        own = type(field).deserialize is not TwoWay.deserialize
        asked = f"ask{number}(v, data=whole)"
        text = "type(v) is str and v and not v.isspace()"
        read = asked if own else f"read{number}(v) if {text} else {asked}"
        # Most fields say nothing of a value that is not there.
        heeded = field.needed or (own and not field.silent)
        yield "if True:" if heeded else 'if v is not None and v != "":'
        yield "    try:"
        yield f"        found = {read}"
        yield "    except ValidationError as wrong:"
        yield f"        faults[{field.native!r}] = wrong.messages"
        yield "    else:"
        yield "        if found is not missing:"
        yield from (f"            {line}" for line in self._placed(field))

    def _placed(self, field: TwoWay) -> Iterator[str]:
        *above, (name, place, conditions) = steps(field.common)
        holder = self._holders[tuple(above)]
        yield from self._held(tuple(above))
        if place is not None or conditions:
            at = f"{place!r}, {conditions!r}"
            yield f"i = put_element(h{holder}.setdefault({name!r}, []), {at}, found)"
            yield f"at[{field.common!r}] = (*p{holder}, i)"
            return
        yield "if isinstance(found, dict):"
        yield f"    join(h{holder}, {name!r}, found)"
        yield "else:"
        yield f"    h{holder}[{name!r}] = found"
        yield f"at[{field.common!r}] = p{holder}"

    def _held(self, above: Holder) -> Iterator[str]:
        """Lines that make a holder where it is not there, and those above it."""
        if not above:
            return
        number, outer = self._holders[above], self._holders[above[:-1]]
        name, place, conditions = above[-1]
        yield f"if h{number} is None:"
        yield from (f"    {line}" for line in self._held(above[:-1]))
        if place is None and not conditions:
            yield f"    h{number} = h{outer}.setdefault({name!r}, {{}})"
            yield f"    p{number} = p{outer}"
            return
        yield f"    many = h{outer}.setdefault({name!r}, [])"
        yield f"    i = element(many, {place!r}, {conditions!r})"
        yield f"    h{number}, p{number} = many[i], (*p{outer}, i)"

"""Two-way fields that repeat: a list of scalars, each read and written by one field."""

from typing import Any

from marshmallow import missing

from gateway.translation.fields import TwoWay, blank
from gateway.translation.paths import MISSING
from gateway.translation.turn import turn


class Each(TwoWay):
    """A list of scalars; one alone may come without its list, and blanks in it say nothing."""

    silent = True

    def __init__(self, one: TwoWay, **options: Any) -> None:
        """one: the field of an element, with the paths of the lists."""
        super().__init__(one.native, one.common, **options)
        self.one = one

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        if isinstance(value, list):
            value = [element for element in value if not blank(element)]
        return super().deserialize(value)

    def read(self, value: Any) -> Any:
        elements = value if isinstance(value, list) else [value]
        found = [self.one.read(element) for element in elements]
        return [one for one in found if one is not missing] or missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        elements, pointer = self.find(obj)
        written = []
        for place, element in enumerate([] if elements is MISSING else elements):
            native = self.one.write(element)
            if native is not missing:
                turn().consume(f"{pointer}/{place}")
                written.append(native)
        if written:
            return written
        return missing if self.empty is MISSING else self.empty

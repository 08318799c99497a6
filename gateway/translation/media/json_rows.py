"""JSON files: one object, or rows in a list inside an answer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import Foreign, JsonFile
from gateway.translation.reading import Stamp


def json_text(value: Any, indent: int = 0) -> str:
    """JSON laid out for people; `NumberText` is written as the number that it spells."""
    pad, close = "  " * (indent + 1), "  " * indent
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict) and value:
        members = (
            f"{pad}{json.dumps(k, ensure_ascii=False)}: {json_text(v, indent + 1)}"
            for k, v in value.items()
        )
        return "{\n" + ",\n".join(members) + f"\n{close}}}"
    if isinstance(value, list) and value:
        items = (f"{pad}{json_text(item, indent + 1)}" for item in value)
        return "[\n" + ",\n".join(items) + f"\n{close}]"
    return json.dumps(value, ensure_ascii=False)


class JsonObject:
    """One object a file, known by member names that must all be there."""

    media_type = "application/json"
    extension = "json"
    many = False

    def __init__(self, *known_by: str) -> None:
        """known_by: names of the top object."""
        self.known_by = frozenset(known_by)

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the top object has all the names."""
        return (
            isinstance(foreign, JsonFile)
            and isinstance(foreign.value, dict)
            and self.known_by <= foreign.value.keys()
        )

    def open(self, foreign: Foreign) -> Opened:
        """The object is the one row."""
        if not isinstance(foreign, JsonFile) or not isinstance(foreign.value, dict):
            raise not_of_layout()
        return Opened(((1, foreign.value),))

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """The object, laid out."""
        (row,) = rows
        return (json_text(row) + "\n").encode()


class JsonList:
    """Rows in a list inside an answer, known by names that every row must have."""

    media_type = "application/json"
    extension = "json"
    many = True

    def __init__(self, member: str, *known_by: str, around: Mapping[str, Any]) -> None:
        """member: the answer's list. around: the answer's other members when it is written."""
        self.member = member
        self.known_by = frozenset(known_by)
        self.around = dict(around)

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the list is there and its first row has all the names."""
        if not isinstance(foreign, JsonFile) or not isinstance(foreign.value, dict):
            return False
        rows = foreign.value.get(self.member)
        first = rows[0] if isinstance(rows, list) and rows else None
        return isinstance(first, dict) and self.known_by <= first.keys()

    def open(self, foreign: Foreign) -> Opened:
        """Rows counted from 1; a row that is no object is refused alone."""
        if not isinstance(foreign, JsonFile) or not isinstance(foreign.value, dict):
            raise not_of_layout()
        answer = dict(foreign.value)
        listed = answer.pop(self.member, None)
        rows = [listed] if isinstance(listed, dict) else listed
        if not isinstance(rows, list):
            raise not_of_layout()
        numbered = list(enumerate(rows, start=1))
        return Opened(
            [(n, row if isinstance(row, dict) else not_of_layout()) for n, row in numbered],
            root=f"/{self.member}/#",
            envelope={k: v for k, v in answer.items() if k not in self.around},
        )

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """The answer around the rows, laid out."""
        return (json_text({**self.around, self.member: list(rows)}) + "\n").encode()


def not_of_layout() -> Refusal:
    """The refusal of a file that is not built like the layout it is read as."""
    return Refusal("layout.unknown", step="translate", rule="the file is not built like the layout")

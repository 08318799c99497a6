"""SDMX-CSV 2.0: STRUCTURE, STRUCTURE_ID and ACTION in front, one column a component."""

import csv
import io
from collections.abc import Iterator, Sequence

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
from gateway.model.refusal import Refusal
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import MAX_ROWS, Foreign, TableFile
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.reading import Stamp

_FRONT = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
_KEYS = frozenset({"SERIES_KEY", "OBS_KEY"})
_COLUMNS = (*DIMENSIONS, MEASURE, *ATTRIBUTES)
_KNOWN_BY = frozenset({"STRUCTURE_ID", *DIMENSIONS, MEASURE})
# Columns whose values carry a name behind the code when a file tells both (`M: Monthly`).
_CODED = frozenset({*DIMENSIONS, *ATTRIBUTES}) - {"SOURCE", "VINTAGE", "EMBARGO_DATE"}


class SdmxCsv:
    """Observations in lines; the columns may stand in any order behind the first ones."""

    media_type = "application/vnd.sdmx.data+csv;version=2.0.0;charset=utf-8"
    extension = "csv"
    many = True

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the heading is that of SDMX-CSV with the dimensions of the structure."""
        return isinstance(foreign, TableFile) and self._heading(foreign) is not None

    @staticmethod
    def _heading(foreign: TableFile) -> tuple[str, ...] | None:
        first = next(iter(foreign.lines), ())
        names = tuple(_code(cell) for cell in first)
        # `STRUCTURE[;]` tells a mark between several values, which no component here has.
        kind = names[0].partition("[")[0] if names else ""
        return names if kind == "STRUCTURE" and set(names) >= _KNOWN_BY else None

    def open(self, foreign: Foreign) -> Opened:
        """Observations in lines; one of another structure, and a deletion, is refused alone."""
        heading = self._heading(foreign) if isinstance(foreign, TableFile) else None
        if heading is None or not isinstance(foreign, TableFile):
            raise not_of_layout()
        if len(set(heading)) != len(heading):
            rule = "a component has one column"
            raise Refusal("csv.malformed", step="translate", rule=rule, place="line 1")
        for count, _ in enumerate(foreign.lines):
            if count > MAX_ROWS:
                raise too_many(MAX_ROWS)
        return Opened(self._rows(foreign, heading))

    @staticmethod
    def _rows(foreign: TableFile, heading: tuple[str, ...]) -> Iterator[tuple[int, Tree | Refusal]]:
        lines = iter(foreign.lines)
        labelled = any(": " in cell for cell in next(lines))
        number = 0
        for line in lines:
            if not any(line):
                continue
            number += 1
            if len(line) != len(heading):
                rule = "a row has as many cells as the heading"
                place = f"row {number}"
                yield number, Refusal("csv.malformed", step="translate", rule=rule, place=place)
                continue
            row = dict(zip(heading, line, strict=True))
            if not is_ours(_code(row.pop("STRUCTURE_ID"))):
                yield number, of_another_structure(number)
            elif row.pop("ACTION", "I") == "D":
                yield number, a_deletion(number)
            else:
                yield number, _components(row, heading[0], labelled=labelled)

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """Every column of the structure, in its order; observations are told as information."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow((*_FRONT, *_COLUMNS))
        front = ("dataflow", structure().reference, "I")
        writer.writerows((*front, *(row.get(name, "") for name in _COLUMNS)) for row in rows)
        return text.getvalue().encode()


def _components(row: dict[str, str], first: str, *, labelled: bool) -> Tree:
    return {
        name: _code(value) if labelled and name in _CODED else value
        for name, value in row.items()
        if name != first and name not in _KEYS
    }


def _code(cell: str) -> str:
    return cell.partition(": ")[0].strip()

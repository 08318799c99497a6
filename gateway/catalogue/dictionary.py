"""The data dictionary: every member of every record type by its path, as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from gateway.catalogue.beside import SENSITIVITIES
from gateway.catalogue.subset import ObjectType, RootType

HEADS = (
    "recordType", "path", "type", "jsonKind", "times", "meaning", "unit", "standard", "codes",
    "sensitivity",
)  # fmt: skip


def dictionary(roots: Iterable[RootType], sensitivities: Mapping[str, int]) -> str:
    """One row a member path; `[]` in a path marks a list. Sensitivity is the record type's."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEADS)
    for root in roots:
        if root.name in sensitivities:
            level = sensitivities[root.name]
            said = f"{level} {SENSITIVITIES[level]}"
            for row in _rows(root, root.own, ""):
                lines.writerow([root.name, *row, said])
    return out.getvalue()


def _rows(root: RootType, holder: ObjectType, above: str) -> Iterator[list[str]]:
    for member in holder.members:
        path = f"{above}/{member.name}" + ("[]" if member.repeats else "")
        kind = root.types[member.type_name]
        told = [member.times, member.meaning, member.unit, member.standard]
        if isinstance(kind, ObjectType):
            yield [path, member.type_name, "object", *told, ""]
            yield from _rows(root, kind, path)
        else:
            yield [path, member.type_name, kind.kind, *told, " ".join(kind.codes)]

"""Which members of a record hold codes of a list, and which of their codes the list has not."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from gateway.catalogue.codelists import CodeLists, read_rows
from gateway.proof.forms import FormMapping

CODED_VALUE = "CodedValue"


class CodedMembers:
    """Finds codes outside their list; one look-up a code, and nothing for members without codes.

    A `CodedValue` names its list itself; which list rules other types and members stands in
    `schemas/codelists/uses.csv`.
    """

    def __init__(self, mapping: FormMapping, lists: CodeLists) -> None:
        """mapping: of the record types. lists: the common lists; neither is read yet."""
        self._mapping = mapping
        self._lists = lists
        self._members: dict[str, _Members] = {}

    def unlisted(self, record_type: str, record: dict[str, Any]) -> list[str]:
        """Paths of codes that their list does not hold, or of a list or version unknown here."""
        members = self._of(self._mapping.roots[record_type])
        # Almost every record holds known codes alone, and to see that much costs half as much.
        return [] if self._known(members, record) else self._in_object(members, record)

    def _known(self, members: "_Members", node: dict[str, Any]) -> bool:
        """Whether each code at or below the members of an object is known."""
        for name, value in node.items():
            member = members.get(name)
            if member is None:
                continue
            repeats, codes, below = member
            for one in value if repeats else (value,):
                if codes is not None:
                    if one not in codes:
                        return False
                elif below is not None:
                    if not self._known(below, one):
                        return False
                elif self._in_coded_value(one):
                    return False
        return True

    # Paths are put together only where a code is not found.
    def _in_object(self, members: "_Members", node: dict[str, Any]) -> list[str]:
        found: list[str] = []
        for name, value in node.items():
            if name not in members:
                continue
            repeats, codes, below = members[name]
            if codes is not None and not repeats and value in codes:
                continue
            for place, one in enumerate(value) if repeats else ((None, value),):
                ends = self._ends(one, codes, below)
                if ends:
                    here = f"/{name}" if place is None else f"/{name}/{place}"
                    found += [f"{here}{end}" for end in ends]
        return found

    def _ends(self, one: Any, codes: frozenset[str] | None, below: "_Members | None") -> list[str]:
        if codes is not None:
            return [] if one in codes else [""]
        return self._in_coded_value(one) if below is None else self._in_object(below, one)

    def _in_coded_value(self, value: dict[str, Any]) -> list[str]:
        if "list" not in value or "code" not in value:
            return []
        codes = self._lists.find(value["list"], value.get("listVersion"))
        if codes is not None:
            return [] if codes.has(value["code"]) else ["/code"]
        return ["/listVersion" if value["list"] in self._lists.names else "/list"]

    def _of(self, type_name: str) -> "_Members":
        if type_name not in self._members:
            self._members[type_name] = dict(self._coded(type_name))
        return self._members[type_name]

    def _coded(self, type_name: str) -> Iterator[tuple[str, "_Member"]]:
        for member in self._mapping.objects.get(type_name, ()):
            kind = member.type_name
            name = self._uses.get((type_name, member.name)) or self._uses.get((kind, ""))
            if name is not None:
                codes = frozenset(self._lists.named(name).titles)
                yield member.name, _Member(member.repeats, codes, None)
            elif kind == CODED_VALUE:
                yield member.name, _Member(member.repeats, None, None)
            elif below := self._of(kind):
                yield member.name, _Member(member.repeats, None, below)

    @cached_property
    def _uses(self) -> dict[tuple[str, str], str]:
        rows = read_rows(self._lists.folder / "uses.csv")
        return {(row["type"], row["member"]): row["list"] for row in rows}


class _Member(NamedTuple):
    """A member with codes: of one list, in the members below it, or else a `CodedValue`."""

    repeats: bool
    codes: frozenset[str] | None
    below: "_Members | None"


_Members = dict[str, _Member]

"""`uz.work-history`: the answer of `citizenhistory`, JSON-RPC 2.0 (country-formats 5, R8).

A row is a contract or an amendment of it; amendments name their predecessor by `parent_id`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import missing

from adapters.uz.labour_contract import CODES, Region, RegisterNumber
from adapters.uz.persons import SexNumber, tell_scripts
from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText
from gateway.translation.date_fields import IsoDate, PartialIso
from gateway.translation.fields import Text, TwoWay, Unmapped, blank, clean, text_of
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, Opened, Tree, cannot_carry
from gateway.translation.media.foreign import Foreign
from gateway.translation.media.json_answers import JsonAnswer
from gateway.translation.paths import MISSING, native_pick, pick
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName
from gateway.translation.reading import Record
from gateway.translation.turn import Unreadable, turn

KODP = "KODP"
AROUND = {
    "jsonrpc": "2.0",
    "id": None,
    "error": None,
    "result": {"code": NumberText("200"), "success": True, "message": ""},
}


class InChain(dict[str, Any]):
    """A row that knows the number of the oldest row it goes back to (R8)."""

    __slots__ = ("oldest",)
    oldest: str


class HistoryAnswer(JsonAnswer):
    """The answer about one person; rows come oldest first, so that versions count up (R8)."""

    def open(self, foreign: Foreign) -> Opened:
        """Rows in the order of their chains, whatever their order in the file."""
        opened = super().open(foreign)
        return replace(opened, rows=list(_chained(list(opened.rows))))


def _chained(rows: list[tuple[int, Tree | Refusal]]) -> Iterator[tuple[int, Tree | Refusal]]:
    parents = {
        _number(row, "transaction_id"): _number(row, "parent_id")
        for _, row in rows
        if not isinstance(row, Refusal)
    }
    depths: list[tuple[int, int, Tree | Refusal]] = []
    for number, row in rows:
        if isinstance(row, Refusal):
            depths.append((0, number, row))
            continue
        depth, oldest = _ancestry(_number(row, "transaction_id"), parents)
        if oldest is None:
            depths.append((0, number, _circle(number)))
            continue
        linked = InChain(row)
        linked.oldest = oldest or _number(row, "parent_id")
        depths.append((depth, number, linked))
    yield from ((number, row) for _, number, row in sorted(depths, key=lambda one: one[:2]))


def _ancestry(number: str, parents: dict[str, str]) -> tuple[int, str | None]:
    """(steps to the oldest known predecessor, its number); None when they lead in a circle."""
    depth, seen = 0, {number}
    while parents.get(number):
        number, depth = parents[number], depth + 1
        if number in seen:
            return depth, None
        seen.add(number)
    return depth, number


def _circle(number: int) -> Refusal:
    return Refusal(
        "field.unreadable",
        step="translate",
        rule="the predecessors of the row lead back to it; each amendment has an older row",
        place=f"row {number}: /parent_id",
    )


def _number(row: Tree, name: str) -> str:
    """A row number without blanks in it; empty when the row has none."""
    value = row.get(name)
    return "".join(value.split()) if isinstance(value, str) else ""


class RowNumber(RegisterNumber):
    """The number of a row in the register; it may be spelled with blanks."""

    def read(self, value: Any) -> Any:
        return "".join(clean(text_of(value)).split())


class RowPerson(Identifier):
    """The person's number repeated in a row; a row about another person is refused."""

    def __init__(self, native: str, **options: Any) -> None:
        super().__init__(native, "person", "UZ-PINFL", **options)
        # Another spelling of the same place: no two fields of a row may have one path.
        self.common = self.attribute = "person/identifier[issuer=UZB]"

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        whose = native_pick(data["/"], "profile/pin")
        if blank(value) or not isinstance(whose, str) or blank(whose):
            return super().deserialize(value)
        if "".join(text_of(value).split()) != "".join(whose.split()):
            rule = "the row's person number must be the one of the profile"
            raise Unreadable("field.unreadable", rule)
        return missing


class Kodp(TwoWay):
    """A code of the national classifier of occupations; no table to ISCO-08 is known (R38)."""

    def read(self, value: Any) -> Any:
        turn().warn("CODE-UNMAPPED", self.common)
        return {"nativeCode": clean(text_of(value)), "nativeList": KODP}

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        code, pointer = pick(record, f"{self.common}/nativeCode")
        listed, _ = pick(record, f"{self.common}/nativeList")
        return (code, pointer) if listed == KODP else (MISSING, "")


class _Name(NamePart):
    """A part of a name as the register writes it."""

    def __init__(self, native: str, part: str, **options: Any) -> None:
        super().__init__(
            native, part, form="native", script="Latn", lang="uzb", substitute=True, **options
        )


class WorkHistory(Layout):
    """The contracts of one person, a row each."""

    name = "uz.work-history"
    record_type = "EmploymentContract"
    medium = HistoryAnswer(
        "result/data/experiences",
        "transaction_id",
        "company_inn",
        "kodp",
        "start_date",
        around=AROUND,
        shared="result/data/profile",
        many=True,
    )
    identity = "registrationNumber"
    about = "person"
    states = frozenset({"signed", "registered", "amended"})
    told_states = frozenset({"registered", "amended"})

    number = RowNumber("transaction_id", "registrationNumber", home_only=True, empty=None)
    parent = RowNumber("parent_id", "supersedes/number", home_only=True, empty=None)
    # R38: no table of these codes is known, so they say nothing about the state.
    kind = Unmapped("action_type_id", "state")
    pinfl = Identifier("profile/pin", "person", "UZ-PINFL", empty=None)
    foreign_pin = ForeignNumber("profile/foreign_pin", "person", kind="person")
    family = _Name("profile/person_surname", "family")
    given = _Name("profile/person_name", "given")
    patronymic = _Name("profile/person_patronymic", "patronymic", empty="")
    birth_date = PartialIso("profile/birth_date", "person/birthDate", midnight=False)
    sex = SexNumber("profile/gender", "person/sex", CODES["sex"])
    row_pin = RowPerson("person_pin", empty=None)
    company_tin = Identifier("company_inn", "employer", "UZ-TIN", empty=None)
    company = OrganisationName("company_name", "employer")
    foreign_company = ForeignNumber("foreign_employer_reg", "employer", kind="organisation")
    position = Text("position_name", "position")
    occupation = Kodp("kodp", "occupation", empty=None)
    region = Region("soato_code", "workplace")
    workplace = Text("workplace_address", "workplace/text", empty=None)
    contract = Text("contract_number", "contractNumber")
    signed = IsoDate("contract_date", "signed")
    starts = IsoDate("start_date", "from", required=True)
    ends = IsoDate("end_date", "to", empty=None)

    def complete(self, record: Record) -> None:
        super().complete(record)
        tell_scripts(record)
        # country-formats 5: an amendment is a new row linked by `parent_id`.
        record["state"] = "amended" if "supersedes" in record else "registered"

    def identify(self, record: Record, tree: Tree) -> str | None:
        return tree.oldest if isinstance(tree, InChain) else super().identify(record, tree)

    def unfit(self, records: Sequence[tuple[str, Record, str]]) -> dict[int, Refusal]:
        found = super().unfit(records)
        people = [record.get("person") for _, record, _ in records]
        for place, (_, record, country) in enumerate(records):
            if people[place] != people[0]:
                rule = "an answer is about one person"
                found.setdefault(place, cannot_carry(rule, "/record/person"))
            if ("supersedes" in record and country == "UZ") != (record.get("state") == "amended"):
                rule = "an amendment stands beside the number of an older row of this register"
                found.setdefault(place, cannot_carry(rule, "/record/state"))
        return found

    def lost(self, record: Record, consumed: set[str]) -> list[str]:
        lost = super().lost(record, consumed)
        if record["state"] == "amended" and "/supersedes/number" not in consumed:
            # Only the number of the older row says that a row amends it.
            lost.append("/state")
        return lost

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if "employer" not in record:
            raise cannot_carry("the register holds organisations as employers", "/record/employer")

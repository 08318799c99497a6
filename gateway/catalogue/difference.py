"""What changed between two versions of the standard, line by line: compatible or breaking.

`compatible`: what was valid stays valid, and a record of the new version can be handed down to a
reader of the old one by leaving out what is new. `breaking-for-readers`: who writes need not
change, but a reader of the old version meets what it must refuse and nothing can be left out: a
code added, a pattern or a number of times widened, a mandatory member made optional. `breaking`:
what was valid may be refused now, or means something else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.catalogue.beside import read_beside
from gateway.catalogue.folders import query_folders, record_folders
from gateway.catalogue.rules import Rule
from gateway.catalogue.subset import (
    Member,
    ObjectType,
    RootType,
    SubsetError,
    TextType,
    read_root,
    read_roots,
)

COMPATIBLE, READERS, BREAKING = "compatible", "breaking-for-readers", "breaking"
_ENDLESS = 2**31


@dataclass(frozen=True, slots=True)
class Change:
    """One line: its verdict, the type or member it is about, and what happened."""

    verdict: str
    place: str
    text: str

    def members(self) -> dict[str, str]:
        """The line for programs."""
        return {"verdict": self.verdict, "place": self.place, "text": self.text}


def read_standard(path: Path) -> dict[str, RootType]:
    """A schemas folder, or one XSD, by record type. SubsetError when it cannot be read."""
    if path.is_file():
        root = read_root(path)
        return {root.name: root}
    if not path.is_dir() or not any(path.glob("records/*/1/record.xsd")):
        raise SubsetError(f"{path.name} holds no records/*/1/record.xsd")
    return {root.name: root for root in read_roots(path)}


def differences(old: Path, new: Path) -> list[Change]:
    """Every change from one schemas folder, or XSD, to the other; SubsetError as above."""
    before, after = read_standard(old), read_standard(new)
    found = [Change(BREAKING, name, "record type removed") for name in before if name not in after]
    found += [Change(COMPATIBLE, name, "record type added") for name in after if name not in before]
    seen: set[tuple[str, str]] = set()
    for name in before.keys() & after.keys():
        found += _types(before[name], after[name], seen)
        if old.is_dir() and new.is_dir() and name != "Header":
            found += _rules(_folder(old, name), _folder(new, name))
    return sorted(found, key=lambda one: (one.place, one.verdict, one.text))


def _types(old: RootType, new: RootType, seen: set[tuple[str, str]]) -> Iterator[Change]:
    # Types follow the members that lead to them: a type that was only renamed is no change.
    todo = [(old.own.name, new.own.name, "")]
    while todo:
        first, second, path = todo.pop()
        if (first, second) in seen:
            continue
        seen.add((first, second))
        place = first if first == second or not path else f"{path} ({first}, now {second})"
        before, after = old.types[first], new.types[second]
        if isinstance(before, ObjectType) and isinstance(after, ObjectType):
            yield from _members(before, after)
            later = {member.name: member.type_name for member in after.members}
            todo += [
                (member.type_name, later[member.name], f"{before.name}.{member.name}")
                for member in before.members
                if member.name in later
            ]
        elif isinstance(before, TextType) and isinstance(after, TextType):
            yield from _text(place, before, after)
        else:
            yield Change(BREAKING, place, "an object became a text, or a text an object")


def _members(old: ObjectType, new: ObjectType) -> Iterator[Change]:
    before = {member.name: member for member in old.members}
    after = {member.name: member for member in new.members}
    for name, member in before.items():
        if name not in after:
            yield Change(BREAKING, f"{old.name}.{name}", "member removed")
        else:
            yield from _times(f"{old.name}.{name}", member, after[name])
    for name, member in after.items():
        if name not in before:
            optional = member.low == 0
            word = "optional member added" if optional else "mandatory member added"
            yield Change(COMPATIBLE if optional else BREAKING, f"{old.name}.{name}", word)
    if [one for one in before if one in after] != [one for one in after if one in before]:
        yield Change(BREAKING, old.name, "members stand in another order, which XML keeps")


def _times(place: str, old: Member, new: Member) -> Iterator[Change]:
    if new.low > old.low:
        yield Change(BREAKING, place, f"made mandatory: {old.times} became {new.times}")
    elif new.low < old.low:
        # Readers of the old version rely on the member.
        yield Change(READERS, place, f"made optional: {old.times} became {new.times}")
    if new.repeats != old.repeats:
        word = "a list" if new.repeats else "a single value"
        yield Change(BREAKING, place, f"became {word} in JSON: {old.times} became {new.times}")
    elif new.high != old.high:
        narrower = old.high is None or (new.high is not None and new.high < old.high)
        verdict = BREAKING if narrower else READERS
        yield Change(verdict, place, f"may stand {new.times}, was {old.times}")
    if new.unit != old.unit:
        # A unit that was never said may be said; one that changes changes every value.
        verdict = BREAKING if old.unit else COMPATIBLE
        yield Change(verdict, place, f"unit is {_said(new.unit)}, was {_said(old.unit)}")


def _said(unit: str) -> str:
    return unit or "not said"


def _text(place: str, old: TextType, new: TextType) -> Iterator[Change]:
    if old.kind != new.kind:
        yield Change(BREAKING, place, f"is a {new.kind} in JSON, was a {old.kind}")
    elif old.codes and new.codes:
        gone = [code for code in old.codes if code not in new.codes]
        came = [code for code in new.codes if code not in old.codes]
        yield from (Change(BREAKING, place, f"code {code} removed") for code in gone)
        yield from (Change(READERS, place, f"code {code} added") for code in came)
    elif set(old.patterns) < set(new.patterns):
        yield Change(READERS, place, "a pattern was added beside those there were")
    elif old.patterns != new.patterns:
        # Whether one pattern allows all of another is not decided here, so it counts as narrower.
        yield Change(BREAKING, place, "pattern changed, so what was valid may not be")
    if old.max_length != new.max_length:
        shorter = (new.max_length or _ENDLESS) < (old.max_length or _ENDLESS)
        told = f"longest text is {new.max_length or 'endless'}, was {old.max_length or 'endless'}"
        yield Change(BREAKING if shorter else READERS, place, told)


def _folder(schemas: Path, name: str) -> Path:
    folders = (*record_folders(schemas), *query_folders(schemas))
    return next(one for one in folders if one.parent.name == name)


def _rules(old: Path, new: Path) -> Iterator[Change]:
    before, after, name = read_beside(old), read_beside(new), new.parent.name
    yield from (
        Change(BREAKING, name, f"rule added: {_rule(rule)}")
        for rule in _only(after.rules, before.rules)
    )
    yield from (
        Change(COMPATIBLE, name, f"rule removed: {_rule(rule)}")
        for rule in _only(before.rules, after.rules)
    )
    for step in before.steps:
        if step not in after.steps:
            yield Change(BREAKING, name, f"step removed: {_step(step)}")
    for step in after.steps:
        if step not in before.steps:
            yield Change(READERS, name, f"step added: {_step(step)}")
    if after.sensitivity != before.sensitivity:
        told = f"sensitivity became {after.sensitivity}, was {before.sensitivity}"
        yield Change(BREAKING, name, told)
    if set(after.recipients) != set(before.recipients):
        yield Change(BREAKING, name, "other members decide where a record may go")


def _only(these: tuple[Rule, ...], others: tuple[Rule, ...]) -> list[Rule]:
    # The words of a rule may change; what it demands may not.
    known: Mapping[tuple[str, str, str, str], Rule] = {_demand(one): one for one in others}
    return [one for one in these if _demand(one) not in known]


def _demand(rule: Rule) -> tuple[str, str, str, str]:
    return rule.name, rule.first, rule.second, rule.when


def _rule(rule: Rule) -> str:
    return " ".join(one for one in (rule.name, rule.first, rule.second, rule.when) if one)


def _step(step: tuple[str, str]) -> str:
    return f"{step[0] or 'begin'} to {step[1]}"

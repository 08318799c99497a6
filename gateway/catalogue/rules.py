"""Rules across members, as data beside the XSD, and what each rule name means."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

from gateway.model.refusal import Refusal

_LENGTHS = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True)
class Rule:
    """One row of `rules.csv`: name, one or two member paths, words, and when it holds.

    `second` is empty, a path, or the values that `one-of` allows, between blanks. Two paths are
    compared inside each object that holds both. `when` is empty or `/member=value value`: the rule
    holds for these values only.
    """

    name: str
    first: str
    second: str
    text: str
    when: str

    @cached_property
    def head(self) -> str:
        """The member without which the rule says nothing; empty when it always may."""
        return "" if self.name in _OF_ABSENT else _members(self.first)[0]

    @cached_property
    def breaks(self) -> Callable[[dict[str, Any]], bool]:
        """Whether a record breaks the rule; its paths are told apart once."""
        holder, first, second = pair(self.first, self.second)
        broken, walk = _BROKEN[self.name], walker(first)
        if isinstance(second, str):
            other = walker(second)
        else:
            allowed = second

            def other(_node: Any) -> list[Any]:
                return allowed

        if not holder:
            return lambda record: broken(walk(record), other(record))
        # The two members of one entry of a list are compared, not those of different entries.
        nodes = walker(holder)
        return lambda record: any(broken(walk(node), other(node)) for node in nodes(record))


def load_rules(file: Path) -> tuple[Rule, ...]:
    """Read `rules.csv`; KeyError for a rule name that has no meaning here."""
    with file.open(encoding="utf-8", newline="") as lines:
        rules = tuple(
            Rule(row["rule"], row["first"], row["second"], row["text"], row.get("when") or "")
            for row in csv.DictReader(lines)
        )
    for rule in rules:
        _BROKEN[rule.name]
    return rules


def check_rules(rules: tuple[Rule, ...], record: dict[str, Any]) -> None:
    """Refuse `record.rule` with the rule's words and the path of its first member."""
    for rule in rules:
        # Most members are absent from most records, and then most rules have nothing to judge.
        if rule.head and rule.head not in record:
            continue
        if (not rule.when or _holds(rule.when, record)) and rule.breaks(record):
            raise Refusal("record.rule", step="validate", rule=rule.text, place=rule.first)


Walk = Callable[[Any], list[Any]]
_NOTHING: list[Any] = []


@cache
def walker(path: str) -> Walk:
    """What gives every value at a path below an object, as `values` does; never to be changed."""
    name, *rest = _members(path) or ("",)
    if not path:
        return lambda node: [node]
    further = walker("".join(f"/{one}" for one in rest)) if rest else None

    def last(node: Any) -> list[Any]:
        value = node.get(name) if isinstance(node, dict) else None
        if value is None:
            return _NOTHING
        return value if isinstance(value, list) else [value]

    def onward(node: Any) -> list[Any]:
        value = node.get(name) if isinstance(node, dict) else None
        if value is None or further is None:
            return _NOTHING
        if isinstance(value, list):
            return [one for element in value for one in further(element)]
        return further(value)

    return last if further is None else onward


def values(record: Any, path: str) -> list[Any]:
    """Give every value at a path of members (`/person/name/family`), through lists."""
    node: Any = record
    names = _members(path)
    for depth, name in enumerate(names):
        if isinstance(node, list):
            rest = "".join(f"/{one}" for one in names[depth:])
            return [value for one in node for value in values(one, rest)]
        node = node.get(name) if isinstance(node, dict) else None
        if node is None:
            return []
    return node if isinstance(node, list) else [node]


@cache
def _members(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")[1:])


@cache
def pair(first: str, second: str) -> tuple[str, str, str | list[str]]:
    """The innermost member that holds both paths, and the two below it; or the values allowed."""
    if second[:1] != "/":
        return "", first, second.split()
    both = zip(_members(first)[:-1], _members(second)[:-1], strict=False)
    shared = takewhile(lambda pair: pair[0] == pair[1], both)
    holder = "".join(f"/{one}" for one, _ in shared)
    return holder, first[len(holder) :], second[len(holder) :]


def _holds(when: str, record: dict[str, Any]) -> bool:
    path, _, wanted = when.partition("=")
    return any(value in wanted.split() for value in values(record, path))


def _exactly_one(first: list[Any], second: list[Any]) -> bool:
    return bool(first) == bool(second)


def _absent(first: list[Any], _second: list[Any]) -> bool:
    return not first


def _both(first: list[Any], second: list[Any]) -> bool:
    return bool(first) and bool(second)


def _after(first: list[Any], second: list[Any]) -> bool:
    # Whole numbers, or ISO dates of one length, which compare as text.
    for a in first:
        for b in second:
            if a > b:
                return True
    return False


def _nameless(first: list[Any], _second: list[Any]) -> bool:
    return not all(one.get("name") or one.get("identifier") for one in first)


def _outside(first: list[Any], second: list[Any]) -> bool:
    return any(str(one) not in second for one in first)


def _two_kinds_of_name(first: list[Any], _second: list[Any]) -> bool:
    return any(one.get("noFamilyName") is True and "family" in one for one in first)


def _not_one_employer(first: list[Any], _second: list[Any]) -> bool:
    return any(
        len(one) > 1 if "person" in one else not one.get("name") and not one.get("identifier")
        for one in first
    )


def _same(first: list[Any], second: list[Any]) -> bool:
    return first == second


def _value_without_precision(first: list[Any], _second: list[Any]) -> bool:
    return any(len(one.get("value", "")) != _LENGTHS.get(one["precision"], 0) for one in first)


_BROKEN: dict[str, Callable[[list[Any], list[Any]], bool]] = {
    "exactly-one": _exactly_one,
    "present": _absent,
    "at-most-one": _both,
    "not-after": _after,
    "not-above": _after,
    "name-or-identifier": _nameless,
    "organisation-or-person": _not_one_employer,
    "no-family-name": _two_kinds_of_name,
    "one-of": _outside,
    "differ": _same,
    "value-with-precision": _value_without_precision,
}

# Rules that an absent first member may break.
_OF_ABSENT = frozenset({"exactly-one", "present", "differ"})

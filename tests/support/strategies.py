"""Records made from the schema itself: what its patterns, cardinalities and rules allow, at random.

`records` gives whatever the schema allows; `likely_records` gives codes that exist and identifiers
that are right, as a ministry would send them. VOLUME is how many records a test asks a type for.
"""

import json
import os
import random
import re
import string
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache, partial
from operator import ne
from typing import Any

import pycountry
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from gateway.catalogue.rules import Rule, pair, values
from gateway.translation.identifiers import SCHEMES, WrongIdentifier, state_of
from tests.support.schemas import SCHEMAS, catalogue

Record = dict[str, Any]
VOLUME = int(os.environ.get("LMX_RECORDS", "12"))
# In CI the same records each time; the night looks elsewhere every time.
generated = settings(
    max_examples=VOLUME,
    deadline=None,
    database=None,
    derandomize=VOLUME < 100,
    suppress_health_check=list(HealthCheck),
    # Shrinking a record of hundreds of members takes minutes; the first one found says enough.
    phases=[Phase.explicit, Phase.generate],
    print_blob=True,
)
_LENGTHS = {4: "year", 7: "month", 10: "day", 0: "none"}
# One line of text as the schema spells it: a set for its ends and one for what lies between.
_LINE = re.compile(
    r"(?:\(\?:)?\[(?P<edge>[^\[\]]+)\]\(\[(?P<inner>[^\[\]]+)\]\*\[[^\[\]]+\]\)\?\)?", re.DOTALL
)
_LETTERS = string.ascii_letters + " -.АБВабвҚқҒғҲҳӮӯӢӣҶҷӘәҢңӨөҰұҮүIі" + "ʻʼ"


def records(record_type: str) -> st.SearchStrategy[Record]:
    """Every record of a type that the schema and its rules allow."""
    return _obeying(record_type, _Made(record_type, {}))


def likely_records(record_type: str) -> st.SearchStrategy[Record]:
    """Records whose codes exist, whose identifiers are right, whose texts are words."""
    return _obeying(record_type, _Made(record_type, _likely()))


class _Made:
    """The strategies of one record type's definitions, each made once."""

    def __init__(self, record_type: str, instead: dict[str, st.SearchStrategy[Any]]) -> None:
        """instead: strategies by type name that stand for what the pattern alone would give."""
        path = SCHEMAS / "generated" / f"{record_type}.schema.json"
        self.defs = json.loads(path.read_text("utf-8"))["$defs"]
        self.mapping = catalogue().mapping
        self.instead = instead
        self.known: dict[str, st.SearchStrategy[Any]] = {}
        self.root_name = self.mapping.roots[record_type]
        self.root = self.of(self.root_name)

    def of(self, type_name: str) -> st.SearchStrategy[Any]:
        """The strategy of one type."""
        if type_name not in self.known:
            given = self.instead.get(type_name)
            self.known[type_name] = self._make(type_name) if given is None else given
        return self.known[type_name]

    def at(self, path: str) -> st.SearchStrategy[Any]:
        """The strategy of one value at a member path, an element where the member is a list."""
        kind = self.root_name
        for step in path.split("/")[1:]:
            kind = next(one.type_name for one in self.mapping.objects[kind] if one.name == step)
        return self.of(kind)

    def _make(self, type_name: str) -> st.SearchStrategy[Any]:
        found = self.defs[type_name]
        if found["type"] == "object":
            return self._object(type_name, found)
        if found["type"] == "boolean":
            return st.booleans()
        if found["type"] == "integer":
            low, high = found["minimum"], found["maximum"]
            return st.integers(low, 200) | st.integers(low, high)
        return self._text(found)

    def _object(self, type_name: str, found: Record) -> st.SearchStrategy[Record]:
        members = {}
        for member in self.mapping.objects[type_name]:
            likely = self.instead.get(f"{type_name}.{member.name}")
            one = self.of(member.type_name) if likely is None else likely
            most = found["properties"][member.name].get("maxItems", 2)
            members[member.name] = (
                st.lists(one, min_size=1, max_size=most) if member.repeats else one
            )
        needed = {name: members[name] for name in found["required"]}
        optional = {name: one for name, one in members.items() if name not in needed}
        # The order of members is the schema's, as a writer would keep it.
        order = {name: place for place, name in enumerate(members)}
        return st.fixed_dictionaries(needed, optional=optional).map(
            lambda made: dict(sorted(made.items(), key=lambda item: order[item[0]]))
        )

    @staticmethod
    def _text(found: Record) -> st.SearchStrategy[str]:
        inner = found["pattern"].removeprefix("^(?:").removesuffix(")$")
        longest = found.get("maxLength", 10_000)
        line = _LINE.fullmatch(inner)
        if line is not None:
            return _line(line["edge"], line["inner"])
        made = st.from_regex(re.compile(inner, re.ASCII), fullmatch=True)
        return made.filter(lambda text: len(text) <= longest)


def _line(edge: str, inner: str) -> st.SearchStrategy[str]:
    """Text of two sets of characters; drawn directly, since its pattern takes seconds to draw."""
    ends, middle = _characters(edge), st.text(_characters(inner), max_size=24)
    return ends | st.tuples(ends, middle, ends).map("".join)


@cache
def _characters(ranges: str) -> st.SearchStrategy[str]:
    found = re.findall(r"(.)-(.)|(.)", ranges, re.DOTALL)
    return st.one_of(
        [
            st.sampled_from(alone)
            if alone
            else st.characters(
                min_codepoint=ord(low), max_codepoint=ord(high), exclude_categories=["Cs"]
            )
            for low, high, alone in found
        ]
    )


@cache
def _likely() -> dict[str, st.SearchStrategy[Any]]:
    words = st.text(_LETTERS, min_size=1, max_size=24).map(
        lambda text: " ".join(text.split()) or "A"
    )
    return {
        "CountryCode": st.sampled_from(["KAZ", "KGZ", "TJK", "UZB", "RUS"])
        | st.sampled_from(sorted(one.alpha_3 for one in pycountry.countries)),
        "CurrencyCode": st.sampled_from(["KZT", "KGS", "TJS", "UZS", "RUB", "USD"])
        | st.sampled_from(sorted(one.alpha_3 for one in pycountry.currencies)),
        "LanguageCode": st.sampled_from(["kaz", "kir", "rus", "tgk", "uzb", "eng"]),
        "ScriptCode": st.sampled_from(["Cyrl", "Latn"]),
        "SubdivisionCode": st.sampled_from(["KZ-75", "KZ-71", "KG-C", "TJ-SU", "UZ-TK", "UZ-SA"]),
        "Identifier": st.sampled_from([one for name in sorted(SCHEMES) for one in _right(name)]),
        "PersonName": _name(words),
        "Document": _document(),
        "PartialDateValue": _days() | _days().map(lambda one: one[:7]) | _days().map(_year),
        "Year": _days().map(_year),
        **{
            f"{name}.occupation": _isco()
            for name in (
                "MovementEventType",
                "JobOrderType",
                "CandidateProfileType",
                "EmploymentContractType",
                "WorkAuthorisationType",
            )
        },
        "MovementEventType.purpose": st.sampled_from(
            [{"code": "work"}, {"code": "study"}, {"code": "work", "nativeCode": "работа"}]
        ),
        "Text": words,
        "LongText": words,
        "Date": _days(),
        "Decimal": st.decimals(0, 9_999_999, places=2).map(lambda one: f"{one:.2f}"),
        "Integer": st.integers(0, 60),
    }


def _days() -> st.SearchStrategy[str]:
    return st.dates(min_value=date(1950, 1, 1), max_value=date(2026, 11, 1)).map(str)


def _year(day: str) -> str:
    return day[:4]


def _isco() -> st.SearchStrategy[Record]:
    """An occupation by its unit group, the national words beside it."""
    labels = st.sampled_from([{}, {"label": [{"text": "Каменщик", "lang": "rus"}]}])
    codes = st.sampled_from(["7112", "5223", "8332", "9313"])
    return st.tuples(codes, labels).map(lambda one: {"code": one[0], "list": "ISCO-08", **one[1]})


def _name(words: st.SearchStrategy[str]) -> st.SearchStrategy[Record]:
    """A native name in parts, family first, as all four countries' registers keep it."""
    cyrillic = ("Назарова", "Фарзона", "Ҳакимовна"), ("Асанбек уулу", "Үсөн", "Бакытович")
    latin = ("Qoʻchqorov", "Gʻayratjon", "Shuhrat oʻgʻli"), ("KUCHKAROV", "GAYRATJON", "SHUHRAT")
    known = [(*one, "Cyrl") for one in cyrillic] + [(*one, "Latn") for one in latin]
    whole = words.map(lambda full: {"form": "native", "full": full, "noFamilyName": True})
    return st.sampled_from([_parted(*one) for one in known]) | whole


def _parted(family: str, given: str, patronymic: str, script: str) -> Record:
    name = {"form": "native", "script": script, "family": family, "given": given}
    return {**name, "patronymic": patronymic, "full": f"{family} {given} {patronymic}"}


def _document() -> st.SearchStrategy[Record]:
    numbers = st.integers(0, 10**9 - 1).map(lambda one: f"{one:09}")
    return st.fixed_dictionaries(
        {
            "type": st.sampled_from(["passport", "idCard", "identityDocument"]),
            "number": numbers | numbers.map(lambda one: f"FA{one[2:]}"),
        },
        optional={"issuer": st.sampled_from(["KAZ", "UZB", "TJK"]), "expires": _days()},
    )


def _right(name: str) -> list[Record]:
    """Some right numbers of a scheme, the same ones each time."""
    chance = random.Random(name)  # noqa: S311 - invented numbers, no secrets
    scheme, found = SCHEMES[name], []
    while len(found) < 12:
        number = "".join(chance.choices(string.digits, k=scheme.lengths[0]))
        with suppress(WrongIdentifier):
            state = state_of(name, number)
            found.append({"scheme": name, "value": number, "issuer": scheme.issuer, "state": state})
    return found


@st.composite
def _obeying(draw: st.DrawFn, record_type: str, made: _Made) -> Record:
    record: Record = draw(made.root)
    found = catalogue().types[record_type]
    for rule in found.rules:
        path, _, wanted = rule.when.partition("=")
        if not rule.when or any(one in wanted.split() for one in values(record, path)):
            _OBEY[rule.name](draw, made, rule, record)
    return record


def _holders(rule: Rule, record: Record) -> list[tuple[Record, str, str]]:
    """Each object that holds a rule's members directly, with their names."""
    holder, first, second = pair(rule.first, rule.second)
    assert isinstance(second, str)
    assert first.count("/") == second.count("/") == 1
    return [(node, first[1:], second[1:]) for node in values(record, holder)]


def _one(draw: st.DrawFn, made: _Made, rule: Rule, record: Record) -> None:
    _at_most_one(draw, made, rule, record)
    for node, first, second in _holders(rule, record):
        if first not in node and second not in node:
            node[first] = draw(made.at(rule.first))
    _in_order(record, made)


def _at_most_one(_draw: st.DrawFn, _made: _Made, rule: Rule, record: Record) -> None:
    for node, first, second in _holders(rule, record):
        if first in node and second in node:
            del node[second]


def _not_after(_draw: st.DrawFn, _made: _Made, rule: Rule, record: Record) -> None:
    for node, first, second in _holders(rule, record):
        if first in node and second in node and node[first] > node[second]:
            node[first], node[second] = node[second], node[first]


def _named(draw: st.DrawFn, made: _Made, rule: Rule, record: Record) -> None:
    for node in values(record, rule.first):
        if not node.get("name") and not node.get("identifier"):
            node["name"] = [draw(made.at(f"{rule.first}/name"))]
    _in_order(record, made)


def _present(draw: st.DrawFn, made: _Made, rule: Rule, record: Record) -> None:
    if not values(record, rule.first):
        record[rule.first[1:]] = draw(made.at(rule.first))
    _in_order(record, made)


def _employing(draw: st.DrawFn, made: _Made, rule: Rule, record: Record) -> None:
    for node in values(record, rule.first):
        if "person" in node:
            for name in node.keys() - {"person"}:
                del node[name]
        elif not node.get("name") and not node.get("identifier"):
            node["name"] = [draw(made.at(f"{rule.first}/name"))]
    _in_order(record, made)


def _differ(draw: st.DrawFn, made: _Made, rule: Rule, record: Record) -> None:
    for node, first, second in _holders(rule, record):
        if node[first] == node[second]:
            node[second] = draw(made.at(rule.second).filter(partial(ne, node[first])))


def _precise(_draw: st.DrawFn, _made: _Made, rule: Rule, record: Record) -> None:
    for node in values(record, rule.first):
        node["precision"] = _LENGTHS[len(node.get("value", ""))]


def _single(_draw: st.DrawFn, _made: _Made, rule: Rule, record: Record) -> None:
    for node in values(record, rule.first):
        if node.get("noFamilyName") and "family" in node:
            del node["noFamilyName"]


def _allowed(draw: st.DrawFn, _made: _Made, rule: Rule, record: Record) -> None:
    *above, last = rule.first.split("/")
    for node in values(record, "/".join(above)):
        if last in node:
            node[last] = int(draw(st.sampled_from(rule.second.split())))


def _in_order(record: Record, made: _Made) -> None:
    """Put members that were added at their place, as a writer would."""

    def sort(node: Any, type_name: str) -> None:
        members = made.mapping.objects.get(type_name)
        if members is None:
            return
        for member in members:
            if member.name in node:
                value = node.pop(member.name)
                node[member.name] = value
                for one in value if member.repeats else [value]:
                    sort(one, member.type_name)

    sort(record, made.root_name)


_OBEY: dict[str, Callable[[st.DrawFn, _Made, Rule, Record], None]] = {
    "exactly-one": _one,
    "present": _present,
    "organisation-or-person": _employing,
    "at-most-one": _at_most_one,
    "not-after": _not_after,
    "not-above": _not_after,
    "name-or-identifier": _named,
    "differ": _differ,
    "value-with-precision": _precise,
    "no-family-name": _single,
    "one-of": _allowed,
}

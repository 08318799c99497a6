"""Judge an agreement text before it is published: its form, and whether records can still meet it.

A running gateway reads texts by `gateway.model.agreement_text`; here a person who drafts is told
early what no record could meet (a mandatory member withheld, a mask that no schema would take) and
what no gateway would do.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from gateway.catalogue.catalogue import Catalogue
from gateway.model.agreement import Agreement, Grant
from gateway.model.agreement_text import read_agreement
from gateway.model.masking import YEAR, Mask
from gateway.model.member_rules import masked, paths_asked, withheld_of, without
from gateway.model.refusal import Refusal

SCHEMA = Path("agreement") / "1" / "agreement.schema.json"
_HINT = "see docs/reference/agreement.md"
# A mask is tried on what a ministry may send: a date told to the day, a word of letters and digits.
_DATE, _WORD = {"value": "1990-05-04", "precision": "day"}, "A1B2C3D4"


def check_text(catalogue: Catalogue, schemas: Path, text: Any) -> Agreement:
    """Give the agreement of a text that is well formed and that records can meet.

    Refuses `agreement.malformed` and `agreement.draft`, each with the place in the text.
    """
    error = next(_schema(schemas).iter_errors(text), None)
    if error is not None:
        place = "".join(f"/{one}" for one in error.instance_path)
        rule = f"the text must meet {SCHEMA} ({error.schema_path[-1]}); {_HINT}"
        raise Refusal("agreement.malformed", step="draft", rule=rule, place=place or "/")
    agreement = read_agreement(text)
    _require_supported(agreement)
    for name, grant in agreement.grants.items():
        _check_grant(catalogue, schemas, grant, f"/recordTypes/{name}")
    return agreement


def members_of(schemas: Path, record_type: str, path: str) -> dict[str, Any] | None:
    """Give the schema definition that a member path leads to, None where there is no such member.

    It holds `$holder` and `$target`, the names of the type with the member and of its own, and the
    document's `$defs`.
    """
    document = _document(schemas, record_type)
    holder = document["$ref"].rpartition("/")[2]
    entry: dict[str, Any] = {}
    for depth, name in enumerate(path.split("/")[1:]):
        if depth:
            holder = _target(entry)
        entry = document["$defs"][holder].get("properties", {}).get(name, {})
        if not entry:
            return None
    defined, target = document["$defs"], _target(entry)
    return {**defined[target], "$holder": holder, "$target": target, "$defs": defined}


def _require_supported(agreement: Agreement) -> None:
    # Two governments must not sign what no gateway would hold them to.
    if agreement.stamps_required or agreement.stamp_authorities:
        rule = "no gateway holds to a policy for time stamps yet; write required false and no names"
        raise _draft(rule, "/timeStamps")
    both = set(agreement.corridor.split("-"))
    if agreement.witnesses_needed != 1 or set(agreement.witness_states) != both:
        rule = (
            "the other state's witness cosigns each log of a corridor, and every verifier asks for "
            "that one; write atLeast 1 of both states"
        )
        raise _draft(rule, "/witnesses")
    if agreement.test:
        rule = "no gateway takes test records yet; write test false"
        raise _draft(rule, "/test")
    for name, grant in agreement.grants.items():
        if grant.extract is not None:
            rule = "no gateway keeps an extract yet; leave this clause out"
            raise _draft(rule, f"/recordTypes/{name}/extract")


def _check_grant(catalogue: Catalogue, schemas: Path, grant: Grant, place: str) -> None:
    if grant.record_type not in catalogue.types:
        raise _draft("the standard has no such record type", place)
    level = catalogue.types[grant.record_type].sensitivity
    if level > grant.sensitivity_cap:
        rule = f"records of this type have sensitivity {level}, so that the cap lets none through"
        raise _draft(rule, f"{place}/sensitivityCap")
    rules = grant.members
    named = (*(rules.allowed or ()), *rules.withheld, *rules.masked)
    for path in sorted(named):
        if members_of(schemas, grant.record_type, path) is None:
            raise _draft(f"{grant.record_type} has no member {path}", f"{place}/members")
    for path in sorted(rules.withheld):
        _require_optional(schemas, grant, path, f"{place}/members/withheld")
    if rules.allowed is not None:
        document = _document(schemas, grant.record_type)
        root = document["$ref"].rpartition("/")[2]
        for path in _missing(document, root, rules.tree, rules.allowed, ""):
            rule = f"{path} is mandatory in every record and must stand in the allowed members"
            raise _draft(rule, f"{place}/members/allowed")
    for path, mask in rules.masked.items():
        _require_fitting(schemas, grant, path, mask, f"{place}/members/masked")
    _check_examples(catalogue, grant, f"{place}/members")


def _require_optional(schemas: Path, grant: Grant, path: str, place: str) -> None:
    found = members_of(schemas, grant.record_type, path) or {}
    above, _, name = path.rpartition("/")
    if name not in found["$defs"][found["$holder"]]["required"]:
        return
    if above:
        rule = f"{path} is mandatory wherever {above} stands; withhold {above} whole, or mask it"
    else:
        rule = f"{path} is mandatory in every record; mask or withhold what is below it"
    raise _draft(rule, place)


def _require_fitting(schemas: Path, grant: Grant, path: str, mask: Mask, place: str) -> None:
    found = members_of(schemas, grant.record_type, path) or {}
    schema = {"$ref": f"#/$defs/{found['$target']}", "$defs": found["$defs"]}
    probe = _DATE if mask.rule == YEAR else _WORD
    if jsonschema_rs.Draft202012Validator(schema).is_valid(mask.apply(probe)):
        return
    fits = "a date that may be partial" if mask.rule == YEAR else "a member of free text"
    raise _draft(f"{path} has a form of its own; {mask.rule} fits only {fits}", place)


def _missing(
    document: Mapping[str, Any], holder: str, tree: Any, allowed: frozenset[str], base: str
) -> Iterator[str]:
    definition = document["$defs"][holder]
    for name, entry in definition.get("properties", {}).items():
        path = f"{base}/{name}"
        if path in allowed:
            continue
        if name in tree:
            yield from _missing(document, _target(entry), tree[name], allowed, path)
        elif name in definition["required"]:
            yield path


def _check_examples(catalogue: Catalogue, grant: Grant, place: str) -> None:
    # The standard's own examples: what the rules across members make of the rest is seen here.
    folder = catalogue.types[grant.record_type].folder / "examples"
    for file in sorted(folder.glob("*.json")):
        record = json.loads(file.read_text("utf-8"))["record"]
        left = without(record, withheld_of(grant.members, paths_asked(grant.members, record)))
        try:
            catalogue.check(grant.record_type, masked(left, grant.members.masked))
        except Refusal as refusal:
            rule = f"the standard's example {file.name} would be a record no more ({refusal.rule})"
            raise _draft(f"{rule}, at {refusal.place}", place) from None


def _target(entry: Mapping[str, Any]) -> str:
    return str(entry.get("items", entry)["$ref"]).rpartition("/")[2]


@cache
def _document(schemas: Path, record_type: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (schemas / "generated" / f"{record_type}.schema.json").read_bytes()
    )
    return found


@cache
def _schema(schemas: Path) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads((schemas / SCHEMA).read_bytes()))


def _draft(rule: str, place: str) -> Refusal:
    return Refusal("agreement.draft", step="draft", rule=rule, place=place)

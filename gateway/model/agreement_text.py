"""Read an agreement text: every member known and of its kind, or it is refused with its place.

A member that this gateway does not know may limit what may be sent, so that it refuses the text
rather than leave the member aside. `schemas/agreement/1/agreement.schema.json` tells the same.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from gateway.model.agreement import Agreement, Extract, Grant, LegalBasis
from gateway.model.instants import read_instant
from gateway.model.masking import KEEP_LAST, REPLACE, RULES, Mask
from gateway.model.member_rules import MemberRules, member_rules, parents
from gateway.model.quotas import EACH, WINDOWS, Quota
from gateway.model.refusal import Refusal

FORMAT = 1
LANGUAGES = ("en", "kk", "ky", "ru", "tg", "uz")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")
_CORRIDOR = re.compile(r"([A-Z]{2})-([A-Z]{2})")
_PATH = re.compile(r"(?:/[a-z][A-Za-z0-9]{0,63}){1,8}")
_AUTHORITY = re.compile(r"[a-z]{2}\.[a-z0-9]+(?:-[a-z0-9]+)*")
_TOP = 10**9

_WHOLE = (
    "corridor", "format", "id", "legalBases", "recordTypes", "signatureRecognition", "test",
    "timeStamps", "title", "validFrom", "validTo", "version", "witnesses",
)  # fmt: skip
_GRANT = (
    "consentRequired", "directions", "handoverHours", "members", "purposes", "quotas",
    "relayHours", "retentionDays", "sensitivityCap", "versions",
)  # fmt: skip
_MASKS = {KEEP_LAST: ("keep", "rule"), REPLACE: ("rule", "text")}


def read_agreement(text: Any) -> Agreement:
    """Read the parsed JSON of an agreement. Refuses `agreement.malformed` with a JSON pointer."""
    found = _members(text, "", _WHOLE)
    if found["format"] != FORMAT:
        raise _malformed(f"this gateway reads texts of format {FORMAT}", "/format")
    corridor = _match(found["corridor"], "/corridor", _CORRIDOR)
    states = corridor.split("-")
    if states != sorted(set(states)):
        raise _malformed("a corridor names two states in the order of the alphabet", "/corridor")
    if found["id"] != corridor:
        raise _malformed("the id is the corridor", "/id")
    begins, ends = _instant(found, "validFrom"), _instant(found, "validTo")
    if begins >= ends:
        raise _malformed("the validity ends after it begins", "/validTo")
    bases = _each(found["legalBases"], "/legalBases", _CODE, _basis)
    types = _each(found["recordTypes"], "/recordTypes", _CODE, _grant)
    for name, grant in types.items():
        _require_coherent(grant, f"/recordTypes/{name}", corridor, bases)
    stamps = _members(found["timeStamps"], "/timeStamps", ("authorities", "required"))
    witnesses = _members(found["witnesses"], "/witnesses", ("atLeast", "of"))
    recognition = _members(
        found["signatureRecognition"], "/signatureRecognition", ("clause",), ("national",)
    )
    return Agreement(
        corridor,
        _integer(found["version"], "/version", 1, 10**6),
        _flag(found["test"], "/test"),
        _words(found["title"], "/title"),
        begins,
        ends,
        bases,
        types,
        _flag(stamps["required"], "/timeStamps/required"),
        _texts(stamps["authorities"], "/timeStamps/authorities", least=0),
        _integer(witnesses["atLeast"], "/witnesses/atLeast", 0, 9),
        _states(witnesses["of"], "/witnesses/of", states),
        _words(recognition["clause"], "/signatureRecognition/clause"),
        _national(recognition.get("national", {}), states),
    )


def _basis(code: str, node: Any, place: str) -> LegalBasis:
    found = _members(node, place, ("date", "source", "title"), ("article",))
    told = _text(found["date"], f"{place}/date")
    try:
        date.fromisoformat(told)
    except ValueError:
        raise _malformed("a date is written 2019-04-15", f"{place}/date") from None
    article = _text(found["article"], f"{place}/article") if "article" in found else ""
    source = _text(found["source"], f"{place}/source")
    return LegalBasis(code, _words(found["title"], f"{place}/title"), told, article, source)


def _grant(name: str, node: Any, place: str) -> Grant:
    found = _members(node, place, _GRANT, ("authorities", "extract", "noticeDays"))
    purposes = _each(found["purposes"], f"{place}/purposes", _CODE, _bases)
    notice = None
    if "noticeDays" in found:
        notice = _integer(found["noticeDays"], f"{place}/noticeDays", 0, 3650)
    return Grant(
        name,
        frozenset(
            _integer(one, f"{place}/versions", 1, 999)
            for one in _list(found["versions"], f"{place}/versions")
        ),
        frozenset(_texts(found["directions"], f"{place}/directions")),
        purposes,
        _authorities(found, place),
        _rules(found["members"], f"{place}/members"),
        _integer(found["sensitivityCap"], f"{place}/sensitivityCap", 0, 3),
        _flag(found["consentRequired"], f"{place}/consentRequired"),
        _integer(found["retentionDays"], f"{place}/retentionDays", 1, 36500),
        _integer(found["relayHours"], f"{place}/relayHours", 1, 8760),
        _integer(found["handoverHours"], f"{place}/handoverHours", 1, 87600),
        notice,
        tuple(
            _quota(one, f"{place}/quotas/{index}")
            for index, one in enumerate(_list(found["quotas"], f"{place}/quotas", least=0))
        ),
        _extract(found["extract"], f"{place}/extract") if "extract" in found else None,
    )


def _authorities(found: Mapping[str, Any], place: str) -> frozenset[str] | None:
    if "authorities" not in found:
        return None
    listed = _texts(found["authorities"], f"{place}/authorities")
    return frozenset(_match(one, f"{place}/authorities", _AUTHORITY) for one in listed)


def _rules(node: Any, place: str) -> MemberRules:
    found = _members(node, place, ("allowed", "masked", "withheld"))
    allowed = None
    if found["allowed"] != "all":
        allowed = _paths(found["allowed"], f"{place}/allowed", least=1)
    withheld = _paths(found["withheld"], f"{place}/withheld")
    masks = _each(found["masked"], f"{place}/masked", _PATH, _mask, least=0)
    for path in (*withheld, *masks):
        if allowed is not None and not {path, *parents(path)} & set(allowed):
            raise _malformed("what is withheld or masked must lie within what is allowed", place)
    for path in masks:
        if {path, *parents(path)} & set(withheld):
            raise _malformed("a withheld member is not masked too", f"{place}/masked")
    return member_rules(allowed, withheld, masks)


def _mask(_path: str, node: Any, place: str) -> Mask:
    rule = node.get("rule") if isinstance(node, dict) else None
    if rule not in RULES:
        raise _malformed(f"a mask is one of {', '.join(RULES)}", f"{place}/rule")
    found = _members(node, place, _MASKS.get(rule, ("rule",)))
    keep = _integer(found["keep"], f"{place}/keep", 0, 12) if "keep" in found else 0
    return Mask(rule, keep, _text(found["text"], f"{place}/text") if "text" in found else "")


def _quota(node: Any, place: str) -> Quota:
    found = _members(node, place, ("limit", "window"), ("direction", "each"))
    if found["window"] not in WINDOWS or found.get("each", EACH[0]) not in EACH:
        raise _malformed("a quota counts an hour or a day, each direction or authority", place)
    direction = _text(found["direction"], f"{place}/direction") if "direction" in found else None
    limit = _integer(found["limit"], f"{place}/limit", 0, _TOP)
    return Quota(found["window"], limit, direction, found.get("each", EACH[0]))


def _extract(node: Any, place: str) -> Extract:
    found = _members(node, place, ("bases", "key", "members", "retentionDays"))
    return Extract(
        _paths(found["members"], f"{place}/members", least=1),
        _texts(found["bases"], f"{place}/bases"),
        _match(found["key"], f"{place}/key", _CODE),
        _integer(found["retentionDays"], f"{place}/retentionDays", 1, 36500),
    )


def _require_coherent(
    grant: Grant, place: str, corridor: str, bases: Mapping[str, LegalBasis]
) -> None:
    one, other = corridor.split("-")
    both = {f"{one}>{other}", f"{other}>{one}"}
    counted = {quota.direction for quota in grant.quotas if quota.direction is not None}
    if not grant.directions <= both or not counted <= grant.directions:
        raise _malformed("the directions are those of the corridor", f"{place}/directions")
    named = {code for codes in grant.purposes.values() for code in codes}
    named |= set(grant.extract.bases) if grant.extract else set()
    if not named <= bases.keys():
        raise _malformed("each basis stands in legalBases", f"{place}/purposes")
    if grant.relay_hours > grant.handover_hours:
        raise _malformed("a record is relayed before it is handed over", f"{place}/handoverHours")
    for path in grant.extract.members if grant.extract else ():
        if {path, *parents(path)} & grant.members.withheld:
            raise _malformed("an extract holds nothing that is withheld", f"{place}/extract")


def _bases(_purpose: str, node: Any, place: str) -> tuple[str, ...]:
    return _texts(node, place)


def _national(node: Any, states: list[str]) -> dict[str, tuple[str, ...]]:
    place = "/signatureRecognition/national"
    if not isinstance(node, dict) or not node.keys() <= set(states):
        raise _malformed("national signatures are those of the two states", place)
    return {state: _texts(one, f"{place}/{state}") for state, one in node.items()}


def _states(node: Any, place: str, states: list[str]) -> tuple[str, ...]:
    found = _texts(node, place, least=0)
    if not set(found) <= set(states):
        raise _malformed("witnesses are those of the two states", place)
    return found


def _members(
    node: Any, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(node, dict):
        raise _malformed("an object stands here", place)
    for name in required:
        if name not in node:
            raise _malformed("a mandatory member is missing", f"{place}/{name}")
    for name in node:
        if name not in required and name not in optional:
            raise _malformed("this version knows no such member", f"{place}/{name}")
    return node


def _each(
    node: Any,
    place: str,
    names: re.Pattern[str],
    read: Callable[[str, Any, str], Any],
    least: int = 1,
) -> dict[str, Any]:
    if not isinstance(node, dict) or len(node) < least:
        raise _malformed("an object with members stands here", place)
    made = {}
    for name, one in node.items():
        # A slash in a name is written ~1 in a JSON pointer (RFC 6901).
        at = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
        made[_match(name, at, names)] = read(name, one, at)
    return made


def _list(node: Any, place: str, least: int = 1) -> list[Any]:
    if not isinstance(node, list) or len(node) < least:
        raise _malformed("a list stands here", place)
    return node


def _texts(node: Any, place: str, least: int = 1) -> tuple[str, ...]:
    found = tuple(_text(one, place) for one in _list(node, place, least))
    if len(set(found)) < len(found):
        raise _malformed("nothing stands twice in a list", place)
    return found


def _paths(node: Any, place: str, least: int = 0) -> tuple[str, ...]:
    return tuple(_match(one, place, _PATH) for one in _texts(node, place, least))


def _words(node: Any, place: str) -> dict[str, str]:
    if not isinstance(node, dict) or not node or not node.keys() <= set(LANGUAGES):
        raise _malformed(f"texts by language: {', '.join(LANGUAGES)}", place)
    return {language: _text(one, f"{place}/{language}") for language, one in node.items()}


def _text(node: Any, place: str) -> str:
    if not isinstance(node, str) or not node or node != node.strip():
        raise _malformed("a text stands here, without blanks around it", place)
    return node


def _match(node: Any, place: str, pattern: re.Pattern[str]) -> str:
    if not isinstance(node, str) or not pattern.fullmatch(node):
        raise _malformed("the name is not written as its kind is", place)
    return node


def _integer(node: Any, place: str, low: int, high: int) -> int:
    if type(node) is not int or not low <= node <= high:
        raise _malformed(f"a whole number from {low} to {high} stands here", place)
    return node


def _flag(node: Any, place: str) -> bool:
    if type(node) is not bool:
        raise _malformed("true or false stands here", place)
    return node


def _instant(found: Mapping[str, Any], name: str) -> datetime:
    try:
        return read_instant(found[name])
    except (TypeError, ValueError):
        raise _malformed("an instant is written 2026-01-01T00:00:00.000Z", f"/{name}") from None


def _malformed(rule: str, place: str) -> Refusal:
    return Refusal("agreement.malformed", step="policy", rule=rule, place=place or "/")

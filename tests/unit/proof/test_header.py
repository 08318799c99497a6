"""A header holds its members, each of its kind: the rules told one by one judge the reader."""

import copy
import hashlib
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.header import ACTIONS, header_bytes, read_header, stored_header
from tests.support.evidence import exchange

OCTETS = exchange().header()
MEMBERS: dict[str, Any] = read_canonical(OCTETS)
PREVIOUS = {"exchangeId": "x", "headerSha256": "h"}
FULL = {
    **MEMBERS, "previous": PREVIOUS, "caseId": "c", "inReplyTo": "x", "consentRef": "r",
    "transferBasis": "b", "noticeDue": "n", "historical": True, "withheld": ["/fee"],
}  # fmt: skip
OTHERS: list[Any] = [
    "", "KZ>UZ", "create", "2026-12-01T06:00:00.000Z", 0, 1, 3, 4, -1, True, False, [], ["a"],
    [1], {}, {"relay": "2026-12-01T06:00:00.000Z"}, {"json": 1}, PREVIOUS, [PREVIOUS],
    {"id": "a", "version": True, "sha256": "b"}, [MEMBERS["directory"][0]],
]  # fmt: skip
TEXTS = {
    "exchangeId", "corridor", "direction", "action", "recordType", "recordId", "from", "to",
    "submitter", "purpose", "createdAt",
}  # fmt: skip
NUMBERS = {"version", "schemaVersion", "recordVersion", "sensitivity", "retentionDays"}
OBJECTS: dict[str, dict[str, type]] = {
    "agreement": {"id": str, "version": int, "sha256": str},
    "expires": {"relay": str, "handover": str},
    "source": {"layout": str, "adapterVersion": str},
}


def is_object(value: Any, shape: dict[str, type]) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == shape.keys()
        and all(type(value[one]) is kind for one, kind in shape.items())
    )


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and value != [] and all(isinstance(one, str) for one in value)


def is_instant(value: Any) -> bool:
    try:
        read_instant(value)
    except ValueError:
        return False
    return True


def is_header(found: dict[str, Any]) -> bool:
    """Tell what a header is, rule by rule; parties and instants last, as they need the kinds."""
    directory = {"state": str, "snapshotVersion": int, "sha256": str}
    if not MEMBERS.keys() <= found.keys() <= FULL.keys():
        return False
    good = [
        *(isinstance(found[one], str) for one in TEXTS),
        *(type(found[one]) is int for one in NUMBERS),
        *(is_object(found[name], shape) for name, shape in OBJECTS.items()),
        type(found["test"]) is bool,
        type(found.get("historical", False)) is bool,
        isinstance(found["commitments"], dict)
        and all(isinstance(one, str) for one in found["commitments"].values()),
        isinstance(found["directory"], list)
        and all(is_object(one, directory) for one in found["directory"]),
        is_object(found.get("previous", PREVIOUS), {"exchangeId": str, "headerSha256": str}),
        is_texts(found["legalBasis"]),
        is_texts(found.get("withheld", ["-"])),
    ]
    if not all(good) or found["version"] != 1 or found["sensitivity"] not in {0, 1, 2, 3}:
        return False
    instants = (found["createdAt"], *found["expires"].values())
    parties = ("KZ>UZ", "KZ-UZ", "kz", "uz")
    return (
        found["action"] in ACTIONS
        and all(map(is_instant, instants))
        and parties == (found["direction"], found["corridor"], found["from"][:2], found["to"][:2])
    )


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for name, one in inner:
        found.append((*path, name))
        if isinstance(one, dict | list):
            found += places(one, (*path, name))
    return found


@given(
    st.sampled_from([MEMBERS, FULL]),
    st.lists(st.tuples(st.sampled_from(places(FULL)), st.sampled_from(OTHERS)), max_size=2),
    st.none() | st.sampled_from([*FULL, "more"]),
)
def test_a_header_is_read_if_and_only_if_it_meets_every_rule(
    members: dict[str, Any], changes: list[tuple[Any, Any]], name: Any
) -> None:
    found = copy.deepcopy(members)
    if name == "more":
        found[name] = "another member"
    else:
        found.pop(name, None)
    for path, value in changes:
        holder: Any = found
        for step in path[:-1]:
            holder = holder.get(step, {}) if isinstance(holder, dict) else {}
        if isinstance(holder, dict) and holder:
            holder[path[-1]] = value
    octets = canonical_json(found)
    if is_header(found):
        assert read_header(octets).members == found
        assert header_bytes(found) == octets
        return
    for each in (lambda: read_header(octets), lambda: header_bytes(found)):
        with pytest.raises(Refusal, match=r"header\.malformed"):
            each()


def test_a_header_tells_its_digest() -> None:
    told = b64encode(hashlib.sha256(OCTETS).digest()).decode("ascii")
    assert read_header(OCTETS).hdr == told


@pytest.mark.parametrize("members", [MEMBERS, FULL])
def test_a_stored_header_is_read_as_it_was_before_it_was_stored(members: dict[str, Any]) -> None:
    octets = header_bytes(members)
    assert stored_header(octets) == read_header(octets)


def test_a_stored_header_that_is_no_json_any_more_is_refused() -> None:
    with pytest.raises(Refusal, match=r"json\.malformed"):
        stored_header(OCTETS[:-1])

"""JCS and JSONTestSuite against our strict reader and canonical writer."""

from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.strict_json import parse, parse_foreign
from tests.support.vectors import corpus

# Stricter than RFC 8259 on purpose: duplicate names, and strings that UTF-8 cannot hold.
STRICTER = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
}
NAMES = st.text(st.characters(codec="ascii"), max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def _files(first: str) -> list[Path]:
    return sorted(corpus("jsontestsuite").joinpath("test_parsing").glob(f"{first}_*.json"))


def test_every_file_that_must_be_read_is_read_but_those_listed() -> None:
    refused = set()
    for file in _files("y"):
        try:
            parse_foreign(file.read_bytes())
        except Refusal:
            refused.add(file.name)
    assert refused == STRICTER


def test_every_file_that_must_fail_fails() -> None:
    accepted = []
    for file in _files("n"):
        try:
            parse_foreign(file.read_bytes())
        except Refusal:
            continue
        accepted.append(file.name)
    assert accepted == []


def test_the_free_files_neither_crash_nor_hang() -> None:
    for file in _files("i"):
        try:
            parse(file.read_bytes())
        except Refusal:
            continue
    assert len(_files("i")) == 35


def test_the_published_canonical_outputs_inside_our_profile_are_reproduced() -> None:
    folder = corpus("jcs")
    made = 0
    for file in sorted((folder / "input").glob("*.json")):
        try:
            value = parse(file.read_bytes())
            octets = canonical_json(value)
        except (Refusal, TypeError, ValueError):
            continue
        assert octets == (folder / "output" / file.name).read_bytes()
        made += 1
    assert made >= 1


@given(VALUES)
def test_canonical_bytes_equal_those_of_the_rfc8785_package(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(VALUES)
def test_canonical_bytes_read_back_to_the_value(value: object) -> None:
    assert read_canonical(canonical_json(value)) == value


@pytest.mark.parametrize(
    "data", [b'{"b":1,"a":2}', b'{ "a":1}', b'{"a":1}\n', b'"\\u0041"', b"null", b"[null]"]
)
def test_another_spelling_is_not_canonical(data: bytes) -> None:
    with pytest.raises(Refusal, match=r"json\.not-canonical"):
        read_canonical(data)

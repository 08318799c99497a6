"""JCS and JSONTestSuite against our strict reader and canonical writer."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.canonical import parse as parse_in_c
from gateway.proof.strict_json import NumberText, parse, parse_foreign
from tests.support.vectors import corpus

# Stricter than RFC 8259 on purpose: duplicate names, and strings that UTF-8 cannot hold.
STRICTER = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
}


class Spelling(StrEnum):
    """A text that is more than a text."""

    ONE = "one"


NAMES = st.text(st.characters(codec="ascii"), max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
# What no canonical form may hold, beside what it may: at any depth, in any order.
STRANGE = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**53) - 2, 2**53 + 2)
    | st.sampled_from([2**63, 2**64, -(2**63), 2**53, -(2**53), HTTPStatus.OK, Spelling.ONE])
    | st.text(st.characters())
    | st.sampled_from([date(2026, 1, 2), UUID(int=1), b"octets", ("a", "b"), NumberText("1.50")]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
        | st.dictionaries(st.integers(), inner, max_size=1)
    ),
    max_leaves=8,
)


def _is_inside(value: object) -> bool:
    """Tell what our profile is, one value at a time and as plainly as it can be said."""
    if type(value) is dict:
        names = all(type(one) is str and one.isascii() for one in value)
        return names and all(map(_is_inside, value.values()))
    if type(value) is list:
        return all(map(_is_inside, value))
    if type(value) is int:
        return abs(value) < 2**53
    if type(value) is str:
        return not any("\ud800" <= one <= "\udfff" for one in value)
    return type(value) is bool


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


@given(STRANGE)
def test_what_is_outside_the_profile_is_not_written_and_what_is_inside_is(value: object) -> None:
    if _is_inside(value):
        assert canonical_json(value) == rfc8785.dumps(value)  # type: ignore[arg-type]
        return
    with pytest.raises((TypeError, ValueError)):
        canonical_json(value)


@given(STRANGE)
def test_bytes_outside_the_profile_are_not_read(value: object) -> None:
    try:
        octets = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return
    read: object = orjson.loads(octets)
    if _is_inside(read):
        assert read_canonical(octets) == read
        return
    with pytest.raises(Refusal, match=r"^json\."):
        read_canonical(octets)


@given(STRANGE, st.sampled_from([0, orjson.OPT_SORT_KEYS, orjson.OPT_INDENT_2]))
def test_what_is_read_in_c_is_what_the_strict_reader_gives(value: object, spelling: int) -> None:
    try:
        octets = orjson.dumps(value, option=spelling)
    except TypeError:
        return
    try:
        expected = parse(octets)
    except Refusal as refusal:
        with pytest.raises(Refusal, match=refusal.code):
            parse_in_c(octets)
        return
    assert parse_in_c(octets) == expected


@pytest.mark.parametrize(("begin", "end"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("read", [read_canonical, parse_in_c])
def test_sixty_four_are_the_deepest(
    read: Callable[[bytes], object], begin: bytes, end: bytes
) -> None:
    brackets = b'"%s"' % (b"[{" * 99)
    assert read(begin * 64 + brackets + end * 64)
    with pytest.raises(Refusal, match=r"json\.malformed"):
        read(begin * 65 + brackets + end * 65)


def test_brackets_in_a_text_are_no_depth() -> None:
    brackets = b'"%s"' % (b"[{" * 99)
    assert parse_in_c(brackets) == "[{" * 99


@given(VALUES)
def test_canonical_bytes_read_back_to_the_value(value: object) -> None:
    assert read_canonical(canonical_json(value)) == value


@pytest.mark.parametrize(
    "data", [b'{"b":1,"a":2}', b'{ "a":1}', b'{"a":1}\n', b'"\\u0041"', b"null", b"[null]"]
)
def test_another_spelling_is_not_canonical(data: bytes) -> None:
    with pytest.raises(Refusal, match=r"json\.not-canonical"):
        read_canonical(data)

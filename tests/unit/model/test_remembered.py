"""What is remembered of texts that repeat, and what is not."""

from collections.abc import Callable

import pytest

from gateway.model.remembered import LONGEST, remembered


def _counted() -> tuple[list[str], Callable[[str], int]]:
    asked = list[str]()

    @remembered(2)
    def read(text: str) -> int:
        asked.append(text)
        return len(text)

    return asked, read


def test_a_short_text_is_read_once() -> None:
    asked, read = _counted()
    assert [read("ab"), read("ab")] == [2, 2]
    assert asked == ["ab"]


def test_a_long_text_is_never_kept() -> None:
    asked, read = _counted()
    long = "a" * (LONGEST + 1)
    assert read(long) == read(long) == LONGEST + 1
    assert asked == [long, long]


def test_no_more_texts_are_kept_than_said() -> None:
    asked, read = _counted()
    for text in ("a", "b", "c", "a"):
        read(text)
    assert asked == ["a", "b", "c", "a"]


def test_a_text_that_cannot_be_read_is_asked_for_again() -> None:
    @remembered(2)
    def number(text: str) -> int:
        return int(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="invalid"):
            number("x")

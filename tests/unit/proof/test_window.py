"""A listed key counts from its `from` until before its `to`."""

from datetime import timedelta

import pytest

from gateway.proof.window import Window, read_window
from tests.support.pki import AT

HOUR = timedelta(hours=1)


def test_a_window_holds_from_its_beginning_until_before_its_end() -> None:
    window = Window(AT, AT + HOUR)
    assert [window.holds_at(AT + HOUR * n) for n in (-1, 0, 1)] == [False, True, False]


def test_without_from_and_to_a_key_counts_always() -> None:
    assert Window().holds_at(AT)


def test_a_window_reads_back_as_it_was_written() -> None:
    window = Window(AT, AT + HOUR)
    assert read_window({"role": "seal", **window.members()}) == window


@pytest.mark.parametrize("wrong", [{"from": "tomorrow"}, {"from": 1}, {"from": None}])
def test_another_spelling_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_window(wrong)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it ends"):
        read_window(Window(AT + HOUR, AT).members())

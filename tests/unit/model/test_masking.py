"""Masks: what stays of a value, and that a masked value stays as it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.masking import Mask


@pytest.mark.parametrize(
    ("mask", "value", "expected"),
    [
        (Mask("keep-last", 4), "910314350013", "XXXXXXXX0013"),
        (Mask("keep-last", 0), "910314350013", "XXXXXXXXXXXX"),
        (Mask("keep-last", 4), "13", "13"),
        (Mask("replace", text="withheld"), "anything", "withheld"),
        (
            Mask("year"),
            {"value": "1990-05-04", "precision": "day"},
            {"value": "1990", "precision": "year"},
        ),
        (Mask("year"), {"precision": "none"}, {"precision": "none"}),
    ],
)
def test_what_stays_of_a_value(mask: Mask, value: Any, expected: Any) -> None:
    assert mask.apply(value) == expected


@given(st.text(min_size=1, max_size=30), st.integers(0, 12))
def test_a_masked_value_is_masked_no_more(value: str, keep: int) -> None:
    mask = Mask("keep-last", keep)
    assert mask.apply(mask.apply(value)) == mask.apply(value)

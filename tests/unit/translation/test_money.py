"""Amounts as given (R24)."""

import pytest

from gateway.translation import money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("180 000,00", "180000.00"),
        ("55 000", "55000"),
        ("350,5", "350.5"),
        ("280000.0", "280000.0"),
        ("280000.0000", "280000.00"),
        ("0", "0"),
        ("007", "7"),
    ],
)
def test_amount_keeps_its_digits(text: str, amount: str) -> None:
    assert money.read_amount(text) == amount


@pytest.mark.parametrize("text", ["9,92E+11", "-5", "1.000.000", "12 34", "тенге", "", "1,2,3"])
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        money.read_amount(text)

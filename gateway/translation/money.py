"""Amounts as given (R24): decimal texts, trailing zeros kept to the currency's minor unit."""

import re

_GROUPED = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d+))?")
# Currencies of the four states and of Russia; all have two digits (ISO 4217).
MINOR_DIGITS = 2
SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")


def read_amount(text: str) -> str:
    """`180 000,00` as `180000.00`; raises ValueError for what is no plain amount."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"
    matched = _GROUPED.fullmatch(text)
    if matched is None:
        message = "not an amount"
        raise ValueError(message)
    whole = re.sub(r"\D", "", matched[1]).lstrip("0") or "0"
    fraction = matched[2] or ""
    if not fraction:
        return whole
    significant = fraction.rstrip("0")
    kept = fraction if len(fraction) <= MINOR_DIGITS else fraction[: max(len(significant), 2)]
    return f"{whole}.{kept}"


def is_zero(amount: str) -> bool:
    """Whether an amount in common form is nothing."""
    return not amount.strip("0.")


def plain_number(text: str) -> str:
    """A number without zeros that say nothing: `48.0` as `48`."""
    return text.rstrip("0").rstrip(".") if "." in text else text

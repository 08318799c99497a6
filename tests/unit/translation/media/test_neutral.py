"""No cell that we write runs as a formula, and each is read as it was meant."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.translation.media.neutral import neutral, restored

nasty = st.text(alphabet="=+-@'\",;\t\r\n ax1\uff1d") | st.text()


@given(nasty)
def test_writing_and_reading_is_the_identity(text: str) -> None:
    assert restored(neutral(text)) == text


@given(nasty)
def test_no_part_of_a_cell_begins_like_a_formula(text: str) -> None:
    written = neutral(text)
    if re.fullmatch(r"[+-]\d+(?:[.,]\d+)?|\+\d[\d ]*", written) is None:
        parts = re.split(r"[,;\t\r\n\"]", written)
        assert not any(part.startswith(("=", "+", "-", "@")) for part in parts)


@pytest.mark.parametrize("text", ["-5", "+992 90 000 00 15", "-12,50", "a=b", "2026-08-03", "O'x"])
def test_numbers_telephones_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize("text", ["+992-90-000-00-15", "-1+1", "+cmd|' /C calc'!A0", "@SUM(A1)"])
def test_what_a_spreadsheet_would_compute_becomes_a_text(text: str) -> None:
    assert neutral(text) == f"'{text}"


def test_apostrophe_of_another_office_is_taken_off() -> None:
    assert restored("'+992900000015") == "+992900000015"

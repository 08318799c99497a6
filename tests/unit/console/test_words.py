"""Codes are named in the language of the page."""

import pytest

from gateway.console.texts import text_in
from gateway.console.words import words
from tests.support.schemas import SCHEMAS


@pytest.mark.parametrize(
    ("kind", "code", "language", "told"),
    [
        ("type_word", "EmploymentContract", "en", "Employment contract"),
        ("type_word", "EmploymentContract", "ru", "Трудовой договор"),
        ("type_word", "Sealed", "ru", "Sealed"),
        ("purpose_word", "contract-registration", "en", "Registration of contracts"),
        ("purpose_word", "contract-registration", "ru", "Регистрация договоров"),
        ("purpose_word", "of-their-own", "ru", "of-their-own"),
        (
            "refusal_word",
            "relay.expired",
            "en",
            "The partner did not acknowledge the message in time",
        ),
        ("refusal_word", "relay.expired", "ru", "Партнёр не подтвердил сообщение вовремя"),
        ("refusal_word", "of.another-release", "ru", "of.another-release"),
    ],
)
def test_a_code_is_named_and_an_unknown_one_stands_for_itself(
    kind: str, code: str, language: str, told: str
) -> None:
    assert words(SCHEMAS, language, text_in(language))[kind](code) == told

"""What codes are called on the pages: record types, purposes and refusals, in its language."""

from collections.abc import Callable
from pathlib import Path

from gateway.agreements.names import type_name
from gateway.agreements.page import texts_of_page
from gateway.model.refusal_codes import REFUSALS

Words = Callable[[str], str]


def words(schemas: Path, language: str, say: Words) -> dict[str, Words]:
    """Give by name what the templates call: each takes a code and names it.

    A code that nothing names, such as a purpose of an agreement's own, stands for itself.
    say: gives an English text in the language.
    """
    return {
        "type_word": lambda code: type_name(schemas, code, language),
        "purpose_word": lambda code: texts_of_page(schemas)[language].get(f"purpose/{code}", code),
        "refusal_word": lambda code: say(REFUSALS[code].title) if code in REFUSALS else code,
    }

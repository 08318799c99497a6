"""Words of Uzbek drop-down lists, in Cyrillic and both Latin alphabets, with any apostrophe."""

import re
from typing import Any

from marshmallow import missing

from gateway.model.remembered import remembered
from gateway.proof.strict_json import NumberText
from gateway.translation import names
from gateway.translation.coded_fields import OccupationWords, Word
from gateway.translation.codes import load_tables
from gateway.translation.fields import Code, Digits, text_of
from gateway.translation.transliteration import keys
from gateway.translation.turn import turn


@remembered(4096)
def folded(text: str) -> str:
    """A key that is the same in every spelling of the same Uzbek words and numbers."""
    return " ".join([keys.folded(text), *re.findall(r"\d+", text)])


CODES = load_tables(__file__, folded)


class Choice(Code):
    """A word of a list; one that says that it does not matter is no value, but residue."""

    def read(self, value: Any) -> Any:
        found = super().read(value)
        if found == "":
            turn().leave(self.native)
            return missing
        return found


class Months(Choice):
    """Months at least, by the words for a span of years."""

    def read(self, value: Any) -> Any:
        found = super().read(value)
        return found if found is missing else int(found)

    def write(self, value: Any) -> Any:
        return super().write(str(value))


class Education(Word):
    """A level of education by its Uzbek name; its ISCED level is assumed."""

    def read(self, value: Any) -> Any:
        found = super().read(value)
        return found | {"list": "ISCED-2011"} if "code" in found else found


class UzbekWords(OccupationWords):
    """Words for an occupation; words of another script go in as they are, said (R37)."""

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        words, pointer = super().find(record)
        uzbek = {one["text"] for one in _labels(record) if one.get("lang") == "uzb"}
        if pointer and words not in uzbek and names.script_of(words) == "Cyrl":
            turn().warn("SCRIPT-SUBSTITUTED", pointer)
        return words, pointer


def _labels(record: dict[str, Any]) -> list[dict[str, str]]:
    labels: list[dict[str, str]] = record.get("occupation", {}).get("label", [])
    return labels


class CountText(Digits):
    """A whole number that is a JSON text; blanks may stand in it."""

    def read(self, value: Any) -> Any:
        return super().read("".join(text_of(value).split()))


class Count(CountText):
    """A whole number that is a JSON number."""

    def write(self, value: Any) -> Any:
        return NumberText(value)


class Provision(Code):
    """What the employer provides, as the JSON number 0 or 1, or as a truth value."""

    def read(self, value: Any) -> Any:
        return super().read(str(int(value)) if isinstance(value, bool) else value)

    def write(self, value: Any) -> Any:
        native = super().write(value)
        return native if native is missing else NumberText(native)

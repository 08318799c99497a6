"""What a mask makes of a value: enough stays to tell two records apart, not to know the person.

A mask changes a masked value no more, so the destination tells a masked value by masking it again.
"""

from dataclasses import dataclass
from typing import Any

KEEP_LAST = "keep-last"
REPLACE = "replace"
YEAR = "year"
RULES = (KEEP_LAST, REPLACE, YEAR)
FILLER = "X"
_YEAR_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Mask:
    """One masking rule.

    rule: `keep-last` (all but the last `keep` characters become X), `replace` (the value becomes
    `text`), or `year` (of a date that may be partial only the year stays).
    """

    rule: str
    keep: int = 0
    text: str = ""

    def apply(self, value: Any) -> Any:
        """Give the masked value; a value that the rule does not fit becomes X or `text`."""
        if self.rule == YEAR and isinstance(value, dict):
            return _only_year(value)
        if self.rule == REPLACE:
            return self.text
        kept = str(value)[-self.keep :] if self.keep else ""
        return FILLER * max(len(str(value)) - len(kept), 1 - len(kept)) + kept


def _only_year(value: dict[str, Any]) -> dict[str, Any]:
    if "value" not in value:
        return value
    return {**value, "value": str(value["value"])[:_YEAR_LENGTH], "precision": "year"}

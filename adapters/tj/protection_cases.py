"""`tj.protection-cases`: a table of complaints and accidents of workers abroad (R21, R39).

Consent is true only when the file says so; the columns that say it are assumed.
"""

from typing import Any, ClassVar

from adapters.tj.tables import CODES, DOCUMENTS, FOREIGN, PersonNumber, plain_letters, require_words
from gateway.translation.coded_fields import DocumentNumber
from gateway.translation.date_fields import PartialDayFirst
from gateway.translation.fields import Code, Text, TwoWay, text_of
from gateway.translation.layout import Layout, Tree
from gateway.translation.media.tables import Table
from gateway.translation.person_fields import FullName
from gateway.translation.reading import Record
from gateway.translation.turn import Unreadable

CONSENT = "Розигӣ"
CONSENT_NUMBER = "Рақами розигӣ"
COLUMNS = (
    "Ҳолат",
    "Санаи хабар",
    "Насаб ва ном",
    "Шиноснома",
    FOREIGN,
    "Давлат",
    "Навъ",
    "Шарҳ",
    "Мақоми масъул",
    CONSENT,
    CONSENT_NUMBER,
)
_YES_OR_NO = {"ҳа": True, "не": False}


class _YesOrNo(TwoWay):
    """«ҳа» or «не»."""

    def read(self, value: Any) -> Any:
        spelled = plain_letters(text_of(value))
        for word, meaning in _YES_OR_NO.items():
            if plain_letters(word) == spelled:
                return meaning
        raise Unreadable("code.unknown", "yes or no stands here")

    def write(self, value: Any) -> Any:
        return next(word for word, meaning in _YES_OR_NO.items() if meaning is value)


class ProtectionCases(Layout):
    """One case a row."""

    name = "tj.protection-cases"
    record_type = "ProtectionCase"
    medium = Table(
        *COLUMNS,
        known_by=("Ҳолат", "Санаи хабар", "Насаб ва ном", "Навъ", "Мақоми масъул"),
        fold=plain_letters,
        optional=(FOREIGN, CONSENT, CONSENT_NUMBER),
    )
    identity = "caseNumber"
    constants: ClassVar = {"state": "opened"}
    told_elsewhere = frozenset({CONSENT_NUMBER})

    number = Text("Ҳолат", "caseNumber", required=True)
    opened = PartialDayFirst("Санаи хабар", "opened", required=True)
    full_name = FullName("Насаб ва ном", script="Cyrl", lang="tgk")
    document = DocumentNumber("Шиноснома", kinds=DOCUMENTS)
    foreign = PersonNumber()
    country = Code("Давлат", "country", CODES["countries"])
    issue = Code("Навъ", "issue[0]", CODES["case_issues"], required=True)
    consent_to_share = _YesOrNo(CONSENT, "consentToShare")

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        require_words(self, record, "opened", "issue")

    def consent(self, tree: Tree) -> str | None:
        number = str(tree.get(CONSENT_NUMBER) or "").strip()
        return number or None

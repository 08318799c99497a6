"""`kz.async-permit`: an employer's permit for a foreign worker, by the asynchronous channel.

Envelope and the triples `code`, `kkValue`, `ruValue` are SHEP's own; the document's names are a
proposal until the ministry shows its own (country-formats 2).
"""

from typing import Any, ClassVar

from marshmallow import missing

from adapters.kz.channels import NOTIFICATION
from adapters.kz.payload import Document, put_element
from adapters.kz.permits import Permit
from adapters.kz.places import LISTS, Kato
from adapters.kz.shep import ShepMessage
from gateway.translation import names
from gateway.translation.coded_fields import DocumentNumber, Occupation, Triple, triple_code
from gateway.translation.codes import CodeTable, load_tables
from gateway.translation.date_fields import IsoDate, PartialIso
from gateway.translation.fields import Code, Country, Text, TwoWay, blank, clean, text_of
from gateway.translation.foreign_fields import ForeignNumber, ForeignScheme
from gateway.translation.paths import MISSING, pick
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName
from gateway.translation.turn import turn

CODES = load_tables(__file__)
LABELS = ("kkValue", "ruValue")
LANGS = {"kkValue": "kaz", "ruValue": "rus"}
CATEGORIES = "KZ-PERMIT-CATEGORY"


class Category(TwoWay):
    """The category of foreign workforce, 1 to 4; a national list that all records name."""

    def __init__(self, native: str, common: str, table: CodeTable) -> None:
        """table: the categories with their labels."""
        super().__init__(native, common, parts=("code", *LABELS))
        self.table = table

    def read(self, value: Any) -> Any:
        native = clean(triple_code(value, "code"))
        labels = [
            {"text": clean(text_of(value[name])), "lang": lang}
            for name, lang in LANGS.items()
            if not blank(value.get(name))
        ]
        told = {"nativeCode": native, "nativeList": CATEGORIES} | (
            {"label": labels} if labels else {}
        )
        common = self.table.common(native)
        if common is None:
            turn().warn("CODE-UNMAPPED", self.common)
            return told
        return {"code": common, "list": CATEGORIES, "mapping": "exact"} | told

    def write(self, value: Any) -> Any:
        if value.get("nativeList") != CATEGORIES or "nativeCode" not in value:
            return missing
        given = {label.get("lang"): label["text"] for label in value.get("label", [])}
        labels = {name: given[lang] for name, lang in LANGS.items() if lang in given}
        return {"code": value["nativeCode"]} | labels


class WholeName(TwoWay):
    """A whole Latin name in one field; its parts are not told from it."""

    def __init__(self, native: str) -> None:
        """native: the field."""
        super().__init__(native, "person/name[form=icao][script=Latn]/full")

    def read(self, value: Any) -> Any:
        return names.normal(clean(text_of(value)))

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        known, at = pick(record, "person/name")
        forms = ("icao", "mrz", "transliterated")
        index = None if known is MISSING else names.choose(known, "Latn", forms)
        return (MISSING, "") if index is None else (known[index]["full"], f"{at}/{index}/full")


class AsyncPermit(Permit):
    """One permit a message; the employer is an organisation or a sole trader with a number."""

    name = "kz.async-permit"
    permit_type = "employerPermit"
    employer = "employer"
    constants: ClassVar = {"type": "employerPermit"}
    medium = ShepMessage(
        Document("", "workPermit", known_by=frozenset({"number", "validFrom", "status/code"})),
        channel=NOTIFICATION,
        put=put_element,
        service_id="MIGRATION_ENBEK_WORK_PERMIT",
    )

    number = Text("number", "number", required=True)
    category = Category("category", "category", CODES["permit_category"])
    employer_bin = Identifier("employerBin", "employer", "KZ-BIN", "KZ-IIN")
    foreign_registration = ForeignNumber(
        "employerForeignRegNumber", "employer", kind="organisation"
    )
    employer_name = OrganisationName("employerName", "employer")
    quota_year = Text("quotaYear", "quota/year")

    iin = Identifier("foreigner/iin", "person", "KZ-IIN")
    foreign_pin = ForeignNumber(
        "foreigner/foreignPin", "person", kind="person", scheme_at="foreigner/foreignPinScheme"
    )
    foreign_scheme = ForeignScheme("foreigner/foreignPinScheme", "person")
    family = NamePart(
        "foreigner/surname", "family", form="native", script="Cyrl", lang="rus", substitute=True
    )
    given = NamePart(
        "foreigner/name", "given", form="native", script="Cyrl", lang="rus", substitute=True
    )
    patronymic = NamePart(
        "foreigner/patronymic",
        "patronymic",
        form="native",
        script="Cyrl",
        lang="rus",
        substitute=True,
    )
    latin = WholeName("foreigner/latinFullName")
    birth_date = PartialIso("foreigner/birthDate", "person/birthDate", midnight=False)
    sex = Code("foreigner/sex", "person/sex", CODES["gender"])
    citizenship = Country("foreigner/citizenship", "person/citizenship[0]", kind="numeric")
    # The field's name says that it is a passport, whatever the number looks like.
    document = DocumentNumber("foreigner/passportNumber", kinds=((r".*", "passport"),))

    occupation = Occupation("occupation", native_list="NKRK-01-2017", lists=LISTS)
    territory = Kato("kato", "territory[0]")
    starts = IsoDate("validFrom", "from", required=True)
    ends = IsoDate("validTo", "to", required=True)
    state = Triple(
        "status", "state", CODES["permit_state"], names=LABELS, code="code", required=True
    )
    refusal = Text("refusalGround", "refusalGround")

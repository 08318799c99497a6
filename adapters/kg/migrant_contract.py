"""`kg.migrant-contract`: a contract that an agency registers over Tunduk (country-formats 3).

The X-Road header is real in shape; the body is a proposal until the ministry shows its own.
"""

from typing import Any, ClassVar

from adapters.kg.documents import KINDS, Number, Series
from adapters.kg.places import Soate
from adapters.kg.xroad import XRoadRequest
from gateway.translation.coded_fields import Occupation, OccupationWords, document_kind
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import IsoDateTime, PartialIso
from gateway.translation.fields import Amount, Code, Country, Digits, Text, clean, text_of
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, Tree
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName
from gateway.translation.reading import Record
from gateway.translation.row import Many, Row
from gateway.translation.turn import turn

CODES = load_tables(__file__)


class FeeKind(Text):
    """The words for a fee; unknown ones are kept and counted as administrative (R38)."""

    def read(self, value: Any) -> Any:
        words = clean(text_of(value))
        if CODES["fee_kind"].common(words) is None:
            turn().warn("CODE-UNMAPPED", self.common)
        return words


class Fee(Row):
    """One fee line."""

    kind = FeeKind("kind", "nativeKind", or_from=("kind",))
    payer = Code("paidBy", "payer", CODES["payer"], required=True)
    amount = Amount("amount", "amount", zero_is_none=True)
    currency = Text("currency", "currency")

    def complete(self, record: Record) -> None:
        known = CODES["fee_kind"].common(record.get("nativeKind", ""))
        record["kind"] = known or "administrative"


class MigrantContract(Layout):
    """One contract a request."""

    name = "kg.migrant-contract"
    record_type = "EmploymentContract"
    medium = XRoadRequest(
        "http://tunduk-mlsp-migration.x-road.fi/producer",
        "registerMigrantContract",
        {
            "xRoadInstance": "central-server",
            "memberClass": "GOV",
            "memberCode": "70009902",
            "subsystemCode": "migration-service",
            "serviceCode": "registerMigrantContract",
            "serviceVersion": "v1",
        },
    )
    identity = "contractNumber"
    states = frozenset({"signed", "registered"})
    constants: ClassVar = {"state": "signed"}
    told_elsewhere = frozenset({"consentId"})

    number = Text("contractNumber", "contractNumber")
    signed = IsoDateTime("contractDate", "signed")
    starts = IsoDateTime("startDate", "from", required=True)
    ends = IsoDateTime("endDate", "to")

    pin = Identifier("migrant/pin", "person", "KG-PIN")
    foreign_id = ForeignNumber("migrant/foreignId", "person", kind="person")
    family = NamePart(
        "migrant/surname", "family", form="native", script="Cyrl", lang="kir", substitute=True
    )
    given = NamePart(
        "migrant/name", "given", form="native", script="Cyrl", lang="kir", substitute=True
    )
    patronymic = NamePart(
        "migrant/patronymic",
        "patronymic",
        form="native",
        script="Cyrl",
        lang="kir",
        substitute=True,
        empty="",
    )
    sex = Code("migrant/gender", "person/sex", CODES["gender_soap"])
    birth_date = PartialIso("migrant/dateOfBirth", "person/birthDate", midnight=True)
    series = Series("migrant/passportSeries", "person/document[0]/series")
    document = Number("migrant/passportNumber", "person/document[0]/number")
    soate = Soate("migrant/soate", "person/address[nativeList=SOATE]")
    phone = Text("migrant/phone", "person/contact[kind=phone]/value")

    agency_inn = Identifier("agency/inn", "agency", "KG-PIN")
    permit = Text("agency/permitNumber", "licenceRef/number")

    employer_country = Country(
        "employer/country",
        "employer/address/country",
        kind="alpha-2",
        or_from=("employer/identifier[0]/issuer",),
    )
    employer_name = OrganisationName("employer/name", "employer")
    employer_inn = Identifier("employer/inn", "employer", "KG-PIN")
    employer_number = ForeignNumber(
        "employer/foreignRegNumber",
        "employer",
        kind="organisation",
        country_at="employer/country",
    )
    employer_address = Text("employer/address", "employer/address/text")

    profession = OccupationWords("job/profession")
    profession_code = Occupation("job/professionCode", native_list="KG-ISCO")
    pay = Amount("job/salary", "pay[0]/amount")
    currency = Text("job/salaryCurrency", "pay[0]/currency")
    period = Code("job/salaryPeriod", "pay[0]/period", CODES["period"], leave_unknown=True)
    hours = Digits("job/hoursPerWeek", "hoursPerWeek")
    housing = Code("job/housing", "housing", CODES["provision"], leave_unknown=True)
    meals = Code("job/meals", "meals", CODES["provision"], leave_unknown=True)
    fees = Many("fees/fee", "fee", Fee())

    def complete(self, record: Record) -> None:
        super().complete(record)
        for document in record.get("person", {}).get("document", []):
            document["number"] = document.get("series", "") + document["number"]
            document["type"] = document_kind(document["number"], KINDS)

    def consent(self, tree: Tree) -> str | None:
        given = tree.get("consentId")
        return given.strip() or None if isinstance(given, str) else None

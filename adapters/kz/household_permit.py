"""`kz.household-permit`: a labour immigrant's permit to work for a household (country-formats 2).

The envelope is SHEP's own; the document's names are a proposal until the ministry shows its own.
"""

from adapters.kz.channels import RESPONSE
from adapters.kz.payload import Document, put_typed
from adapters.kz.permits import Permit
from adapters.kz.places import LISTS, Kato
from adapters.kz.shep import ShepMessage
from gateway.translation.coded_fields import CountryTriple, DocumentNumber, Occupation, Triple
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import IsoDate, PartialIso
from gateway.translation.fields import Amount, Code, Digits, Text
from gateway.translation.foreign_fields import ForeignNumber, ForeignScheme
from gateway.translation.person_fields import Identifier, NamePart
from gateway.translation.reading import Record
from gateway.translation.row import complete_names
from gateway.translation.turn import turn

CODES = load_tables(__file__)
LABELS = ("NameRu", "NameKz")
_TAX = {"amount": "amount", "currency": "@currency", "months": "months"}


class HouseholdPermit(Permit):
    """One permit an answer; the employer is a person."""

    name = "kz.household-permit"
    permit_type = "householdPermit"
    employer = "employer/person"
    medium = ShepMessage(
        Document(
            "urn:example:kz:migration:labour-immigrant-permit:v1",
            "Permit",
            known_by=frozenset({"permitNumber", "permitType", "state"}),
        ),
        channel=RESPONSE,
        put=put_typed,
    )

    number = Text("permitNumber", "number", required=True)
    kind = Code("permitType", "type", CODES["permit_type"], required=True)
    state = Code("state", "state", CODES["permit_state"], required=True)
    issued = IsoDate("issueDate", "issued")
    starts = IsoDate("validFrom", "from", required=True)
    ends = IsoDate("validTo", "to", required=True)
    extension = Digits("extensionNo", "extensionNo")
    refusal = Text("refusalGround", "refusalGround")

    iin = Identifier("immigrant/IIN", "person", "KZ-IIN")
    foreign_pin = ForeignNumber(
        "immigrant/foreignPin", "person", kind="person", scheme_at="immigrant/foreignPinScheme"
    )
    foreign_scheme = ForeignScheme("immigrant/foreignPinScheme", "person")
    family = NamePart(
        "immigrant/SurName", "family", form="native", script="Cyrl", lang="rus", substitute=True
    )
    given = NamePart(
        "immigrant/Name", "given", form="native", script="Cyrl", lang="rus", substitute=True
    )
    patronymic = NamePart(
        "immigrant/MiddleName",
        "patronymic",
        form="native",
        script="Cyrl",
        lang="rus",
        substitute=True,
    )
    birth_date = PartialIso("immigrant/BirthDate", "person/birthDate", midnight=False)
    sex = Triple("immigrant/Gender", "person/sex", CODES["gender"], names=LABELS)
    citizenship = CountryTriple(
        "immigrant/CitizenCountry", "person/citizenship[0]", CODES["countries"], names=LABELS
    )
    # The layout names no type, and a type is not told from the number of another state's document.
    document = DocumentNumber("immigrant/documentNumber", kinds=())

    employer_iin = Identifier("employerPerson/IIN", "employer/person", "KZ-IIN")
    employer_family = NamePart(
        "employerPerson/SurName",
        "family",
        form="native",
        script="Cyrl",
        lang="rus",
        substitute=True,
        holder="employer/person",
    )
    employer_given = NamePart(
        "employerPerson/Name",
        "given",
        form="native",
        script="Cyrl",
        lang="rus",
        substitute=True,
        holder="employer/person",
    )
    employer_patronymic = NamePart(
        "employerPerson/MiddleName",
        "patronymic",
        form="native",
        script="Cyrl",
        lang="rus",
        substitute=True,
        holder="employer/person",
    )

    occupation = Occupation(
        "Occupation",
        native_list="NKRK-01-2017",
        lists=LISTS,
        label_langs=(("NameRu", "rus"), ("NameKz", "kaz")),
    )
    territory = Kato("WorkPlaceKATO", "territory[0]", parts=("Code",))
    tax_currency = Text("incomeTaxPrepaid/@currency", "prepaidTax/currency")
    tax = Amount("incomeTaxPrepaid/amount", "prepaidTax/amount")
    tax_months = Digits("incomeTaxPrepaid/months", "prepaidTax/months")

    def complete(self, record: Record) -> None:
        super().complete(record)
        complete_names(record.get("employer", {}).get("person", {}).get("name", []))
        tax = record.get("prepaidTax")
        if tax is not None and not {"amount", "currency"} <= tax.keys():
            # An amount without a currency, or the other way round, is no money (R24).
            del record["prepaidTax"]
            for member in tax:
                turn().leave(f"incomeTaxPrepaid/{_TAX[member]}")

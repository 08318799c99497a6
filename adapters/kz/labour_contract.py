"""`kz.labour-contract`: a notice of ЕСУТД, the register of labour contracts (country-formats 2).

The envelope is SHEP's own; the document's names are a proposal until the ministry shows its own.
"""

from adapters.kz.payload import Document
from adapters.kz.places import LISTS, Activity, Kato
from adapters.kz.shep import ShepMessage
from gateway.translation.coded_fields import (
    OTHER_DOCUMENT,
    CountryTriple,
    DocumentNumber,
    Occupation,
    Triple,
)
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import IsoDate, PartialIso
from gateway.translation.fields import Amount, Code, Text
from gateway.translation.foreign_fields import ForeignNumber, ForeignScheme
from gateway.translation.layout import Layout, Tree
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName, ScriptText
from gateway.translation.reading import Record

CODES = load_tables(__file__)
LABELS = ("NameRu", "NameKz")


class LabourContract(Layout):
    """One labour contract a message."""

    name = "kz.labour-contract"
    record_type = "EmploymentContract"
    medium = ShepMessage(
        Document(
            "urn:example:kz:esutd:labour-contract:v1",
            "LabourContract",
            known_by=frozenset({"messageKind", "contract/DateFrom"}),
        ),
        service_id="ESUTD_LabourContract_Notify",
    )
    identity = "registrationNumber"
    states = frozenset({"signed", "registered", "amended", "terminated"})
    told_states = frozenset({"registered", "amended", "terminated"})

    kind = Code("messageKind", "state", CODES["message_kind"], required=True)
    registration = Text("esutdNumber", "registrationNumber", home_only=True)

    bin = Identifier("employer/BIN", "employer", "KZ-BIN", "KZ-IIN")
    foreign_registration = ForeignNumber(
        "employer/foreignRegNumber", "employer", kind="organisation"
    )
    employer_ru = OrganisationName("employer/OrganizationNameRu", "employer", lang="rus")
    employer_kz = OrganisationName(
        "employer/OrganizationNameKz", "employer", lang="kaz", substitute=False
    )
    activity = Activity("employer/OKED", "employer/activity")

    iin = Identifier("worker/IIN", "person", "KZ-IIN")
    foreign_pin = ForeignNumber(
        "worker/foreignPin", "person", kind="person", scheme_at="worker/foreignPinScheme"
    )
    foreign_scheme = ForeignScheme("worker/foreignPinScheme", "person")
    family = NamePart(
        "worker/SurName", "family", form="native", script="Cyrl", lang="rus", substitute=True
    )
    given = NamePart(
        "worker/Name", "given", form="native", script="Cyrl", lang="rus", substitute=True
    )
    patronymic = NamePart(
        "worker/MiddleName", "patronymic", form="native", script="Cyrl", lang="rus", substitute=True
    )
    family_latin = NamePart("worker/SurNameLat", "family", form="icao", script="Latn")
    given_latin = NamePart("worker/NameLat", "given", form="icao", script="Latn")
    birth_date = PartialIso("worker/BirthDate", "person/birthDate", midnight=False)
    sex = Triple("worker/Gender", "person/sex", CODES["gender"], names=LABELS)
    citizenship = CountryTriple(
        "worker/CitizenCountry", "person/citizenship[0]", CODES["countries"], names=LABELS
    )
    document_type = Code("worker/document/Type", "person/document[0]/type", CODES["document_type"])
    document_number = DocumentNumber("worker/document/Number", kinds=None)
    document_issued = IsoDate("worker/document/IssueDate", "person/document[0]/issued")
    document_expires = IsoDate("worker/document/ExpiryDate", "person/document[0]/expires")

    number = Text("contract/ContractNumber", "contractNumber")
    signed = IsoDate("contract/ContractDate", "signed")
    starts = IsoDate("contract/DateFrom", "from", required=True)
    ends = IsoDate("contract/DateTo", "to")
    # Code 2 says "not less than one year", which no other country's record says.
    term = Triple(
        "contract/ContractTerm",
        "term",
        CODES["contract_term"],
        names=LABELS,
        leave_unknown=True,
        home_only=True,
    )
    occupation = Occupation(
        "contract/Position",
        native_list="NKRK-01-2017",
        lists=LISTS,
        label_langs=(("NameRu", "rus"), ("NameKz", "kaz")),
    )
    position = ScriptText("contract/EstablishedPost", "position")
    workplace = Kato("contract/WorkPlaceKATO", "workplace", parts=("Code",))
    workplace_text = Text("contract/WorkPlace", "workplace/text")
    pay = Amount("contract/Salary/#text", "pay[0]/amount")
    currency = Text("contract/Salary/@currency", "pay[0]/currency")
    ended = IsoDate("contract/TerminationDate", "termination/date")
    ground = Text("contract/TerminationGround", "termination/nativeGround")

    def complete(self, record: Record) -> None:
        super().complete(record)
        for document in record.get("person", {}).get("document", []):
            # The layout's table has no code for it, or the file none at all.
            document.setdefault("type", OTHER_DOCUMENT)

    def action(self, tree: Tree) -> str | None:
        kind = str(tree.get("messageKind", "")).strip()
        return "update" if kind in ("AMENDMENT", "TERMINATION") else None

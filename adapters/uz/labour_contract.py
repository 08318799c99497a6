"""`uz.labour-contract`: a record `Lc` of the labour contract register (country-formats 5, R9)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from marshmallow import missing

from adapters.uz.persons import tell_scripts
from gateway.catalogue.codelists import CodeLists
from gateway.proof.strict_json import NumberText
from gateway.translation.coded_fields import DocumentNumber, Occupation
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import IsoDate
from gateway.translation.fields import Amount, Code, Country, Fixed, Text, Unmapped
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.identifiers import SCHEMES
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.listed_fields import ListedActivity, ListedPlace
from gateway.translation.media.json_rows import JsonObject
from gateway.translation.person_fields import Identifier, NamePart, OrganisationName
from gateway.translation.reading import Record

CODES = load_tables(__file__)
LISTS = CodeLists(Path(__file__).parent / "lists")
SOATO = "SOATO"
# Travel passports begin with FA; AA to AD stand on internal passports and identity cards alike.
DOCUMENTS = ((r"FA\d{7}", "passport"),)
_WHOLE = re.compile(r"0|[1-9][0-9]*")


class NumberAmount(Amount):
    """An amount that is a JSON number."""

    def write(self, value: Any) -> Any:
        written = super().write(value)
        return written if written is missing else NumberText(written)


class RegisterNumber(Text):
    """A number of the register itself, a JSON number, which does not begin with a zero."""

    def write(self, value: Any) -> Any:
        return NumberText(value) if _WHOLE.fullmatch(value) else missing


class Region(ListedPlace):
    """An address by SOATO code; its region follows from the first four digits."""

    def __init__(self, native: str, common: str, **options: Any) -> None:
        super().__init__(native, common, LISTS, SOATO, country="UZB", **options)


class LabourContract(Layout):
    """One contract a file. `tin_lc` is the agency while a foreign employer is named (R9)."""

    name = "uz.labour-contract"
    record_type = "EmploymentContract"
    medium = JsonObject("id_lc", "pin_lc", "tin_lc", "date_of_contract_lc", "date_start_lc")
    identity = "registrationNumber"
    states = frozenset({"signed", "registered", "terminated"})
    told_states = frozenset({"registered", "terminated"})

    number = RegisterNumber("id_lc", "registrationNumber", home_only=True, empty=None)
    parent = RegisterNumber("parent_id_lc", "supersedes/number", home_only=True, empty=None)
    active = Fixed("active_lc", value=True)
    pinfl = Identifier("pin_lc", "person", "UZ-PINFL", empty=None)
    tin = Identifier("tax_person_lc", "person", "UZ-TIN", empty=None)
    passport = DocumentNumber("passport_lc", kinds=DOCUMENTS)
    family = NamePart(
        "family_person_lc", "family", form="native", script="Latn", lang="uzb", substitute=True
    )
    given = NamePart(
        "name_person_lc", "given", form="native", script="Latn", lang="uzb", substitute=True
    )
    patronymic = NamePart(
        "middlename_person_lc",
        "patronymic",
        form="native",
        script="Latn",
        lang="uzb",
        substitute=True,
    )
    company_tin = Identifier("tin_lc", "agency", "UZ-TIN", empty=None)
    company = OrganisationName("name_company_lc", "agency")
    company_activity = ListedActivity("oked_lc", "agency/activity", LISTS, "OKED-UZ")
    company_region = Region("regionent_lc", "agency/address")
    position = Text("name_position_lc", "position")
    occupation = Occupation("code_nskz_lc", native_list="NSKZ")
    pay = NumberAmount("salary_lc", "pay[0]/amount")
    pay_term = Unmapped("term_salary_lc", "pay[0]/period")
    order = Text("order_lc", "contractNumber")
    ground = Text("article_lc", "termination/nativeGround", empty=None)
    signed = IsoDate("date_of_contract_lc", "signed", empty=None)
    starts = IsoDate("date_start_lc", "from", required=True)
    ends = IsoDate("date_end_lc", "to")
    foreign_registration = ForeignNumber(
        "value_fields_lc/foreign_employer_reg",
        "employer",
        kind="organisation",
        country_at="value_fields_lc/foreign_country",
    )
    foreign_country = Country(
        "value_fields_lc/foreign_country",
        "employer/address/country",
        kind="numeric",
        or_from=("employer/identifier[0]/issuer",),
    )
    currency = Text("value_fields_lc/salary_currency", "pay[0]/currency")
    fee = NumberAmount(
        "value_fields_lc/fee_paid_by_worker", "fee[payer=worker]/amount", zero_is_none=True
    )
    fee_currency = Text("value_fields_lc/fee_currency", "fee[payer=worker]/currency")
    ticket = Code("value_fields_lc/ticket", "travel", CODES["ticket"], leave_unknown=True)
    foreign_pin = ForeignNumber("value_fields_lc/foreign_pin", "person", kind="person")

    def complete(self, record: Record) -> None:
        super().complete(record)
        tell_scripts(record)
        if "identifier" not in record.get("employer", {}) and "agency" in record:
            # R9: without a foreign employer the company of `tin_lc` employs.
            abroad = record.get("employer", {})
            record["employer"] = record.pop("agency")
            if "address" in abroad:
                record["workplace"] = abroad["address"]
        for pay in record.get("pay", []):
            pay.setdefault("currency", "UZS")
        for fee in record.get("fee", []):
            fee.update({"kind": "recruitmentFee", "currency": fee.get("currency", "UZS")})
        record["state"] = "terminated" if "termination" in record else "registered"

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        employer = record.get("employer", {})
        if "agency" in record and not _is_foreign(employer):
            # Written, the agency would be read as the employer (R9).
            raise cannot_carry("an agency needs a foreign employer beside it", "/record/employer")

    def lost(self, record: Record, consumed: set[str]) -> list[str]:
        lost = super().lost(record, consumed)
        # Only the article of the dismissal says that a contract has ended.
        ended = any(path.startswith("/termination/") for path in consumed)
        if "/state" not in lost and (record["state"] == "terminated") != ended:
            lost.append("/state")
        if "employer" in record:
            return lost
        # `rows` put the employer in the agency's place; the pointers are those of the record.
        return [f"/employer{one.removeprefix('/agency')}" if one.startswith("/agency") else one
                for one in lost]  # fmt: skip

    def rows(self, records: Sequence[Record]) -> list[tuple[Record, tuple[int, ...]]]:
        return [(_as_told(record), (index,)) for index, record in enumerate(records)]


def _is_foreign(organisation: dict[str, Any]) -> bool:
    known = (SCHEMES.get(one["scheme"]) for one in organisation.get("identifier", []))
    issuers = {scheme.issuer for scheme in known if scheme is not None}
    return bool(issuers - {"UZB"})


def _as_told(record: Record) -> Record:
    """A home employer stands in the fields that an agency has beside a foreign one."""
    employer = record.get("employer")
    if employer is None or _is_foreign(employer) or "agency" in record:
        return record
    told = {name: node for name, node in record.items() if name != "employer"}
    return told | {"agency": employer}

"""`uz.vacancies`: a vacancy abroad of the recruitment portal (country-formats 5).

The pay is in `currency`, whatever the names of its members say (R24).
"""

from typing import Any, ClassVar

from adapters.uz.labour_contract import RegisterNumber
from adapters.uz.words import (
    CODES,
    Choice,
    Count,
    CountText,
    Education,
    Months,
    Provision,
    UzbekWords,
)
from gateway.translation.coded_fields import Occupation
from gateway.translation.date_fields import IsoDateTime
from gateway.translation.fields import Amount, Code, Text
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.list_fields import Each
from gateway.translation.media.json_answers import JsonAnswer
from gateway.translation.money import is_zero
from gateway.translation.paths import MISSING, pick
from gateway.translation.person_fields import OrganisationName
from gateway.translation.reading import Record
from gateway.translation.turn import turn

# A vacancy on the portal is open; an order that is approved may be put there.
STATES = frozenset({"open", "approved"})
# Where parts of a row stand until they are one: the record has no such members.
ONLY, LOWEST, HIGHEST = "offered", "offeredFrom", "offeredTo"
CURRENCY, ELSEWHERE = "offeredIn", "numberElsewhere"
OFFERS = {ONLY: "salary_dollar", LOWEST: "salary_dollar_from", HIGHEST: "salary_dollar_to"}


class Offer(Amount):
    """One amount of the pay offered: the only one, or the lowest or the highest of two."""

    def __init__(self, part: str, *, count: int, place: int) -> None:
        """count: of the amounts that the record then has. place: of this one."""
        super().__init__(OFFERS[part], part, zero_is_none=True, empty=None)
        self.count = count
        self.place = place

    def find(self, record: Record) -> tuple[Any, str]:
        if len(record.get("pay", [])) != self.count:
            return MISSING, ""
        return pick(record, f"pay[{self.place}]/amount")


class OfferCurrency(Text):
    """The currency of all the pay offered."""

    def read(self, value: Any) -> Any:
        return super().read(value).upper()

    def find(self, record: Record) -> tuple[Any, str]:
        # A pay of zero is no pay to the portal, and no currency stands alone.
        said = [n for n, pay in enumerate(record.get("pay", [])) if not is_zero(pay["amount"])]
        if not said:
            return MISSING, ""
        for place in said[1:]:
            turn().consume(f"/pay/{place}/currency")
        return pick(record, f"pay[{said[0]}]/currency")


class NumberElsewhere(Text):
    """The number of an order in the register it comes from, when that is not this one."""

    def find(self, record: Record) -> tuple[Any, str]:
        number, pointer = pick(record, "orderNumber")
        own = turn().source_country == turn().home and str(number).isdigit()
        return (MISSING, "") if own else (number, pointer)


class Deadline(IsoDateTime):
    """A day with a time that says nothing."""

    def write(self, value: Any) -> Any:
        return f"{value} 00:00:00"


class Vacancies(Layout):
    """One vacancy; an answer to a query about one."""

    name = "uz.vacancies"
    record_type = "JobOrder"
    medium = JsonAnswer(
        "data/vacancy",
        "occupation_name_uz",
        "country_name_uz",
        "employer_name",
        "total",
        around={"success": True},
    )
    identity = "orderNumber"
    constants: ClassVar = {"state": "open"}

    number = RegisterNumber("id", "orderNumber", home_only=True, empty=None)
    number_elsewhere = NumberElsewhere("foreign_order_number", ELSEWHERE)
    occupation_words = UzbekWords("occupation_name_uz", lang="uzb", empty="")
    occupation = Occupation("nskz", native_list="NSKZ")
    country = Code("country_name_uz", "workplace/country", CODES["countries"], empty="")
    workplace = Text("address_abroad", "workplace/text")
    employer = OrganisationName("employer_name", "employer", empty="")
    employer_number = ForeignNumber(
        "foreign_employer_reg", "employer", kind="organisation", home_too=True
    )
    employer_address = Text("employer_address", "employer/address/text")
    currency = OfferCurrency("currency", CURRENCY)
    offer = Offer(ONLY, count=1, place=0)
    lowest = Offer(LOWEST, count=2, place=0)
    highest = Offer(HIGHEST, count=2, place=1)
    days = CountText("work_days_of_week", "daysPerWeek")
    places = Count("total", "places", required=True)
    age_from = Count("age_from", "ageFrom")
    age_to = Count("age_to", "ageTo")
    sex = Choice("gender_vacancy_uz", "sexRequired", CODES["sex_required"], leave_unknown=True)
    experience = Months(
        "experience_uz", "experienceMonths", CODES["experience"], leave_unknown=True
    )
    education = Education("education_uz", "education", CODES["education"])
    housing = Provision(
        "is_accomodation_provided", "housing", CODES["provision"], leave_unknown=True
    )
    meals = Provision("meals", "meals", CODES["provision"], leave_unknown=True)
    languages = Each(Code("check_languages", "languages", CODES["languages"], leave_unknown=True))
    deadline = Deadline("end_date", "deadline")

    def complete(self, record: Record) -> None:
        super().complete(record)
        elsewhere = record.pop(ELSEWHERE, None)
        if elsewhere is not None:
            record.setdefault("orderNumber", elsewhere)
        offers = {part: record.pop(part) for part in OFFERS if part in record}
        currency = record.pop(CURRENCY, None)
        if len(offers) > 1 and ONLY in offers:
            # A span rules over a single amount beside it.
            del offers[ONLY]
            turn().leave(OFFERS[ONLY])
        if currency is None:
            for part in offers:
                turn().leave(OFFERS[part])
        elif offers:
            record["pay"] = [{"amount": one, "currency": currency} for one in offers.values()]
        else:
            turn().leave("currency")

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record.get("state", "open") not in STATES:
            rule = "a vacancy of the portal is open"
            raise cannot_carry(rule, "/record/state")
        if len({pay["currency"] for pay in record.get("pay", [])}) > 1:
            rule = "all the pay of a vacancy is in one currency"
            raise cannot_carry(rule, "/record/pay")
        if not record["occupation"].keys() & {"label", "code"}:
            rule = "a vacancy names its occupation in words or by an ISCO-08 code"
            raise cannot_carry(rule, "/record/occupation")

    def lost(self, record: Record, consumed: set[str]) -> list[str]:
        # A vacancy without a state is open; any other state is lost.
        return super().lost(record, consumed | {"/state"} if "state" not in record else consumed)

"""`kz.pension-contributions`: contributions of one person, a row a month and payer (R14).

The envelope is SHEP's own; the document's names are a proposal until the fund shows its own.
A record knows the sum of a run and no single month's, so a run is written as one row with the
assumed member `periodTo`; a period that is no run of contributions, such as another state's, is
written as the assumed `insuredPeriod`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import missing

from adapters.kz.channels import RESPONSE
from adapters.kz.payload import Document, put_typed
from adapters.kz.payments import (
    MEMBERS,
    PayerRow,
    Payment,
    PaymentReader,
    Run,
    first_day,
    last_day,
    month_text,
    runs,
    whole_months,
)
from adapters.kz.shep import ShepMessage
from gateway.model.refusal import Refusal
from gateway.translation.codes import load_tables
from gateway.translation.date_fields import IsoDate, PartialIso
from gateway.translation.fields import (
    Amount,
    Code,
    Country,
    Text,
    TwoWay,
    blank,
    text_of,
    unknown_code,
)
from gateway.translation.foreign_fields import ForeignNumber, ForeignScheme
from gateway.translation.layout import Layout, Tree
from gateway.translation.person_fields import Identifier, NamePart
from gateway.translation.reading import Record
from gateway.translation.row import Many
from gateway.translation.turn import turn

CODES = load_tables(__file__)
KINDS = CODES["pension_kind"]
SCHEMES = "KZ-PENSION-SCHEME"
CURRENCY = "KZT"
# Where an answer's rows stand until each run of them is a record of its own.
PAID, INSURED = "paid", "insured"


# Far above any working life; each record repeats what the answer says of the person.
MOST_RECORDS = 2_000


@dataclass(frozen=True, slots=True)
class Paid:
    """The rows of one answer. payers: by their native spellings. count: of rows with copies."""

    payments: tuple[Payment, ...]
    payers: dict[tuple[str, ...], Record]
    count: int


class Payments(TwoWay):
    """The rows of contributions; read all together, since they are set off against each other."""

    def __init__(self, native: str) -> None:
        """native: the repeating part."""
        super().__init__(native, PAID)
        self.payer = PayerRow()

    def declared(self) -> list[str]:
        return [f"{self.native}/{member}" for member in MEMBERS]

    def read(self, value: Any) -> Any:
        reader = PaymentReader(KINDS)
        rows = value if isinstance(value, list) else [value]
        return Paid(tuple(reader.payments(rows)), reader.payers, len(rows))

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        now, outer = turn(), turn().prefix
        written = []
        for place, record in enumerate(obj[PAID]):
            now.prefix = f"/{PAID}/{place}"
            written.append(self._row(record))
        now.prefix = outer
        return written or missing

    def _row(self, record: Record) -> Tree:
        first, last = whole_months(record) or (0, 0)
        for member in ("from", "to", "type", "scheme", "contribution", "duration"):
            turn().consume(f"/{member}")
        row = {"period": month_text(first)}
        if last > first:
            row["periodTo"] = month_text(last)
        row |= self.payer.dump(record)
        kind = KINDS.native(record["scheme"]["code"]) or ""
        return row | {"kind": kind, "amount": record["contribution"]["amount"]}


class Scheme(TwoWay):
    """The scheme of an insured period, by the kind of its contributions."""

    def read(self, value: Any) -> Any:
        scheme = KINDS.common(text_of(value))
        if scheme is None:
            return unknown_code(self, KINDS.name, leave=True)
        return scheme_value(scheme)

    def write(self, value: Any) -> Any:
        return KINDS.native(value.get("code", "")) if value.get("list") == SCHEMES else missing


def scheme_value(scheme: str) -> dict[str, str]:
    """A scheme of the national list as records name it."""
    named = {"code": scheme, "list": SCHEMES, "nativeCode": scheme, "nativeList": SCHEMES}
    return named | {"mapping": "exact"}


class InsuredRow(PayerRow):
    """A period that is no run of contributions."""

    constants: ClassVar = {"state": "provided"}

    starts = IsoDate("dateFrom", "from", required=True)
    ends = IsoDate("dateTo", "to", required=True)
    kind = Code("insuranceType", "type", CODES["insurance_type"], required=True)
    scheme = Scheme("kind", "scheme")
    amount = Amount("amount/#text", "contribution/amount")
    currency = Text("amount/@currency", "contribution/currency")


class PensionContributions(Layout):
    """One person an answer; every run of months is a record that names its rows."""

    name = "kz.pension-contributions"
    record_type = "InsurancePeriod"
    medium = ShepMessage(
        Document("urn:example:kz:pension:contributions:v1", "Contributions"),
        channel=RESPONSE,
        put=put_typed,
        many=True,
        says=lambda tree: not (blank(tree.get("payment")) and blank(tree.get("insuredPeriod"))),
    )
    identity = ""
    states = frozenset({"provided", "confirmed"})

    iin = Identifier("iin", "person", "KZ-IIN")
    family = NamePart(
        "surname", "family", form="native", script="Cyrl", lang="rus", substitute=True
    )
    given = NamePart("name", "given", form="native", script="Cyrl", lang="rus", substitute=True)
    patronymic = NamePart(
        "patronname", "patronymic", form="native", script="Cyrl", lang="rus", substitute=True
    )
    birth_date = PartialIso("birthDate", "person/birthDate", midnight=False)
    citizenship = Country("citizenship", "person/citizenship[0]", kind="numeric")
    # Fourteen digits may be a Kyrgyz or an Uzbek number; the citizenship beside it decides.
    foreign_pin = ForeignNumber(
        "foreignPin",
        "person",
        kind="person",
        scheme_at="foreignPinScheme",
        country_at="citizenship",
    )
    foreign_scheme = ForeignScheme("foreignPinScheme", "person")
    payments = Payments("payment")
    insured = Many("insuredPeriod", INSURED, InsuredRow())

    def records(self, record: Record, tree: Tree) -> list[Record]:
        paid: Paid | None = record.pop(PAID, None)
        insured: list[Record] = record.pop(INSURED, [])
        found: list[Record] = []
        count = 0
        if paid is not None:
            count = paid.count
            made = runs(paid.payments)
            _leave_uncovered(paid, made)
            found = [_record_of(run, paid) for run in made]
            turn().origins += [tuple(run.rows) for run in made]
            if not insured and found:
                months = {m for run in made for m in range(run.first, run.last + 1)}
                found = [one | {"totals": {"months": len(months)}} for one in found]
        turn().origins += [(count + place,) for place in range(len(insured))]
        if len(found) + len(insured) > MOST_RECORDS:
            rule = f"an answer about one person holds at most {MOST_RECORDS} periods"
            raise Refusal("submission.too-large", step="translate", rule=rule)
        return [record | one for one in found + insured]

    def rows(self, records: Sequence[Record]) -> list[tuple[Record, tuple[int, ...]]]:
        found: list[tuple[Record, list[int]]] = []
        for place, record in enumerate(records):
            if not found or found[-1][0]["person"] != record["person"]:
                found.append(({"person": record["person"], PAID: [], INSURED: []}, []))
            answer, origins = found[-1]
            period = {name: value for name, value in record.items() if name != "person"}
            answer[PAID if _is_run(record) else INSURED].append(period)
            origins.append(place)
        return [(answer, tuple(origins)) for answer, origins in found]

    def lost(self, record: Record, consumed: set[str]) -> list[str]:
        found = super().lost({"person": record["person"]}, consumed)
        said = _said_of_each(consumed)
        counted = _counted_again(record)
        for name, row in ((PAID, PayerRow()), (INSURED, InsuredRow())):
            for place, period in enumerate(record[name]):
                own = said.get((name, str(place)), set())
                own |= {"/state"} if period["state"] == "provided" else set()
                own |= {"/totals"} if period.get("totals") == counted else set()
                found += row.lost(period, own)
        return found


def _said_of_each(consumed: set[str]) -> dict[tuple[str, str], set[str]]:
    """Pointers below each period, `/paid/0/from` as `/from`."""
    found: dict[tuple[str, str], set[str]] = {}
    for pointer in consumed:
        name, _, rest = pointer[1:].partition("/")
        place, _, member = rest.partition("/")
        found.setdefault((name, place), set()).add(f"/{member}")
    return found


def _leave_uncovered(paid: Paid, made: list[Run]) -> None:
    """Rows of months that are not covered have no record; they are residue."""
    in_runs = {place for run in made for place in run.rows}
    for payment in paid.payments:
        for place in set(payment.rows) - in_runs:
            turn().leave(f"payment/{place}/amount" if paid.count > 1 else "payment/amount")


def _record_of(run: Run, paid: Paid) -> Record:
    period: Record = {
        "from": first_day(run.first),
        "to": last_day(run.last),
        "type": _type_of(run.scheme),
        "scheme": scheme_value(run.scheme),
        "contribution": {"amount": f"{run.amount:f}", "currency": CURRENCY},
        "duration": {"months": run.last - run.first + 1},
        "state": "provided",
    }
    payer = paid.payers[run.payer]
    return period | ({"payer": payer} if payer else {})


def _type_of(scheme: str) -> str:
    return KINDS.labels[KINDS.native(scheme) or ""]["type"]


def _is_run(record: Record) -> bool:
    """Whether a record is what reading a row of contributions gives."""
    months = whole_months(record)
    scheme = record.get("scheme", {})
    money = record.get("contribution", {})
    return (
        months is not None
        and scheme == scheme_value(str(scheme.get("code")))
        and KINDS.native(scheme["code"]) is not None
        and record["type"] == _type_of(scheme["code"])
        and money.keys() == {"amount", "currency"}
        and money["currency"] == CURRENCY
        and Decimal(money["amount"]) > 0
        and record.get("duration") == {"months": months[1] - months[0] + 1}
    )


def _counted_again(answer: Record) -> dict[str, int] | None:
    """The totals that reading the written answer gives; None when it gives none."""
    if answer[INSURED]:
        return None
    spans = [whole_months(one) or (0, 0) for one in answer[PAID]]
    return {"months": len({month for first, last in spans for month in range(first, last + 1)})}

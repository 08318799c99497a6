"""Rows of contributions, a month or several each, and the unbroken runs they make (R14)."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from marshmallow import ValidationError

from gateway.translation import money
from gateway.translation.codes import CodeTable
from gateway.translation.fields import blank, text_of
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.person_fields import Identifier, OrganisationName
from gateway.translation.reading import Record
from gateway.translation.row import Row
from gateway.translation.turn import Unreadable

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(Z|[+-]\d{2}:\d{2})?")
_MINUS = ("-", "\u2212")
_A_YEAR = 12
# A working life; a longer row is a slip of the pen.
_LONGEST = 100 * _A_YEAR

PAYER = ("payerBin", "foreignRegNumber", "payerName")
MEMBERS = ("period", "periodTo", *PAYER, "kind", "amount")


class PayerRow(Row):
    """Who paid: an organisation, or a sole trader by personal number."""

    bin = Identifier("payerBin", "payer", "KZ-BIN", "KZ-IIN")
    foreign_registration = ForeignNumber("foreignRegNumber", "payer", kind="organisation")
    payer_name = OrganisationName("payerName", "payer")


# One for all answers: its reading is written out when it is first asked for.
PAYER_ROW = PayerRow()


@dataclass(frozen=True, slots=True)
class Payment:
    """One row, or exact copies of one.

    rows: places of the row and its copies. payer: native spellings by which payers are told
    apart. first, last: months counted from year 0. amount: below zero where money went back.
    """

    rows: tuple[int, ...]
    payer: tuple[str, ...]
    scheme: str
    first: int
    last: int
    amount: Decimal


@dataclass(slots=True)
class Run:
    """Months of one payer and scheme without a gap."""

    payer: tuple[str, ...]
    scheme: str
    first: int
    last: int
    amount: Decimal = Decimal(0)
    rows: list[int] = field(default_factory=list)


class PaymentReader:
    """Reads the rows of one answer; each payer is read once."""

    def __init__(self, kinds: CodeTable) -> None:
        """kinds: kind of row → scheme, with the column `sign` (`return`: money went back)."""
        self.kinds = kinds
        self.payers: dict[tuple[str, ...], Record] = {}

    def payments(self, rows: Iterable[Any]) -> list[Payment]:
        """The rows without their copies; ValidationError tells every row that cannot be read.

        A row that is left out would make a gap where there is none, so one that cannot be read
        refuses all.
        """
        places: dict[tuple[tuple[str, str], ...], list[int]] = {}
        firsts: list[tuple[list[int], dict[str, Any]]] = []
        faults: dict[str, Any] = {}
        for place, row in enumerate(rows):
            try:
                same = _spelling(row)
            except ValidationError as wrong:
                faults[str(place)] = wrong.messages
                continue
            if same not in places:
                places[same] = []
                firsts.append((places[same], row))
            places[same].append(place)
        found = []
        for where, row in firsts:
            try:
                found.append(self._payment(tuple(where), row))
            except ValidationError as wrong:
                faults[str(where[0])] = wrong.messages
        if faults:
            raise ValidationError(faults)
        return found

    def _payment(self, rows: tuple[int, ...], row: dict[str, Any]) -> Payment:
        faults: dict[str, Any] = {}
        payer = tuple([str(row.get(name) or "").strip() for name in PAYER])
        if payer not in self.payers:
            try:
                self.payers[payer] = PAYER_ROW.load(row).get("payer", {})
            except ValidationError as wrong:
                faults |= wrong.messages_dict
        read: dict[str, Any] = {}
        for name, reader in (
            ("kind", self._scheme),
            ("period", _month),
            ("periodTo", _last_month),
            ("amount", self._amount),
        ):
            try:
                read[name] = reader(row)
            except ValidationError as wrong:
                faults[name] = wrong.messages
        if faults:
            raise ValidationError(faults)
        first = read["period"]
        last = first if read["periodTo"] is None else read["periodTo"]
        if not first <= last <= first + _LONGEST:
            fault = Unreadable("date.unreadable", "a row ends no earlier than it begins")
            raise ValidationError({"periodTo": fault.messages})
        return Payment(rows, payer, read["kind"], first, last, read["amount"])

    def _scheme(self, row: dict[str, Any]) -> str:
        scheme = self.kinds.common(_given(row, "kind"))
        if scheme is None:
            raise Unreadable("code.unknown", f"the code is not in the table {self.kinds.name}")
        return scheme

    def _amount(self, row: dict[str, Any]) -> Decimal:
        told = _given(row, "amount").strip()
        below = told.startswith(_MINUS)
        try:
            amount = Decimal(money.read_amount(told[1:] if below else told))
        except ValueError:
            raise Unreadable("number.unreadable", "an amount stands here") from None
        kind = _given(row, "kind").strip().upper()
        if amount and not below and self.kinds.labels.get(kind, {}).get("sign"):
            raise Unreadable("number.unreadable", "money that went back is below zero")
        if below and not blank(row.get("periodTo")):
            rule = "a row of several months cannot be set off against one of them"
            raise Unreadable("number.unreadable", rule)
        return -amount if below else amount


def _spelling(row: Any) -> tuple[tuple[str, str], ...]:
    """All that a row says, by which copies of it are known."""
    if not isinstance(row, dict):
        raise Unreadable("field.unreadable", "a row of contributions stands here")
    return tuple(sorted((name, str(value)) for name, value in row.items()))


def _given(row: dict[str, Any], name: str) -> str:
    if blank(row.get(name)):
        raise Unreadable("field.missing", "a field that the record cannot be without")
    return text_of(row[name])


def _month(row: dict[str, Any], name: str = "period") -> int:
    matched = _MONTH.fullmatch(_given(row, name).strip())
    if matched is None or matched[1] == "0000":
        raise Unreadable("date.unreadable", "a month, YYYY-MM")
    return int(matched[1]) * _A_YEAR + int(matched[2]) - 1


def _last_month(row: dict[str, Any]) -> int | None:
    return None if blank(row.get("periodTo")) else _month(row, "periodTo")


def runs(payments: Iterable[Payment]) -> list[Run]:
    """One run per payer, scheme and unbroken run of covered months, in the rows' order (R14).

    A month is covered when its rows sum to more than nothing, or when a row of several months
    holds it.
    """
    found: list[Run] = []
    by_payer = sorted(payments, key=_holder)
    for (payer, scheme), rows in groupby(by_payer, key=_holder):
        found += _runs_of(payer, scheme, list(rows))
    return sorted((run for run in found if run.amount > 0), key=lambda run: run.rows)


def _holder(payment: Payment) -> tuple[tuple[str, ...], str]:
    return payment.payer, payment.scheme


def _runs_of(payer: tuple[str, ...], scheme: str, rows: list[Payment]) -> list[Run]:
    sums: dict[int, Decimal] = {}
    spans = [row for row in rows if row.last > row.first]
    for row in rows:
        if row.last == row.first:
            sums[row.first] = sums.get(row.first, Decimal(0)) + row.amount
    covered = {month for month, amount in sums.items() if amount > 0}
    for row in spans:
        covered.update(range(row.first, row.last + 1))
    run: Run | None = None
    found: list[Run] = []
    for month in sorted(covered):
        if run is None or month > run.last + 1:
            run = Run(payer, scheme, month, month)
            found.append(run)
        run.last = month
        run.amount += sums.get(month, Decimal(0))
    starts = [run.first for run in found]
    for row in rows:
        place = bisect_right(starts, row.first) - 1
        if place >= 0 and row.first <= found[place].last:
            found[place].rows += row.rows
            found[place].amount += row.amount if row.last > row.first else 0
    for run in found:
        run.rows.sort()
    return found


def first_day(month: int) -> str:
    """The first day of a month counted from year 0."""
    return date(month // _A_YEAR, month % _A_YEAR + 1, 1).isoformat()


def last_day(month: int) -> str:
    """The last day of a month counted from year 0."""
    following = date((month + 1) // _A_YEAR, (month + 1) % _A_YEAR + 1, 1)
    return (following - timedelta(days=1)).isoformat()


def whole_months(record: Record) -> tuple[int, int] | None:
    """First and last month of a period that begins and ends with one, else None."""
    first, last = (_counted(record[name]) for name in ("from", "to"))
    if (first_day(first), last_day(last)) != (record["from"], record["to"]):
        return None
    return first, last


def _counted(iso: str) -> int:
    year, month, _ = iso.split("-")
    return int(year) * _A_YEAR + int(month) - 1


def month_text(month: int) -> str:
    """`2025-01` for a month counted from year 0."""
    return first_day(month)[:7]

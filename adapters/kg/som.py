"""Amounts of layouts that imply the Kyrgyz som (R24)."""

from typing import Any

from gateway.translation.fields import Amount
from gateway.translation.paths import MISSING, pick
from gateway.translation.reading import Record
from gateway.translation.turn import turn

SOM = "KGS"


class SomAmount(Amount):
    """An amount in som; one in another currency is not written here."""

    def __init__(self, native: str, money: str, **options: Any) -> None:
        """money: record path of the amount with its currency."""
        super().__init__(native, f"{money}/amount", **options)
        self.money = money

    def find(self, record: Record) -> tuple[Any, str]:
        currency, pointer = pick(record, f"{self.money}/currency")
        if currency != SOM:
            return MISSING, ""
        turn().consume(pointer)
        return super().find(record)


def imply_som(record: Record, *members: str) -> None:
    """Add the currency to the amounts of a record that was read."""
    for member in members:
        if member in record:
            record[member]["currency"] = SOM

"""Whom a record concerns (R29): the table `recipients.csv` beside each record type's XSD.

Columns: `path` of a member that names countries; `scope` and `unless` may be left out.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pycountry

from gateway.catalogue.rules import walker

NAMED = "named"
EVERY_IF_OWN = "every-if-own"
SCOPES = {
    NAMED: "the state itself",
    EVERY_IF_OWN: "the state itself; every state when it is the sender's own",
}


@dataclass(frozen=True, slots=True)
class RecipientPath:
    """A member whose countries a record concerns.

    scope: a key of SCOPES. unless: a member beside which this one says nothing, or "".
    """

    path: str
    scope: str = NAMED
    unless: str = ""


def load_recipients(file: Path) -> tuple[RecipientPath, ...]:
    """Read one table; ValueError for a scope that is none."""
    with file.open(encoding="utf-8", newline="") as lines:
        found = tuple(
            RecipientPath(row["path"], row.get("scope") or NAMED, row.get("unless") or "")
            for row in csv.DictReader(lines)
        )
    if any(one.scope not in SCOPES for one in found):
        message = f"{file.parent.parent.name}/recipients.csv: scope is one of {', '.join(SCOPES)}"
        raise ValueError(message)
    return found


def concerned(
    paths: Iterable[RecipientPath], record: dict[str, Any], origin: str
) -> frozenset[str]:
    """The alpha-2 codes of the states a record concerns.

    origin: alpha-2 of the sender's state. A demand for workers at home names no other state and
    concerns every one: whom it reaches, the agreements say.
    """
    found: set[str] = set()
    for one in paths:
        if one.unless and walker(one.unless)(record):
            continue
        named = {_alpha_2(str(value)) for value in walker(one.path)(record)} - {""}
        if one.scope == EVERY_IF_OWN and origin in named:
            return _every_state()
        found |= named
    return frozenset(found)


@cache
def _alpha_2(alpha_3: str) -> str:
    country = pycountry.countries.get(alpha_3=alpha_3)
    return "" if country is None else str(country.alpha_2)


@cache
def _every_state() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)

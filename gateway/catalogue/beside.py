"""The data beside an XSD: states, rules, usual members, recipients, sensitivity."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from gateway.catalogue.recipients import RecipientPath, load_recipients
from gateway.catalogue.rules import Rule, load_rules

SENSITIVITIES = {0: "public", 1: "administrative", 2: "personal", 3: "special"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What a record type says outside its XSD.

    steps: (from, to) of `states.csv`; an empty from is how a record begins. usual: (member, the
    member that may stand instead or ""). recipients: members whose countries may receive (R29).
    """

    sensitivity: int
    steps: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    usual: tuple[tuple[str, str], ...]
    recipients: tuple[RecipientPath, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that some step names, in the order of the steps."""
        return tuple(dict.fromkeys(one for step in self.steps for one in step if one))


def read_beside(folder: Path) -> Beside:
    """Read the files beside one `record.xsd`."""
    about = json.loads((folder / "about.json").read_bytes())
    return Beside(
        about["sensitivity"],
        tuple((row["from"], row["to"]) for row in _rows(folder / "states.csv")),
        load_rules(folder / "rules.csv"),
        tuple((row["member"], row["instead"] or "") for row in _rows(folder / "usual.csv")),
        load_recipients(folder / "recipients.csv"),
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))

"""One record type as the default layouts need it: columns, headings, cells, and its rules."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from gateway.catalogue.labels import Labels
from gateway.catalogue.rules import Rule, load_rules
from gateway.translation.default.cells import Cells
from gateway.translation.default.choices import ChoiceLists
from gateway.translation.default.columns import (
    Column,
    Compiler,
    Definitions,
    Group,
    folded,
    headings,
    leaves,
    load_definitions,
    rows_of,
)
from gateway.translation.default.common import Completion
from gateway.translation.default.plan import Plan, Step
from gateway.translation.default.strict import Checks

VERSION = "1"
_MOST_HEADINGS = 4_096
_INNER = re.compile(r"(?<!^)(?=[A-Z])")


def kebab(record_type: str) -> str:
    """`EmploymentContract` as `employment-contract`."""
    return _INNER.sub("-", record_type).lower()


@dataclass(frozen=True)
class Compiled:
    """A record type, made ready when something of it is first asked for.

    identity: path of the number by which the record is found again; empty when it has none.
    """

    record_type: str
    schemas: Path
    labels: Labels
    lists: ChoiceLists
    identity: str

    @property
    def marker(self) -> str:
        """The first cell of every table of the type."""
        return f"lmx:{self.record_type}:{VERSION}"

    @cached_property
    def definitions(self) -> Definitions:
        """`$defs` of the generated JSON Schema."""
        return load_definitions(self.schemas, self.record_type)

    @property
    def type_name(self) -> str:
        """The name of the record's type in the definitions."""
        return f"{self.record_type}Type"

    @cached_property
    def root(self) -> Group:
        """The tree of columns."""
        return Compiler(self.schemas, self.definitions).root(self.type_name)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in the order of the standard."""
        return tuple(leaves(self.root))

    @cached_property
    def by_heading(self) -> Mapping[str, tuple[Column, str]]:
        """Folded heading → column and language."""
        return headings(list(self.columns), self.labels)

    @cached_property
    def known(self) -> Callable[[str], tuple[Column, str] | None]:
        """A heading as it stands → column and language, else None; rows repeat their headings."""
        return lru_cache(maxsize=_MOST_HEADINGS)(lambda text: self.by_heading.get(folded(text)))

    @cached_property
    def plan(self) -> Plan:
        """How cells become members."""
        return Plan(self.root, self.cells)

    @cached_property
    def step(self) -> Callable[[str], Step | None]:
        """A heading as it stands → what is done with the cells below it, else None."""

        def of(heading: str) -> Step | None:
            known = self.known(heading)
            return None if known is None else self.plan.step(known[0])

        return lru_cache(maxsize=_MOST_HEADINGS)(of)

    @cached_property
    def checks(self) -> Checks:
        """The members of the record's type and what each must be."""
        return Checks(self.definitions, self.type_name)

    @cached_property
    def cells(self) -> Cells:
        """Reader and writer of the cells."""
        return Cells(self.lists, self.definitions)

    @cached_property
    def completion(self) -> Completion:
        """What names and identifiers get."""
        return Completion(self.definitions, self.type_name)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules across members."""
        return load_rules(self.schemas / "records" / self.record_type / VERSION / "rules.csv")


def compile_all(schemas: Path, labels: Labels) -> dict[str, Compiled]:
    """Every record type of the standard by its name in kebab case; nothing is read of them yet."""
    lists = ChoiceLists(labels, schemas)
    identities = {
        row["type"]: row["member"] for row in rows_of(schemas / "layouts" / "1" / "identities.csv")
    }
    found = sorted(file.parent.parent.name for file in schemas.glob("records/*/1/record.xsd"))
    return {
        kebab(name): Compiled(name, schemas, labels, lists, identities.get(name, ""))
        for name in found
    }

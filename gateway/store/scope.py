"""Whose rows a query may give: every query for a caller names it, and none has a default."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Own:
    """The rows of one authority, and of these record types; None is each type.

    ValueError for no authority, so that a missing name never reads as everybody's.
    """

    authority: str
    record_types: frozenset[str] | None

    def __post_init__(self) -> None:
        """Refuse a scope of nobody."""
        if not self.authority:
            raise ValueError("a scope is that of an authority")


@dataclass(frozen=True, slots=True)
class Whole:
    """Every row: for the gateway's own steps, and for auditors, who are asked for their ground."""


Scope = Own | Whole
WHOLE = Whole()

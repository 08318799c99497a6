"""What Kazakhstan's permits have in common: states, extensions, the kind of permit they carry."""

from typing import ClassVar

from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.reading import Record
from gateway.translation.turn import turn


class Permit(Layout):
    """A permit of one kind; the layout has no form for other kinds.

    permit_type: the one `type` that it carries. employer: where its employer stands in the record.
    """

    record_type = "WorkAuthorisation"
    identity = "number"
    states = frozenset(
        {"applied", "issued", "extended", "expired", "refused", "revoked", "cancelled"}
    )
    permit_type: ClassVar[str]
    employer: ClassVar[str]

    def complete(self, record: Record) -> None:
        super().complete(record)
        # R5: an extended permit was extended once at least.
        if record.get("state") == "extended" and "extensionNo" not in record:
            record["extensionNo"] = 1
            turn().warn("EXTENSION-NUMBER-ASSUMED", "/extensionNo")

    def require(self, record_type: str, record: Record) -> None:
        super().require(record_type, record)
        if record["type"] != self.permit_type:
            raise cannot_carry(
                f"the layout holds permits of type {self.permit_type}", "/record/type"
            )
        if self.employer != _employer_of(record):
            raise cannot_carry("the layout needs another kind of employer", "/record/employer")


def _employer_of(record: Record) -> str:
    """Where a record's employer stands: as an organisation, as a person, or nowhere."""
    employer = record.get("employer")
    if employer is None:
        return ""
    return "employer/person" if "person" in employer else "employer"

"""What a submitter may do: its rights by record type and purpose, suspension, and licence.

The directory of the submitter's own state says it (`member/submitters.json`). What is not listed is
not given: a submitter without `rights` has none, and `*` says all in words. A licensed private
agency acts while its licence runs, and says nothing of licences itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal

EVERY = "*"
LICENCE_TYPE = "AgencyLicence"
# States of schemas/records/AgencyLicence/1/states.csv in which an agency may work.
_RUNNING = frozenset({"issued", "renewed", "reinstated"})


@dataclass(frozen=True, slots=True)
class Right:
    """Record types and purposes that go together; `*` is each of them."""

    record_types: frozenset[str]
    purposes: frozenset[str]

    def covers(self, record_type: str, purpose: str) -> bool:
        """Tell whether this right is for the record type and the purpose."""
        types, purposes = self.record_types, self.purposes
        return (record_type in types or EVERY in types) and (
            purpose in purposes or EVERY in purposes
        )


@dataclass(frozen=True, slots=True)
class LicenceNamed:
    """The licence a private agency works under: its number, and the state that gave it."""

    state: str
    number: str


@dataclass(frozen=True, slots=True)
class LicenceState:
    """What is known of a licence: its state, and first and last day."""

    state: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Submitter:
    """One submitter as its state's directory lists it.

    suspended: from when it may do nothing, None while it is not; licence: None for those that
    need none.
    """

    name: str
    authority: str
    rights: tuple[Right, ...]
    suspended: datetime | None
    licence: LicenceNamed | None


def read_submitter(name: str, listed: Mapping[str, Any], *, state: str) -> Submitter:
    """Read an entry of `member/submitters.json`; state: alpha-2 of the directory.

    Refuses `directory.signature` for members of another kind: the file is then no directory's.
    """
    try:
        rights = tuple(_right(one) for one in listed.get("rights", ()))
        suspended = listed.get("suspended")
        licence = listed.get("licence")
        return Submitter(
            name,
            str(listed["authority"]),
            rights,
            None if suspended is None else read_instant(suspended),
            None if licence is None else _licence(licence, state),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refusal(
            "directory.signature",
            step="authenticate",
            rule="a submitter is listed with authority, rights, suspended and licence as "
            "docs/reference/submitters.md says",
            place="member/submitters.json",
        ) from None


def require_active(submitter: Submitter, licence: LicenceState | None, at: datetime) -> None:
    """Refuse `submitter.suspended` or `submitter.licence` unless it may act at `at`.

    licence: what the gateway knows of the licence it works under, None for nothing. The last day
    counts whole, by UTC.
    """
    if submitter.suspended is not None and at >= submitter.suspended:
        raise _refuse(
            "submitter.suspended", "the state's directory has suspended this submitter", ""
        )
    if submitter.licence is None:
        return
    if licence is None:
        raise _refuse(
            "submitter.licence",
            "the authority that gives licences must first send the AgencyLicence record of the "
            "number that the directory lists for you",
            "licence",
        )
    if licence.state not in _RUNNING:
        raise _refuse(
            "submitter.licence",
            f"the newest AgencyLicence record of your number says {licence.state}",
            "licence",
        )
    if not licence.valid_from <= at.date() <= licence.valid_to:
        raise _refuse(
            "submitter.licence",
            "the newest AgencyLicence record of your number is of another time than now",
            "licence",
        )


def require_right(submitter: Submitter, record_type: str, purpose: str) -> None:
    """Refuse `submitter.right` unless one of its rights covers record type and purpose."""
    if submitter.licence is not None and record_type == LICENCE_TYPE:
        raise _refuse(
            "submitter.right", "an agency that works under a licence sends none", "recordType"
        )
    for one in submitter.rights:
        if one.covers(record_type, purpose):
            return
    raise _refuse(
        "submitter.right",
        "member/submitters.json must list a right of yours for this record type and purpose; "
        "ask the operator of your state's directory",
        "recordType",
    )


def record_types(submitter: Submitter) -> frozenset[str] | None:
    """Give the record types it may read of its authority, None for each of them."""
    found = frozenset(name for one in submitter.rights for name in one.record_types)
    return None if EVERY in found else found


def _right(one: Mapping[str, Any]) -> Right:
    types, purposes = one["recordTypes"], one["purposes"]
    for names in (types, purposes):
        if not isinstance(names, list) or not names or not all(type(n) is str for n in names):
            raise ValueError("a right lists names")
    return Right(frozenset(types), frozenset(purposes))


def _licence(one: Mapping[str, Any], state: str) -> LicenceNamed:
    number, issuer = one["number"], one.get("state", state)
    if one["recordType"] != LICENCE_TYPE or type(number) is not str or type(issuer) is not str:
        raise ValueError("a licence is named by its number")
    return LicenceNamed(issuer, number)


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="authenticate", rule=rule, place=place)

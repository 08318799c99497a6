"""What translations give: results a native row, and written native files (DESIGN 4)."""

from dataclasses import dataclass, field
from typing import Any

from gateway.model.refusal import Refusal, Warned

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Which layout and adapter made a record; travels in the transfer (R3)."""

    layout: str
    adapter_version: str
    encoding_profile: str | None = None

    def members(self) -> dict[str, str]:
        """The transfer member `source`, absent options absent."""
        given = {"layout": self.layout, "adapterVersion": self.adapter_version}
        if self.encoding_profile is not None:
            given["encodingProfile"] = self.encoding_profile
        return given


@dataclass(frozen=True, slots=True)
class NativeSignature:
    """A national signature found in a native file; nobody has verified it here (DESIGN 4)."""

    place: str
    algorithm: str
    subject: str | None
    verdict: str = "not-checked"


@dataclass(frozen=True, slots=True)
class Result:
    """One record of a native file, or one refused row (R40).

    rows: native rows, counted from 1. record: the common record, None when refused.
    warnings: codes with pointers into the record. residue: native paths without a common place;
    residue_values holds their texts and must never leave the origin. identity: the number by
    which the layout finds the record again. action: read from the native message kind, or None.
    """

    status: str
    rows: tuple[int, ...]
    record_type: str
    record: Record | None
    source: Source
    warnings: tuple[Warned, ...] = ()
    residue: tuple[str, ...] = ()
    residue_values: dict[str, str] = field(default_factory=dict)
    identity: str | None = None
    action: str | None = None
    consent_ref: str | None = None
    errors: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A native file read: its results, or the error that quarantines or refuses it whole.

    warnings: of the file as a whole, e.g. `EMPTY-ANSWER` (R16).
    """

    layout: str | None
    adapter_version: str | None
    encoding_profile: str | None
    results: tuple[Result, ...]
    error: Refusal | None = None
    warnings: tuple[Warned, ...] = ()
    signatures: tuple[NativeSignature, ...] = ()

    @property
    def status(self) -> str:
        """`ok`, `refused` (a row or the file) or `quarantined` (control total, R1)."""
        if self.error is not None:
            quarantined = self.error.code == "submission.control-total"
            return "quarantined" if quarantined else "refused"
        return "refused" if any(r.status != "ok" for r in self.results) else "ok"


@dataclass(frozen=True, slots=True)
class Written:
    """A native file made from records.

    residue: pointers into the records (`/record/agency`) which the layout cannot carry; with
    several records they are those of all. warnings: codes with pointers into the records.
    """

    data: bytes
    layout: str
    adapter_version: str
    warnings: tuple[Warned, ...]
    residue: tuple[str, ...]
    media_type: str
    extension: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a produced envelope says of itself: the message id and the instant it was made."""

    message_id: str
    at: str

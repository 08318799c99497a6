"""The slot for a national electronic signature over an agreement text.

`agreements/<corridor>/v<n>.sig/<state>.json` in a state's directory is a slot: algorithm,
certificateSubject, provider, and a detached CMS signature (RFC 5652) over the text's bytes. A
reader without a provider for it sees `not-checked`; that the agreement is in force never hangs on
it (DESIGN section 5: equal bytes in both directories are the signature).
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse

VERIFIED, NOT_CHECKED, ABSENT = "verified", "not-checked", "absent"
_MEMBERS = ("algorithm", "certificateSubject", "provider", "signature")


@dataclass(frozen=True, slots=True)
class NationalSignature:
    """What a slot holds. cms: DER of a detached SignedData; provider: who can check it, `gost`."""

    algorithm: str
    subject: str
    provider: str
    cms: bytes

    def data(self) -> bytes:
        """Give the slot's canonical octets."""
        told = {
            "algorithm": self.algorithm,
            "certificateSubject": self.subject,
            "provider": self.provider,
            "signature": base64.b64encode(self.cms).decode("ascii"),
        }
        return canonical_json(told)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one state's signature: verified, not-checked or absent."""

    state: str
    word: str
    algorithm: str = ""
    subject: str = ""

    def members(self) -> dict[str, str]:
        """Give it as JSON says it, absent options absent."""
        told = {"state": self.state, "verdict": self.word}
        more = {"algorithm": self.algorithm, "certificateSubject": self.subject}
        return told | {name: one for name, one in more.items() if one}


class Provider(Protocol):
    """A national signature's judge: knows its own name, and gives the signer's subject."""

    name: str

    def signer(self, text: bytes, cms: bytes) -> str:
        """Give the subject of the certificate that signed, once it verifies.

        Refuses `signature.wrong`.
        """
        ...


def slot_name(corridor: str, version: int, state: str) -> str:
    """Give the target file of a state's slot."""
    return f"agreements/{corridor}/v{version}.sig/{state}.json"


def read_slot(data: bytes) -> NationalSignature:
    """Read a slot's octets. Refuses `signature.malformed`."""
    found: Any = parse(data)
    if not isinstance(found, dict) or sorted(found) != sorted(_MEMBERS):
        raise _malformed(f"a slot has {', '.join(_MEMBERS)}")
    if not all(isinstance(one, str) and one for one in found.values()):
        raise _malformed("each member of a slot is a text")
    try:
        cms = base64.b64decode(found["signature"], validate=True)
    except binascii.Error:
        raise _malformed("the signature is base64 of DER") from None
    return NationalSignature(
        found["algorithm"], found["certificateSubject"], found["provider"], cms
    )


def judge(state: str, text: bytes, slot: bytes | None, providers: Sequence[Provider]) -> Verdict:
    """Give the verdict on one state's slot.

    Refuses `signature.malformed` for a slot that cannot be read, and `signature.wrong` for one
    that a provider has found wrong, or signed by another than the slot names.
    """
    if slot is None:
        return Verdict(state, ABSENT)
    found = read_slot(slot)
    for one in providers:
        if one.name != found.provider:
            continue
        if one.signer(text, found.cms) != found.subject:
            raise Refusal(
                "signature.wrong",
                step="verify",
                rule="the certificate that signed must be the one the slot names",
                place="certificateSubject",
            )
        return Verdict(state, VERIFIED, found.algorithm, found.subject)
    return Verdict(state, NOT_CHECKED, found.algorithm, found.subject)


def _malformed(rule: str) -> Refusal:
    return Refusal("signature.malformed", step="verify", rule=rule, place="slot")

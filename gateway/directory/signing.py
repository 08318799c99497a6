"""One holder's signature in a ceremony: what may be signed is found out, checked, then signed."""

import hashlib
from datetime import datetime

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from gateway.directory.draft import Draft
from gateway.directory.published import Published
from gateway.directory.roles import ROOT, CeremonyError
from gateway.directory.standing import Standing, changes, signers_of, standings


def signable(draft: Draft, signer: CryptoSigner, *, at: datetime) -> list[Standing]:
    """Give the staged roles that a key may sign, after checking the draft.

    CeremonyError: as `standings`; the key belongs to none of what is staged; a role would be
    signed after its end; a staged file is missing or is not what is listed.
    """
    found = standings(draft)
    mine = [one for one in found if signer.public_key.keyid in signers_of(draft, one.role)]
    if not mine:
        roles = ", ".join(one.role for one in found)
        raise CeremonyError(
            f"this key may sign nothing of the draft ({roles}). Take the key of the role, or, "
            "if keys were replaced, the newer one."
        )
    for one in mine:
        if one.expires <= at:
            raise CeremonyError(
                f"{one.role} version {one.version} of this draft ended on "
                f"{one.expires:%Y-%m-%d %H:%M} UTC before it was signed. Begin the draft anew; "
                "if that date lies ahead, set this machine's clock."
            )
        changes(draft, one.role)
    return mine


def require_chain(base: Published, pinned: bytes) -> None:
    """Verify what a draft builds on from the first root that a holder keeps, up to the newest.

    CeremonyError when the chain does not begin there or a link is not signed by both sides.
    """
    if hashlib.sha256(base.roots[0].to_bytes()).digest() != hashlib.sha256(pinned).digest():
        raise CeremonyError(
            "this draft builds on another first root than the one kept beside the key. Do not "
            "sign; ask who prepared it."
        )
    before = None
    for one in base.roots:
        result = one.signed.get_root_verification_result(before, one.signed_bytes, one.signatures)
        if not result.verified:
            raise CeremonyError(
                f"root {one.signed.version} that this draft builds on lacks signatures of the "
                "root before it or of its own. Do not sign; ask who prepared it."
            )
        before = one.signed


def sign(draft: Draft, signer: CryptoSigner, *, at: datetime) -> list[Standing]:
    """Add the key's signature to each staged role that it may sign; gives how these stand then.

    CeremonyError as `signable`. Signing twice changes nothing, as Ed25519 gives the same bytes.
    """
    mine = [one.role for one in signable(draft, signer, at=at)]
    staged = draft.staged()
    for name in mine:
        staged[name].sign(signer, append=True)
        draft.write(name, staged[name])
    return [one for one in standings(draft) if one.role in mine]


def first_root(draft: Draft) -> bytes | None:
    """Give the bytes of a staged first root, for its holders to keep; None for a later draft."""
    root = draft.staged().get(ROOT)
    return root.to_bytes() if root is not None and root.signed.version == 1 else None

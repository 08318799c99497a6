"""Check what the receiving authority itself signed, as far as a bundle holds it."""

from collections.abc import Mapping, Sequence

from gateway.model.refusal import Refusal
from gateway.proof.authority_token import check_authority_token
from gateway.proof.bundle import TOKENS, token_file
from gateway.proof.claims import Claim, failed, passed
from gateway.proof.evidence_ladder import SealedHeader, directory_of_event
from gateway.proof.receipt import Receipt
from gateway.proof.trust_folder import Trust


def check_tokens(
    files: Mapping[str, bytes],
    sealed: SealedHeader,
    trust: Trust,
    receipts: Sequence[Receipt],
    covered: set[str],
) -> list[Claim]:
    """Give a claim for each token of the authority, judged by the verified receipt it belongs to.

    A bundle of an earlier release has none, and its receipts stand without them.
    """
    claims = []
    for name in sorted(one for one in files if one.startswith(TOKENS)):
        covered.add(name)
        try:
            signer = _signer(name, files, sealed, trust, receipts)
        except Refusal as refusal:
            claims.append(failed("authority", refusal, name))
            continue
        claims.append(passed("authority", f"signed by {signer} for the receiving authority", name))
    return claims


def _signer(
    name: str,
    files: Mapping[str, bytes],
    sealed: SealedHeader,
    trust: Trust,
    receipts: Sequence[Receipt],
) -> str:
    try:
        token = files[name].decode("ascii")
    except UnicodeDecodeError:
        raise _wrong("a token is ASCII text", name) from None
    for receipt in receipts:
        for event in receipt.events:
            if token_file(event.code) == name:
                directory = directory_of_event(files, event, sealed, trust)
                return check_authority_token(token, event.code, receipt, sealed.header, directory)
    raise _wrong("a token of the authority belongs to an event of a receipt in the bundle", name)


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("handover.confirmation", step="verify", rule=rule, place=place)

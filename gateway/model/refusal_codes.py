"""The one table of refusal codes: title, HTTP status, whether trying again can help."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """What a refusal code means to a caller."""

    title: str
    status: int
    retry: bool = False


REFUSALS: dict[str, RefusalKind] = {
    # bytes and forms
    "json.malformed": RefusalKind("The JSON cannot be read", 400),
    "json.duplicate-name": RefusalKind("A JSON object names a member twice", 400),
    "json.number-range": RefusalKind("A JSON number is outside the profile", 400),
    "json.not-canonical": RefusalKind("The JSON is not in its canonical form", 400),
    "xml.malformed": RefusalKind("The XML cannot be read", 400),
    "xml.doctype": RefusalKind("The XML carries a DOCTYPE", 400),
    "xml.profile": RefusalKind("The XML uses a construct outside the profile", 400),
    "xml.not-canonical": RefusalKind("The XML is not in its canonical form", 400),
    "csv.malformed": RefusalKind("The table cannot be read", 400),
    "file.unreadable": RefusalKind("The file cannot be opened", 400),
    "text.encoding": RefusalKind("The text encoding is not known for sure", 400),
    "record.schema": RefusalKind("The record does not meet its schema", 422),
    "record.rule": RefusalKind("The record breaks a rule across members", 422),
    "record.type-unknown": RefusalKind("The record type is not known", 422),
    "record.version-unknown": RefusalKind("The schema version is not accepted", 422),
    # native input
    "identifier.check-digit": RefusalKind("An identifier has a wrong check digit", 422),
    "identifier.length": RefusalKind("An identifier has a wrong length", 422),
    "identifier.pattern": RefusalKind("An identifier has a wrong pattern", 422),
    "mrz.malformed": RefusalKind("A machine-readable zone is not built as ICAO 9303 says", 422),
    "mrz.check-digit": RefusalKind("A machine-readable zone has a wrong check digit", 422),
    "document.number-lost": RefusalKind("A document number was lost in a spreadsheet", 422),
    "date.unreadable": RefusalKind("A date cannot be read", 422),
    "number.unreadable": RefusalKind("A number cannot be read", 422),
    "code.unknown": RefusalKind("A code does not resolve", 422),
    "field.missing": RefusalKind("A mandatory field is missing", 422),
    "field.unreadable": RefusalKind("A field cannot be read", 422),
    "layout.unknown": RefusalKind("No layout recognises the file", 422),
    "layout.ambiguous": RefusalKind("More than one layout recognises the file", 422),
    "layout.cannot-carry": RefusalKind("The target layout cannot express the record", 422),
    "source.fault": RefusalKind("The file is a fault message of its source", 422),
    "source.not-a-record": RefusalKind("The file holds no record", 422),
    "submission.control-total": RefusalKind("The control total does not agree", 422),
    "submission.too-large": RefusalKind("The submission is over the limit", 413),
    "submission.rows-refused": RefusalKind("Some rows were refused", 422),
    "submission.content-type": RefusalKind("The content type is not accepted", 415),
    # request
    "signature.missing": RefusalKind("The request is not signed", 401),
    "signature.malformed": RefusalKind("The signature fields cannot be read", 401),
    "signature.coverage": RefusalKind("The signature does not cover what it must", 401),
    "signature.wrong": RefusalKind("The signature does not verify", 401),
    "signature.key-unknown": RefusalKind("The key is not in the directory", 401),
    "signature.key-role": RefusalKind("The key is used outside its role", 401),
    "signature.expired": RefusalKind("The signature is outside its time window", 401, retry=True),
    "signature.algorithm": RefusalKind("The algorithm is not allowed", 401),
    "digest.wrong": RefusalKind("The body does not match its Content-Digest", 400),
    "nonce.replayed": RefusalKind("The nonce was used before", 401),
    "idempotency.reused": RefusalKind("The idempotency key came with another body", 409),
    "idempotency.missing": RefusalKind("The request names no idempotency key", 400),
    "request.malformed": RefusalKind("The request cannot be read", 400),
    "request.parameter": RefusalKind("A parameter is missing or wrong", 400),
    "request.not-found": RefusalKind("There is nothing here for this caller", 404),
    "internal.error": RefusalKind("The gateway failed", 500, retry=True),
    "request.method": RefusalKind("The method is not allowed here", 405),
    # trust and policy
    "authority.unknown": RefusalKind("The authority is not in the directory", 422),
    "submitter.right": RefusalKind("The submitter has no right to this", 403),
    "agreement.not-in-force": RefusalKind("No agreement is in force", 403),
    "agreement.type": RefusalKind("The agreement does not cover the record type", 403),
    "agreement.purpose": RefusalKind("The agreement does not cover the purpose", 403),
    "agreement.direction": RefusalKind("The agreement does not cover the direction", 403),
    "agreement.version": RefusalKind("The agreement does not cover the version", 403),
    "agreement.member": RefusalKind("The record carries a member the agreement withholds", 403),
    "agreement.malformed": RefusalKind("The agreement text cannot be read", 503),
    "agreement.quota": RefusalKind("The agreement's quota is used up", 429, retry=True),
    "agreement.sensitivity": RefusalKind("The record is above the sensitivity cap", 403),
    "to.mismatch": RefusalKind("The record does not concern the recipient", 422),
    "to.not-here": RefusalKind("The message is for another gateway", 403),
    "consent.missing": RefusalKind("Consent is missing", 403),
    "restricted.use-sdk": RefusalKind("This layout must be sealed by the SDK", 422),
    "directory.stale": RefusalKind("The directory is not verified", 503, retry=True),
    "directory.signature": RefusalKind("The directory signature does not verify", 503),
    "directory.rollback": RefusalKind("The directory version fell", 503),
    "certificate.invalid": RefusalKind("A certificate does not verify for this use", 401),
    "certificate.revoked": RefusalKind("A certificate is revoked", 401),
    # sealed forms, evidence, log
    "seal.malformed": RefusalKind("The seal cannot be read", 400),
    "seal.wrong": RefusalKind("The seal does not verify", 422),
    "header.malformed": RefusalKind("The header cannot be read", 422),
    "header.expired": RefusalKind("The message is past its deadline", 422),
    "commitment.wrong": RefusalKind("A commitment does not match the bytes", 422),
    "receipt.wrong": RefusalKind("A receipt does not verify", 422),
    "id.reuse": RefusalKind("The exchange id came with another header", 409),
    "log.malformed": RefusalKind("A log structure cannot be read", 400),
    "log.proof-wrong": RefusalKind("A log proof does not verify", 422),
    "log.origin-unknown": RefusalKind("The log origin is not known", 404),
    "log.checkpoint-moved": RefusalKind("The old size is not the last cosigned size", 409),
    "container.mimetype": RefusalKind("The container does not start as ASiC-E does", 422),
    "container.unreadable": RefusalKind("The container cannot be read safely", 422),
    "container.limits": RefusalKind("The container is over the limits", 422),
    "witness.missing": RefusalKind("No foreign witness cosigned the checkpoint", 422),
    "trust.missing": RefusalKind("The trust folder lacks what is needed to judge", 422),
    "ladder.order": RefusalKind("The events of the ladder are out of order", 422),
    "ladder.open": RefusalKind("The ladder has not reached its end", 422),
    "bundle.not-ready": RefusalKind(
        "The proofs for the bundle are not complete yet", 503, retry=True
    ),
    "file.missing": RefusalKind("The bundle lacks a file", 422),
    "file.unverified": RefusalKind("The bundle holds a file that no check covers", 422),
    "clock.skew": RefusalKind("The clock is off", 503, retry=True),
    "storage.full": RefusalKind("The store cannot take more", 507, retry=True),
    "handover.confirmation": RefusalKind("The handover confirmation does not verify", 422),
}

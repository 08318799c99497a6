"""A small OCSP responder over HTTP on loopback, and leaves that name one; cryptography answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from gateway.proof.keys import CertifiedKey
from tests.support.pki import authority, leaf_builder


def leaf_of_responder(
    state: str, url: str, public: ec.EllipticCurvePublicKey | None = None
) -> x509.Certificate:
    """Make a seal certificate whose issuer's responder is asked at `url`."""
    place = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url)
    )
    builder = leaf_builder(state, "seal", public=public).add_extension(
        x509.AuthorityInformationAccess([place]), critical=False
    )
    return builder.sign(authority(state).issuing.private, hashes.SHA256())


def delegate(state: str, *, days: int = 30, signing: bool = True) -> CertifiedKey:
    """Make a responder that the state's CA certified; signing: with the usage for it."""
    private = ec.generate_private_key(ec.SECP256R1())
    usage = ExtendedKeyUsageOID.OCSP_SIGNING if signing else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = leaf_builder(
        state, "seal", public=private.public_key(), days=days,
        extended=x509.ExtendedKeyUsage([usage]),
    )  # fmt: skip
    return CertifiedKey(private, (builder.sign(authority(state).issuing.private, hashes.SHA256()),))


def answer(
    request: bytes, issuer: CertifiedKey, signer: CertifiedKey, since: datetime | None,
    *, at: datetime,
) -> bytes:  # fmt: skip
    """Answer a question as of `at` for a week: good, or revoked since an instant."""
    asked = ocsp.load_der_ocsp_request(request)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number, asked.hash_algorithm,
        ocsp.OCSPCertStatus.GOOD if since is None else ocsp.OCSPCertStatus.REVOKED,
        at, at + timedelta(days=7), since, None,
    )  # fmt: skip
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    if signer is not issuer:
        builder = builder.certificates([signer.certificate])
    return builder.sign(signer.private, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass
class Responder:
    """What the responder does next; asked: the content types and bodies that came.

    instead: who answers in its place.
    """

    issuer: CertifiedKey
    signer: CertifiedKey
    at: datetime
    since: datetime | None = None
    instead: Callable[[bytes], bytes] | None = None
    url: str = ""
    asked: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def responding(told: Responder) -> Iterator[Responder]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((self.headers["Content-Type"], body))
            if told.instead is None:
                said = answer(body, told.issuer, told.signer, told.since, at=told.at)
            else:
                said = told.instead(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        told.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()

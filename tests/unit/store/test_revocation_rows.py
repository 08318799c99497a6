"""Evidence of revocation is stored once a certificate and window, and found by its time."""

from datetime import timedelta

from certs.authority_folder import sign_list
from gateway.proof.revocation import list_says
from gateway.store.connection import Store
from gateway.store.revocation_rows import newest_evidence, put_evidence
from tests.support.pki import AT, authority, key

DAY = timedelta(days=1)
ISSUING = authority("KZ").issuing
LIST = sign_list(ISSUING, (), 1, at=AT, days=30)


def test_one_list_stands_once_and_for_many_certificates(store: Store) -> None:
    with store.write() as turn:
        for role in ("seal", "evidence", "seal"):
            one = key("KZ", role)
            proved = list_says(LIST, one.certificate, ISSUING.certificate)
            assert put_evidence(turn, one.thumbprint, proved, LIST) == proved.sha256
    with store.read() as turn:
        found = [
            newest_evidence(turn, key("KZ", role).thumbprint, AT + days)
            for role, days in (("seal", DAY), ("evidence", DAY), ("peer", DAY), ("seal", 30 * DAY))
        ]
    assert found == [("crl", LIST), ("crl", LIST), None, None]


def test_the_newest_is_found_and_evidence_that_begins_later_too(store: Store) -> None:
    one, issuer = key("KZ", "seal"), ISSUING.certificate
    later = sign_list(ISSUING, (), 2, at=AT + 20 * DAY, days=30)
    with store.write() as turn:
        for octets in (later, LIST):
            put_evidence(turn, one.thumbprint, list_says(octets, one.certificate, issuer), octets)
    with store.read() as turn:
        for days in (0, 29, 40):
            assert newest_evidence(turn, one.thumbprint, AT + days * DAY) == ("crl", later)

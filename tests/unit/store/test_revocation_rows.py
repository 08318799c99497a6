"""Evidence of revocation is stored once a certificate and window, and found by its time."""

from datetime import timedelta

from certs.authority_folder import sign_list
from gateway.proof.revocation import check_list
from gateway.store.connection import Store
from gateway.store.revocation_rows import evidence_at, put_evidence
from tests.support.pki import AT, authority, key

DAY = timedelta(days=1)
ISSUING = authority("KZ").issuing
LIST = sign_list(ISSUING, (), 1, at=AT, days=30)


def test_one_list_stands_once_and_for_many_certificates(store: Store) -> None:
    with store.write() as turn:
        for role in ("seal", "evidence", "seal"):
            one = key("KZ", role)
            proved = check_list(LIST, one.certificate, ISSUING.certificate, at=AT + DAY)
            assert put_evidence(turn, one.thumbprint, proved, LIST) == proved.sha256
    with store.read() as turn:
        found = [
            evidence_at(turn, key("KZ", role).thumbprint, AT + days)
            for role, days in (("seal", DAY), ("evidence", DAY), ("peer", DAY), ("seal", 30 * DAY))
        ]
    assert found == [LIST, LIST, None, None]

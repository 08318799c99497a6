"""An office rests nothing new on a directory that has ended, and says why."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.directory.freshness import GRACE, Standing
from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from tests.support.agreements import relisted
from tests.support.evidence import trust_in
from tests.support.office import at, office_of
from tests.support.pki import AT
from tests.support.stores import Stores

DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path, each_store: Stores) -> Office:
    return office_of("UZ", tmp_path, trust_in(tmp_path / "trust"), each_store)


def test_a_current_directory_is_used(office: Office) -> None:
    office.require_usable("KZ")
    assert office.standing("KZ") is Standing.CURRENT


def test_unreached_it_is_used_for_the_grace(office: Office) -> None:
    silent = replace(office, failing={"KZ": "directory.unreachable"})
    at(silent, AT + DAY + timedelta(hours=71)).require_usable("KZ")
    with pytest.raises(Refusal, match=r"directory\.stale"):
        at(silent, AT + DAY + GRACE).require_usable("KZ")


def test_served_and_ended_it_is_not_used(office: Office) -> None:
    frozen = replace(office, failing={"KZ": "directory.expired"})
    frozen.require_usable("KZ")
    with pytest.raises(Refusal, match=r"directory\.expired"):
        at(frozen, AT + DAY).require_usable("KZ")


def test_our_own_directory_must_be_renewed_as_well(office: Office) -> None:
    late = replace(office, failing={"UZ": "directory.expired"})
    with pytest.raises(Refusal, match=r"directory\.expired at UZ"):
        at(late, AT + DAY).require_usable("KZ")


def test_without_a_key_for_its_log_nothing_goes_to_a_partner(office: Office) -> None:
    (office.keys.folder / "log-kz.key").unlink()
    with pytest.raises(Refusal, match=r"key\.none-in-use at log-kz") as raised:
        office.require_usable("KZ")
    assert raised.value.kind.retry


def test_it_tells_why_nothing_new_is_taken(office: Office) -> None:
    assert office.closed("KZ") is None
    (office.keys.folder / "log-kz.key").unlink()
    why = office.closed("KZ")
    assert why is not None
    assert why.code == "key.none-in-use"


def test_a_key_that_our_own_directory_has_revoked_signs_nothing_more(office: Office) -> None:
    key = office.signing("seal", AT)
    own = relisted(office.trust.directory("UZ"), {}, {key.thumbprint: AT})
    known = {**office.trust.directories, "UZ": own}
    revoked = replace(office, trust=replace(office.trust, directories=known))
    assert revoked.signing("seal", AT - timedelta(seconds=1)) == key
    with pytest.raises(Refusal, match=r"key\.none-in-use at seal.*lmx keys rotate"):
        revoked.signing("seal", AT)

"""What was proved of a submitter is said again for the same directory while its path is valid."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import write_states
from gateway.client.profile import load_profile
from gateway.exchange.listed import listed_submitter
from gateway.model.refusal import Refusal
from gateway.proof.trust import Directory, Revocation
from gateway.proof.trust_folder import load_trust
from gateway.wiring import now

NAME = "kz.labour-ministry"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listed")
    agreements = demonstration_agreements()
    write_states(folder, demonstration_states(8600), agreements, at=now(), entropy=os.urandom)
    return folder


@pytest.fixture(scope="module")
def directory(home: Path) -> Directory:
    return load_trust(home / "kz/trust").directory("KZ")


@pytest.fixture(scope="module")
def keyid(home: Path) -> str:
    return load_profile(home / f"profiles/{NAME}.toml").key.thumbprint


def test_it_is_proved_once(directory: Directory, keyid: str) -> None:
    at = now()
    first = listed_submitter(directory, keyid, at)
    assert first.submitter.authority == NAME
    assert listed_submitter(directory, keyid, at + timedelta(days=1)) is first


@pytest.mark.parametrize("days", [-1, 398])
def test_outside_the_days_of_its_certificate_it_is_refused(
    directory: Directory, keyid: str, days: int
) -> None:
    at: datetime = now()
    listed_submitter(directory, keyid, at)
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        listed_submitter(directory, keyid, at + timedelta(days=days))


def test_a_newer_directory_without_the_key_refuses_it(directory: Directory, keyid: str) -> None:
    listed_submitter(directory, keyid, now())
    with pytest.raises(Refusal, match=r"signature\.key-unknown"):
        listed_submitter(replace(directory, sha256="newer", keys={}), keyid, now())


def test_a_newer_directory_that_suspends_it_is_believed(directory: Directory, keyid: str) -> None:
    members = {**directory.submitters[f"{NAME}/system"], "suspended": "2026-01-01T00:00:00.000Z"}
    newer = replace(directory, sha256="other", submitters={f"{NAME}/system": members})
    assert listed_submitter(directory, keyid, now()).submitter.suspended is None
    assert listed_submitter(newer, keyid, now()).submitter.suspended is not None


def test_a_key_whose_announced_period_ended_is_refused(directory: Directory, keyid: str) -> None:
    ended = replace(directory.keys[keyid], ends=now() + timedelta(hours=1))
    rotated = replace(directory, sha256="rotated", keys={**directory.keys, keyid: ended})
    listed_submitter(rotated, keyid, now())
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        listed_submitter(rotated, keyid, now() + timedelta(hours=1))


def test_a_key_that_was_revoked_meanwhile_is_refused(directory: Directory, keyid: str) -> None:
    notices = {keyid: Revocation(now() + timedelta(hours=1))}
    newer = replace(directory, sha256="revoked", revoked=notices)
    listed_submitter(newer, keyid, now())
    with pytest.raises(Refusal, match=r"certificate\.revoked"):
        listed_submitter(newer, keyid, now() + timedelta(hours=2))

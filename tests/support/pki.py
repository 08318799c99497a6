"""Two invented states' authorities with keys for each role, made once a run."""

from datetime import UTC, datetime
from functools import cache

from certs.authority import StateAuthority, issue, make_authority
from gateway.proof.keys import CertifiedKey

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@cache
def authority(state: str) -> StateAuthority:
    return make_authority(state, at=AT)


@cache
def key(state: str, role: str) -> CertifiedKey:
    return issue(authority(state), role, f"{state.lower()}-{role}", at=AT)

"""Whose cosignatures count: the witness keys that followed directories list, as a policy file."""

from pathlib import Path

from gateway.model.refusal import Refusal
from gateway.proof.note import VerifierKey
from gateway.proof.policy import read_policy, write_policy
from gateway.proof.trust_folder import ROOT_FILE, open_past, read_state


def add_witnesses(trust: Path, policy: str) -> tuple[str, list[str]]:
    """Give the policy with the witness of each followed state, and the names that are new in it.

    Keys that a rotation has ended stay: they count for what they cosigned in their time.

    policy: as it stands, empty for none. Refuses `trust.missing` while no directory was fetched,
    `log.malformed` for a policy that asks for all of its witnesses, which a person has to change,
    and as `trust_folder.open_past`.
    """
    known = []
    if policy:
        found = read_policy(policy)
        if found.needs_all:
            raise _refused("log.malformed", "a policy that needs all witnesses is changed by hand")
        known = list(found.witnesses)
    new = [one for one in _listed(trust) if one not in known]
    if not known and not new:
        raise _refused("trust.missing", "follow a directory first: lmx directory follow")
    return write_policy([*known, *new]), [one.name for one in new]


def _listed(trust: Path) -> list[VerifierKey]:
    keys = []
    for file in sorted((trust / "roots").glob(f"*{ROOT_FILE}")):
        state = file.name.removesuffix(ROOT_FILE).upper()
        found = read_state(state, open_past(trust, state, file.read_bytes()).newest)
        keys += [one.vkey for one in found.witnesses]
    return keys


def _refused(code: str, rule: str) -> Refusal:
    return Refusal(code, step="follow", rule=rule, place="policy.txt")

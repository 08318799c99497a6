"""Replace a key of a role, or renew an offline role as it is: staged in a draft, then signed.

Keys of root, targets, snapshot and timestamp stand in the root; those of ops and revoked in
targets. A new root is signed by the old threshold and the new one (TUF 5.3.4).
"""

import copy
from datetime import datetime
from typing import Any

from securesystemslib.signer import Key  # type: ignore[attr-defined]
from tuf.api.metadata import Metadata

from gateway.directory.draft import Draft
from gateway.directory.repository import IN_ROOT
from gateway.directory.roles import DELEGATED, PLANS, ROOT, TARGETS, CeremonyError
from gateway.directory.signing_keys import holder_of


def renew_role(draft: Draft, role: str, *, at: datetime) -> None:
    """Stage the next version of a role with nothing changed but its end."""
    draft.open(role, at=at)


def replace_key(draft: Draft, role: str, old: str, new: Key, *, at: datetime) -> None:
    """Stage that `new` takes the place of the key whose holder (or id) is `old`.

    Roles whose metadata the new keys must sign are staged with it. CeremonyError: no such key,
    or the new one stands in the directory already.
    """
    if role not in PLANS:
        raise CeremonyError(f"{role} is no role of a directory: {', '.join(PLANS)}")
    giver = TARGETS if role in DELEGATED else ROOT
    changed = Metadata(copy.deepcopy(draft.open(giver, at=at).signed))
    left = _found(changed.signed, role, old)
    known = {key.keyval["public"] for one in (draft.root(), draft.targets()) for key in _all(one)}
    if new.keyval["public"] in known:
        raise CeremonyError("the new key stands in the directory already; make one for this role")
    changed.signed.revoke_key(left.keyid, role)
    changed.signed.add_key(new, role)
    draft.write(giver, changed)
    # What stands was signed by keys that may have left: the new ones sign it again.
    if role in (TARGETS, *DELEGATED) and role not in draft.staged():
        draft.open(role, at=at)


def _found(signed: Any, role: str, old: str) -> Key:
    keys = [signed.get_key(one) for one in signed.get_delegated_role(role).keyids]
    found = [key for key in keys if holder_of(key) == old or key.keyid == old]
    if len(found) != 1:
        raise CeremonyError(
            f"{role} has no one key of {old}; its holders are {', '.join(map(holder_of, keys))}"
        )
    key: Key = found[0]
    return key


def _all(signed: Any) -> list[Key]:
    if hasattr(signed, "delegations"):
        return list(signed.delegations.keys.values())
    return [signed.keys[name] for one in IN_ROOT for name in signed.roles[one].keyids]

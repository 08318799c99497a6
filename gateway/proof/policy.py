"""The auditor's policy file: which witnesses count (c2sp.org/tlog-policy, the part we use).

`witness <name> <vkey>` lines, one `group <name> any|all <members>` and `quorum <group>`. The
verifier never counts a cosignature of the state that runs the log.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from gateway.model.refusal import Refusal
from gateway.proof.note import COSIGNER_KEY, VerifierKey, read_vkey


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """The witnesses of the quorum's group, and whether all of them are asked or any one."""

    witnesses: tuple[VerifierKey, ...]
    needs_all: bool

    def met_by(self, found: Iterable[VerifierKey], *, own: Collection[VerifierKey]) -> bool:
        """Tell whether foreign cosignatures suffice; `own`: the witness keys of the log's state.

        A witness that rotated its key is one witness: any of its keys speaks for it.
        """
        foreign = {one.name for one in self.witnesses if is_foreign(one, own)}
        seen = {one.name for one in found if one in self.witnesses and is_foreign(one, own)}
        return bool(seen) and (not self.needs_all or seen == foreign)


def is_foreign(one: VerifierKey, own: Collection[VerifierKey]) -> bool:
    """Tell whether a cosigner's key is none of a state's own, neither by name nor by octets."""
    return all(one.name != key.name and one.public != key.public for key in own)


def write_policy(witnesses: Iterable[VerifierKey]) -> str:
    """Write a policy in which any one of the witnesses suffices."""
    keys = sorted(witnesses, key=lambda one: one.name)
    lines = [f"witness w{at} {key.text()}" for at, key in enumerate(keys)]
    members = " ".join(f"w{at}" for at in range(len(keys)))
    return "\n".join([*lines, f"group partners any {members}", "quorum partners", ""])


def read_policy(text: str) -> WitnessPolicy:
    """Read the file. Refuses `log.malformed` with the line's number."""
    keys: dict[str, VerifierKey] = {}
    groups: dict[str, WitnessPolicy] = {}
    quorum: WitnessPolicy | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        match words:
            case [] | ["#", *_]:
                continue
            case ["witness", name, vkey] if name not in keys:
                keys[name] = read_vkey(vkey)
            case ["group", name, ("any" | "all") as how, *members] if (
                members and set(members) <= keys.keys()
            ):
                group = tuple(keys[one] for one in members)
                groups[name] = WitnessPolicy(group, how == "all")
            case ["quorum", name] if name in groups and quorum is None:
                quorum = groups[name]
            case _:
                raise _malformed(number)
    if quorum is None or any(one.kind != COSIGNER_KEY for one in quorum.witnesses):
        raise _malformed(0)
    return quorum


def _malformed(line: int) -> Refusal:
    return Refusal(
        "log.malformed",
        step="verify",
        rule="a policy names witnesses, one group of them and the quorum",
        place=f"policy.txt line {line}" if line else "policy.txt",
    )

"""The keys of a new directory: given as public halves, or made, a folder a holder."""

from collections.abc import Mapping
from pathlib import Path

from securesystemslib.signer import CryptoSigner, Key  # type: ignore[attr-defined]

from gateway.directory.roles import PLANS, CeremonyError
from gateway.directory.signing_keys import PUBLIC, load_public, make_key

ONLINE = "online"


def key_stems(holders: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Give by role the holder's name and the path `<folder>/<name>` of each key.

    holders: of root and targets, as many as these have keys. CeremonyError otherwise.
    """
    stems = {}
    for name, plan in PLANS.items():
        if plan.offline:
            if len(set(holders)) != plan.keys:
                raise CeremonyError(f"{name} has {plan.keys} holders; name as many, each once")
            stems[name] = {holder: f"{holder}/{name}" for holder in holders}
        else:
            names = [f"{name}-{n}" for n in range(1, plan.keys + 1)] if plan.keys > 1 else [name]
            stems[name] = {one: f"{ONLINE}/{one}" for one in names}
    return stems


def gather_keys(
    folder: Path, holders: tuple[str, ...], given: Path | None
) -> tuple[Mapping[str, list[Key]], list[CryptoSigner]]:
    """Take each `<given>/<folder>/<name>.pub` that is there and make the rest below `folder`.

    Gives the public keys by role, and the root keys that were made here (to sign at once).
    """
    public: dict[str, list[Key]] = {}
    signers = []
    for role, stems in key_stems(holders).items():
        public[role] = []
        for holder, stem in stems.items():
            brought = given / (stem + PUBLIC) if given else None
            if brought is None or not brought.exists():
                signer = make_key(folder / stem, holder)
                signers += [signer] if role == "root" else []
                brought = folder / (stem + PUBLIC)
            public[role].append(load_public(brought))
    return public, signers

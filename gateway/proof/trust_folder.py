"""What an auditor trusts: each state's roots, pinned directory key, directory, and a policy.

The folder: `roots/<state>.pem`, `pins/<state>.pem`, `directory/<state>/…`, `policy.txt`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from gateway.model.refusal import Refusal
from gateway.proof.policy import WitnessPolicy, read_policy
from gateway.proof.trust import Directory, read_directory

LARGEST_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Trust:
    """The verified directories by state, and the witness policy."""

    directories: Mapping[str, Directory]
    policy: WitnessPolicy

    def directory(self, state: str) -> Directory:
        """Give one state's directory. Refuses `trust.missing`."""
        found = self.directories.get(state)
        if found is None:
            raise _missing("the trust folder must hold the state's directory", state)
        return found


def load_trust(folder: Path) -> Trust:
    """Read and verify the whole folder. Refuses `trust.missing`, and as `read_directory`."""
    try:
        policy = read_policy((folder / "policy.txt").read_text("utf-8"))
        states = sorted(one.stem.upper() for one in (folder / "roots").glob("*.pem"))
        directories = {state: _load(folder, state) for state in states}
    except (OSError, ValueError):
        raise _missing("the trust folder holds roots, pins, directory and policy.txt", "") from None
    if not directories:
        raise _missing("the trust folder holds at least one state's roots", "roots")
    return Trust(directories, policy)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Give every file of a directory folder by its path below it, in forward slashes."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and one.stat().st_size <= LARGEST_FILE
    }


def _load(folder: Path, state: str) -> Directory:
    name = state.lower()
    roots = tuple(x509.load_pem_x509_certificates((folder / f"roots/{name}.pem").read_bytes()))
    pinned = x509.load_pem_x509_certificates((folder / f"pins/{name}.pem").read_bytes())
    files = read_folder(folder / "directory" / name)
    return read_directory(files, state=state, pinned=pinned, roots=roots)


def _missing(rule: str, place: str) -> Refusal:
    return Refusal("trust.missing", step="verify", rule=rule, place=place)

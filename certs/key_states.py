"""What stands in a folder of keys at a time: which signs, which waits, what is to do by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gateway.model.instants import read_instant, write_instant
from gateway.model.refusal import Refusal
from gateway.proof.certificate import role_of
from gateway.proof.certificate_profiles import ROLES
from gateway.proof.key_folder import PRIVATE, Generation, KeyFolder, generations
from gateway.proof.keys import load_certificates, load_note_key, thumbprint

# A rotation takes a day until it begins and a week of overlap; a national CA takes its time too.
ROTATE_BEFORE = timedelta(days=45)
_OTHERS = frozenset({"master"})


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key: file stem, role, state (`in use`, `waits for its certificate`, `waits`, `follows`,
    `ended`), thumbprint or vkey fingerprint, window and expiry as instants, and what to do."""

    stem: str
    role: str
    state: str
    id: str
    begins: str
    ends: str
    expires: str
    todo: str
    due: str

    def late(self, at: datetime) -> bool:
        """Tell whether what is to do should have been done by `at`."""
        return bool(self.due) and read_instant(self.due) <= at


def key_states(folder: Path, at: datetime) -> list[KeyState]:
    """Give every key of the folder, by stem and generation. KeyFileError."""
    stems = {one.stem for one in folder.iterdir() if one.suffix in PRIVATE} - _OTHERS
    first = sorted(one for one in stems if _parent(one) not in stems)
    return [
        state
        for stem in first
        for state in _states(KeyFolder(folder), generations(folder, stem), stem, at)
    ]


def _parent(stem: str) -> str:
    name, _, number = stem.rpartition("-")
    return name if number.isdecimal() else ""


def _states(folder: KeyFolder, known: list[Generation], stem: str, at: datetime) -> list[KeyState]:
    if not any(one.chain_file.exists() or one.request_file.exists() for one in known):
        return [_bare(one, at) for one in known]
    try:
        used = folder.certified_generation(stem, at)[0].stem
    except Refusal:
        used = ""
    newest = known[-1]
    return [_certified(one, used, at, last=one == newest) for one in known]


def _certified(one: Generation, used: str, at: datetime, *, last: bool) -> KeyState:
    if not one.chain_file.exists():
        todo = f"send {one.request_file.name} to your CA and import what it issues"
        return _state(one, one.stem, "waits for its certificate", todo=todo)
    leaf = load_certificates(one.chain_file)[0]
    role = role_of(leaf) or "unknown"
    expires = leaf.not_valid_after_utc
    state, todo, due = "follows", "", None
    if one.stem == used:
        state = "in use"
    elif (one.window.ends is not None and one.window.ends <= at) or expires < at:
        state = "ended"
    elif one.window.begins is not None and at < one.window.begins:
        state = "waits"
    if last and expires < at:
        todo, due = f"rotate now: lmx keys rotate {role}; nothing signs for it", at
    elif last and one.stem == used and expires - ROTATE_BEFORE < at:
        todo, due = f"lmx keys rotate {role}", expires - timedelta(days=8)
    elif last and one.number > 1 and one.window.begins is None:
        todo = f"lmx keys rotate {role}, which opens its window"
    return _state(one, role, state, thumbprint(leaf), expires=expires, todo=todo, due=due)


def _bare(one: Generation, at: datetime) -> KeyState:
    role = one.stem.partition("-")[0]
    name = load_note_key(one.private_file, name=role, kind=1).vkey.public.hex()
    state = "in use" if one.window.holds_at(at) else "ended"
    if one.window.begins is not None and at < one.window.begins:
        state = "waits"
    return _state(one, role, state, name)


def _state(
    one: Generation,
    role: str,
    state: str,
    name: str = "",
    *,
    expires: datetime | None = None,
    todo: str = "",
    due: datetime | None = None,
) -> KeyState:
    times = (one.window.begins, one.window.ends, expires, due)
    begins, ends, until, by = ("" if at is None else write_instant(at) for at in times)
    known = role if role in ROLES else one.stem
    return KeyState(one.stem, known, state, name, begins, ends, until, todo, by)

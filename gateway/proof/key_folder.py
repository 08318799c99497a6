"""A gateway's own keys in one folder, several generations a role, and the one in use at a time.

`seal.key` and `seal.pem` are the first generation of `seal`, `seal-2.key` and `seal-2.pem` the
second; in place of `.key` may stand `.uri`, the reference of a key in a PKCS#11 module (RFC 7512).
`windows.json` says from when to when a generation signs. The folder is looked at before each use,
so a rotation needs no restart; who changes a file writes it beside and renames.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from gateway.model.refusal import Refusal
from gateway.proof import note
from gateway.proof.keys import (
    CertifiedKey,
    KeyFileError,
    NoteKey,
    load_certified_key,
    load_note_key,
)
from gateway.proof.strict_json import parse
from gateway.proof.window import Window, read_window

WINDOWS = "windows.json"
PRIVATE = (".key", ".uri")


@dataclass(frozen=True, slots=True)
class Generation:
    """One key of a role: the file stem below the folder, its number from 1, and its window."""

    folder: Path
    stem: str
    number: int
    window: Window

    @property
    def private_file(self) -> Path:
        """Give the file of the private key, or of its reference."""
        files = [self.folder / f"{self.stem}{one}" for one in PRIVATE]
        return next((one for one in files if one.exists()), files[0])

    @property
    def chain_file(self) -> Path:
        """Give the file of the chain, whether it is there or not."""
        return self.folder / f"{self.stem}.pem"

    @property
    def request_file(self) -> Path:
        """Give the file of the certificate request, whether it is there or not."""
        return self.folder / f"{self.stem}.csr"


class KeyFolder:
    """The keys of one gateway, read again whenever the folder has changed."""

    def __init__(self, folder: Path) -> None:
        """Look at a folder; nothing is read before the first use."""
        self.folder = folder
        self._seen: tuple[int, ...] = ()
        self._loaded: dict[str, CertifiedKey | NoteKey] = {}
        self._generations: dict[str, list[Generation]] = {}
        self._files: dict[str, tuple[str, str]] = {}
        self._looks = True

    def for_one_work(self) -> "KeyFolder":
        """Give the same keys for one request or batch: the folder is looked at now, and once."""
        if not self._looks:
            return self
        self._renew()
        found = KeyFolder(self.folder)
        found._seen, found._looks = self._seen, False
        found._loaded, found._generations = self._loaded, self._generations
        found._files = self._files
        return found

    def certified(self, role: str, at: datetime) -> CertifiedKey:
        """Give the ES256 key that signs for a role at `at`: the newest whose window holds.

        Refuses `key.none-in-use`; KeyFileError for a file that must not be used.
        """
        return self.certified_generation(role, at)[1]

    def certified_generation(self, role: str, at: datetime) -> tuple[Generation, CertifiedKey]:
        """Give the same key with the files it stands in."""
        for one in self._of(role):
            # A key that was loaded has its chain; a change of the folder forgets what was loaded.
            there = one.stem in self._loaded or one.chain_file.exists()
            if not one.window.holds_at(at) or not there:
                continue
            key = self._certified(one)
            if key.valid[0] <= at <= key.valid[1]:
                return one, key
        raise _none(role)

    def certified_files(self, role: str, at: datetime) -> tuple[str, str]:
        """Give the files of the same key: its chain, and the private key or its reference."""
        # Taken before the folder is looked at: what was found before a change is not kept after it.
        known = self._files
        one, _ = self.certified_generation(role, at)
        found = known.get(one.stem)
        if found is None:
            found = known[one.stem] = str(one.chain_file), str(one.private_file)
        return found

    def log_keys(self, origin: str, at: datetime) -> tuple[NoteKey, ...]:
        """Give all keys that sign a log's checkpoints at `at`, newest first.

        During the overlap of a rotation there are two, and a checkpoint carries both lines.
        Refuses `key.none-in-use`; KeyFileError for a file that must not be used.
        """
        return self._notes(log_stem(origin), origin, note.LOG_KEY, at)

    def witness_keys(self, name: str, at: datetime) -> tuple[NoteKey, ...]:
        """Give all keys of the gateway `name` that cosign partners' checkpoints at `at`; as above.

        In the overlap both cosign: a partner may have read our directory before the new one.
        """
        return self._notes("witness", f"{name}/witness", note.COSIGNER_KEY, at)

    def _notes(self, stem: str, name: str, kind: int, at: datetime) -> tuple[NoteKey, ...]:
        found = [one for one in self._of(stem) if one.window.holds_at(at)]
        if not found:
            raise _none(stem)
        return tuple(self._note(one, name, kind) for one in found)

    @cached_property
    def _windows(self) -> Path:
        # Looked at many times a second: a path is put together once, and not for one work.
        return self.folder / WINDOWS

    def _renew(self) -> None:
        seen = _look(self.folder, self._windows)
        if seen != self._seen:
            self._loaded, self._generations, self._files, self._seen = {}, {}, {}, seen

    def _of(self, stem: str) -> list[Generation]:
        if self._looks:
            self._renew()
        if stem not in self._generations:
            self._generations[stem] = generations(self.folder, stem)[::-1]
        return self._generations[stem]

    def _certified(self, one: Generation) -> CertifiedKey:
        found = self._loaded.get(one.stem)
        if not isinstance(found, CertifiedKey):
            found = load_certified_key(one.private_file, one.chain_file)
            self._loaded[one.stem] = found
        return found

    def _note(self, one: Generation, name: str, kind: int) -> NoteKey:
        found = self._loaded.get(one.stem)
        if not isinstance(found, NoteKey):
            found = load_note_key(one.private_file, name=name, kind=kind)
            self._loaded[one.stem] = found
        return found


def log_stem(origin: str) -> str:
    """Give the stem of a log's key: that of `gw.kz.example/log/kz-uz` is `log-uz`."""
    return "log-" + origin.rpartition("/")[2].rpartition("-")[2]


def generations(folder: Path, stem: str) -> list[Generation]:
    """Give what keys of a role stand in the folder, oldest first. KeyFileError."""
    pattern = re.compile(re.escape(stem) + r"(?:-(\d{1,4}))?")
    windows = read_windows(folder)
    found = {
        file.stem: int(named[1] or 1)
        for file in sorted(folder.glob(f"{stem}*"))
        if file.suffix in PRIVATE and (named := pattern.fullmatch(file.stem))
    }
    return [
        Generation(folder, name, number, windows.get(name, Window()))
        for name, number in sorted(found.items(), key=lambda one: one[1])
    ]


def read_windows(folder: Path) -> Mapping[str, Window]:
    """Give the window of each generation that has one. KeyFileError."""
    file = folder / WINDOWS
    try:
        found: Any = parse(file.read_bytes())
        return {name: read_window(one) for name, one in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, Refusal) as error:
        told = "it holds from and to of each key, as lmx keys rotate writes it"
        raise KeyFileError(f"{file}: {told}") from error


def write_windows(folder: Path, windows: Mapping[str, Window]) -> None:
    """Replace `windows.json` in one step."""
    told = {name: one.members() for name, one in sorted(windows.items()) if one != Window()}
    beside = folder / f"{WINDOWS}.{os.getpid()}"
    beside.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    beside.replace(folder / WINDOWS)


def _look(folder: Path, windows: Path) -> tuple[int, ...]:
    # A new file changes the folder's time; a window changed in place changes its file's.
    try:
        own = folder.stat()
    except OSError as error:
        raise KeyFileError(f"{folder}: the folder of keys cannot be read") from error
    try:
        changed = windows.stat()
    except OSError:
        return (own.st_mtime_ns,)
    return own.st_mtime_ns, changed.st_mtime_ns, changed.st_ino


def _none(role: str) -> Refusal:
    return Refusal(
        "key.none-in-use",
        step="sign",
        rule="a key of the role must be valid now; lmx keys show tells which ended",
        place=role,
    )

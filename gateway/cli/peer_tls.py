"""Mutual TLS of the peer port: the certificate in use, whose clients are let in, who no longer.

A TLS library reads files when a worker starts, so a change has new workers take over from those
that run: nobody restarts the port.
"""

import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granian.constants import SSLProtocols

from gateway.model.refusal import Refusal
from gateway.proof.key_folder import Generation, KeyFolder
from gateway.proof.keys import KeyFileError
from gateway.proof.revocation import list_pem
from gateway.wiring import now

WATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class PeerFiles:
    """Where it stands: our keys, the partners' roots, and revocation lists if any are kept.

    lists: a folder of `*.crl`, PEM or DER, one list a file; copies: where workers read them from.
    """

    keys: KeyFolder
    roots: Path
    lists: Path | None
    copies: Path


@dataclass(frozen=True, slots=True)
class _Served:
    stem: str
    roots: bytes
    lists: tuple[bytes, ...]


def serve_mutual_tls(server: Any, files: PeerFiles) -> None:
    """Have workers serve what stands now and take up what changes later.

    With lists, a client is let in only if every certificate of its path is on none and has a list
    of its issuer: a state that gives no lists is let in no more. Refusal, KeyFileError or OSError
    when it cannot be served at the start; later, what cannot be read changes nothing.
    """
    served = _serve(server, files, None)

    def watch() -> None:
        nonlocal served
        while not stop.wait(WATCH_SECONDS):
            try:
                found = _serve(server, files, served)
            except (Refusal, KeyFileError, OSError):
                continue
            if found != served:
                served = found
                os.kill(os.getpid(), signal.SIGHUP)

    stop = threading.Event()
    server.on_startup(threading.Thread(target=watch, daemon=True).start)
    server.on_shutdown(stop.set)


def _serve(server: Any, files: PeerFiles, before: _Served | None) -> _Served:
    own, _ = files.keys.certified_generation("tls", now())
    found = _Served(own.stem, files.roots.read_bytes(), _lists(files.lists))
    if found != before:
        _context(server, own, files, found.lists)
    return found


def _context(server: Any, own: Generation, files: PeerFiles, lists: tuple[bytes, ...]) -> None:
    copies = []
    files.copies.mkdir(parents=True, exist_ok=True)
    for number, octets in enumerate(lists, start=1):
        # One list a file: of several in one the server reads the first.
        copies.append(files.copies / f"{number}.pem")
        beside = copies[-1].with_suffix(".new")
        beside.write_bytes(octets)
        beside.replace(copies[-1])
    server.build_ssl_context(
        own.chain_file,
        own.private_file,
        None,
        SSLProtocols.tls13,
        files.roots,
        copies,
        True,  # noqa: FBT003 a client without a certificate is refused
    )


def _lists(folder: Path | None) -> tuple[bytes, ...]:
    if folder is None:
        return ()
    found = tuple(list_pem(file.read_bytes()) for file in sorted(folder.glob("*.crl")))
    if not found:
        # Without a list the server would hold nobody against any.
        raise Refusal(
            "revocation.unusable",
            step="verify",
            rule="the folder of lists holds a list of each issuer, NAME.crl",
            place="peer.lists",
        )
    return found

"""A demonstration state's directory: a first ceremony with all keys on this machine.

The holders' keys lie in `offline/<holder>/`, apart from the gateway's `keys/`; a real state makes
them on machines of their own (docs/how-to/keep-a-directory.md).
"""

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from gateway.directory.draft import Draft
from gateway.directory.keyring import ONLINE, gather_keys
from gateway.directory.publish import publish
from gateway.directory.published import metadata_file
from gateway.directory.roles import ROOT
from gateway.directory.signing import sign
from gateway.directory.signing_keys import load_signer, load_signers

HOLDERS = ("holder-1", "holder-2", "holder-3")
OPERATOR_KEYS = "keys/directory"
PUBLISHED = "directory"


def publish_first(home: Path, files: Mapping[str, bytes], *, at: datetime) -> Path:
    """Publish version 1 of a state's directory in `<home>/directory`; gives that folder.

    Two holders sign; their keys stay in `offline/`, the operator's go to `keys/directory/`.
    """
    offline, draft_folder = home / "offline", home / "draft"
    public, _ = gather_keys(offline, HOLDERS, None)
    operator = home / OPERATOR_KEYS
    operator.parent.mkdir(parents=True, exist_ok=True)
    (offline / ONLINE).rename(operator)
    draft = Draft.first(draft_folder, public, at=at)
    for path, data in files.items():
        draft.put(path, data, at=at)
    for holder in HOLDERS[:2]:
        for role in ("root", "targets"):
            sign(draft, load_signer(offline / holder / f"{role}.key"), at=at)
    publish(draft, home / PUBLISHED, load_signers(operator), at=at)
    shutil.rmtree(draft_folder)
    return home / PUBLISHED


def trust_directory(trust: Path, state: str, published: Path) -> None:
    """Put a published directory into a trust folder: its first root pinned, its files whole."""
    name = state.lower()
    (trust / "roots").mkdir(parents=True, exist_ok=True)
    shutil.copy(metadata_file(published, ROOT, 1), trust / f"roots/{name}.root.json")
    shutil.copytree(published, trust / "directory" / name)

"""A whole directory made by the writing side: keys in holders' folders, draft, publication."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.directory.draft import Draft
from gateway.directory.keyring import gather_keys
from gateway.directory.publish import publish
from gateway.directory.signing import sign
from gateway.directory.signing_keys import load_signer, load_signers
from gateway.proof.certificate import pem
from tests.support.pki import authority

HOLDERS = ("aigul", "bolat", "dana")
NOW = datetime.now(UTC)
FILES = {
    "authority/roots.pem": pem(authority("KZ").root.chain),
    "agreements/KZ-UZ/v1.json": b'{"version":1}',
    "member/gateway.json": b'{"name":"gw.kz.example"}',
}


@dataclass(frozen=True)
class Ceremony:
    folder: Path

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def draft(self) -> Draft:
        return Draft(self.folder / "draft")

    @property
    def online(self):
        return load_signers(self.folder / "keys/online")

    def begin(self) -> Draft:
        for file in sorted(self.draft.folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        return Draft.begin(self.draft.folder, self.published)

    def key(self, name: str):
        return load_signer(self.folder / f"keys/{name}.key")

    def sign(self, *names: str, at: datetime = NOW) -> None:
        for name in names:
            sign(self.draft, self.key(name), at=at)

    def publish(self, at: datetime = NOW) -> list[str]:
        return publish(self.draft, self.published, self.online, at=at)

    def first_root(self) -> bytes:
        return (self.published / "metadata/1.root.json").read_bytes()


def drafted(folder: Path, at: datetime = NOW) -> Ceremony:
    ceremony = Ceremony(folder)
    keys, _ = gather_keys(folder / "keys", HOLDERS, None)
    draft = Draft.first(ceremony.draft.folder, keys, at=at)
    for path, data in FILES.items():
        draft.put(path, data, at=at)
    return ceremony


def published(folder: Path, at: datetime = NOW) -> Ceremony:
    ceremony = drafted(folder, at)
    ceremony.sign("aigul/root", "bolat/root", "aigul/targets", "dana/targets", at=at)
    ceremony.publish(at)
    return ceremony

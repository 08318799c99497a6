"""Keys of every kind are replaced, and a follower that knows only the first root goes along."""

from pathlib import Path

import pytest

from gateway.directory.roles import CeremonyError
from gateway.directory.rotate import replace_key
from gateway.directory.signing_keys import load_public, make_key
from tests.support.directories import FILES, NOW, Ceremony, published
from tests.support.served import followed


def replaced(made: Ceremony, role: str, old: str, stem: str) -> None:
    make_key(made.folder / "keys" / stem, stem.split("/", maxsplit=1)[0])
    replace_key(made.draft, role, old, load_public(made.folder / f"keys/{stem}.pub"), at=NOW)


@pytest.mark.parametrize(
    ("role", "old", "new", "signers"),
    [
        ("root", "dana", "erlan/root", ("aigul/root", "erlan/root", "bolat/root")),
        ("targets", "dana", "erlan/targets",
         ("aigul/root", "bolat/root", "erlan/targets", "bolat/targets")),
        ("timestamp", "timestamp", "online/timestamp-2", ("aigul/root", "bolat/root")),
        ("snapshot", "snapshot", "online/snapshot-2", ("aigul/root", "bolat/root")),
        ("ops", "ops-1", "online/ops-3", ("aigul/targets", "bolat/targets")),
        ("revoked", "revoked-1", "online/revoked-4", ("aigul/targets", "bolat/targets")),
    ],
)  # fmt: skip
def test_a_key_is_replaced(
    tmp_path: Path, role: str, old: str, new: str, signers: tuple[str, ...]
) -> None:
    made = published(tmp_path)
    made.begin()
    replaced(made, role, old, new)
    made.sign(*signers)
    made.publish()
    found = followed(made.published, tmp_path / "client", made.first_root(), list(FILES))
    assert found == FILES


def test_a_new_root_needs_two_of_the_old_holders_too(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin()
    replaced(made, "root", "dana", "erlan/root")
    made.sign("aigul/root", "erlan/root")
    with pytest.raises(CeremonyError, match=r"1 of 2 signatures \(root 1\); still 1 of: bolat"):
        made.publish()


def test_a_key_that_stands_already_is_not_taken_twice(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin()
    with pytest.raises(CeremonyError, match="stands in the directory already"):
        replace_key(
            made.draft, "root", "dana", load_public(tmp_path / "keys/dana/targets.pub"), at=NOW
        )

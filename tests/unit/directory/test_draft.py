"""A draft: what is signed is not changed, what is staged is what lies there."""

from pathlib import Path

import pytest

from gateway.directory.draft import Draft
from gateway.directory.roles import CeremonyError
from tests.support.directories import NOW, drafted, published


def test_a_signed_role_is_not_changed(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    made.sign("aigul/targets")
    with pytest.raises(CeremonyError, match=r"targets version 1 of this draft is signed already"):
        made.draft.put("authority/roots.pem", b"other", at=NOW)


def test_a_file_that_was_changed_on_the_stick_is_refused(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    file = made.draft.folder / "targets/member/gateway.json"
    file.write_bytes(b"{}")
    listed = made.draft.staged()["ops"].signed.targets["member/gateway.json"].hashes["sha256"]
    with pytest.raises(CeremonyError, match="is not the file that was staged"):
        made.draft.content("member/gateway.json", listed)


def test_a_revocation_is_never_taken_back(tmp_path: Path) -> None:
    made = published(tmp_path)
    with pytest.raises(CeremonyError, match="what was revoked stays revoked"):
        made.begin().remove("revoked/old.json", at=NOW)


def test_a_draft_begins_in_an_empty_folder(tmp_path: Path) -> None:
    made = published(tmp_path)
    with pytest.raises(CeremonyError, match="is not empty"):
        Draft.begin(made.draft.folder, made.published)


def test_a_draft_stages_the_next_version_of_what_it_changes_alone(tmp_path: Path) -> None:
    draft = published(tmp_path).begin()
    draft.put("member/gateway.json", b"{}", at=NOW)
    assert {name: one.signed.version for name, one in draft.staged().items()} == {"ops": 2}

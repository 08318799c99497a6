"""A holder signs only what was checked and can be read."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.directory.roles import CeremonyError
from gateway.directory.signing import require_chain, signable
from gateway.directory.standing import changes
from tests.support.directories import NOW, drafted, published


def test_a_key_of_another_role_signs_nothing(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("agreements/KZ-UZ/v2.json", b"{}", at=NOW)
    with pytest.raises(CeremonyError, match="this key may sign nothing"):
        made.sign("aigul/root")


def test_a_draft_changed_after_the_first_signature_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path)
    draft = made.begin()
    draft.put("agreements/KZ-UZ/v2.json", b"{}", at=NOW)
    made.sign("aigul/targets")
    metadata = draft.staged()["targets"]
    metadata.signed.targets.pop("authority/roots.pem")
    draft.write("targets", metadata)
    with pytest.raises(CeremonyError, match="changed after aigul signed"):
        made.sign("dana/targets")


def test_nothing_is_staged_over_a_signature(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("agreements/KZ-UZ/v2.json", b"{}", at=NOW)
    made.sign("aigul/targets")
    with pytest.raises(CeremonyError, match="signed already"):
        made.draft.put("agreements/KZ-UZ/v3.json", b"{}", at=NOW)


def test_a_file_swapped_on_the_stick_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("agreements/KZ-UZ/v2.json", b"{}", at=NOW)
    (tmp_path / "draft/targets/agreements/KZ-UZ/v2.json").write_bytes(b"[]")
    with pytest.raises(CeremonyError, match="is not the file that was staged"):
        made.sign("aigul/targets")


def test_a_draft_past_its_end_is_not_signed(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    with pytest.raises(CeremonyError, match="before it was signed"):
        signable(made.draft, made.key("aigul/targets"), at=NOW + timedelta(days=91))


def test_a_draft_on_another_first_root_is_refused(tmp_path: Path) -> None:
    made, other = published(tmp_path / "kz"), published(tmp_path / "uz")
    base = made.begin().base()
    assert base is not None
    require_chain(base, made.first_root())
    with pytest.raises(CeremonyError, match="another first root"):
        require_chain(base, other.first_root())


def test_each_change_is_told_in_words(tmp_path: Path) -> None:
    made = published(tmp_path)
    draft = made.begin()
    draft.put("authority/roots.pem", b"other\n", at=NOW)
    draft.put("agreements/KZ-UZ/v2.json", b"{}", at=NOW)
    draft.remove("agreements/KZ-UZ/v1.json", at=NOW)
    told = [one.split(" (")[0] for one in changes(draft, "targets")]
    assert told == [
        "removed: agreements/KZ-UZ/v1.json",
        "added: agreements/KZ-UZ/v2.json",
        "changed: authority/roots.pem",
    ]


def test_a_notice_of_revocation_is_never_taken_back(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("revoked/a.json", b"{}", at=NOW)
    with pytest.raises(CeremonyError, match="stays revoked"):
        made.draft.remove("revoked/a.json", at=NOW)

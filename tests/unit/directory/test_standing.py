"""Whose signatures a draft has and lacks, and what it changes, in words."""

from pathlib import Path

import pytest

from gateway.directory.roles import CeremonyError
from gateway.directory.standing import changes, standings
from tests.support.directories import NOW, drafted, published


def test_who_signed_and_who_did_not_is_named(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    made.sign("aigul/targets")
    (targets,) = [one for one in standings(made.draft) if one.role == "targets"]
    (side,) = targets.sides
    assert (side.signed, side.unsigned, targets.missing) == (("aigul",), ("bolat", "dana"), 1)


def test_a_role_that_was_changed_after_a_signature_is_refused(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    made.sign("aigul/targets")
    metadata = made.draft.staged()["targets"]
    metadata.signed.targets.clear()
    made.draft.write("targets", metadata)
    with pytest.raises(CeremonyError, match="was changed after aigul signed it"):
        standings(made.draft)


def test_changes_are_told_one_a_line(tmp_path: Path) -> None:
    draft = published(tmp_path).begin()
    draft.put("member/gateway.json", b"{}", at=NOW)
    (told,) = changes(draft, "ops")
    assert told.startswith("changed: member/gateway.json (2 bytes, SHA-256 44136fa355b3")


def test_an_empty_draft_has_no_standing(tmp_path: Path) -> None:
    made = published(tmp_path)
    with pytest.raises(CeremonyError, match="nothing is staged there"):
        standings(made.begin())

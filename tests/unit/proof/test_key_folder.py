"""Of several generations of a key the newest whose window holds signs, without a restart."""

from datetime import timedelta
from pathlib import Path

import pytest

from certs.authority import issue
from certs.key_files import write_certified_key, write_private
from gateway.model.refusal import Refusal
from gateway.proof import note
from gateway.proof.key_folder import KeyFolder, generations, log_stem, write_windows
from gateway.proof.keys import CertifiedKey, KeyFileError
from gateway.proof.window import Window
from tests.support.evidence import LOGS, note_key
from tests.support.pki import AT, authority, key

DAY = timedelta(days=1)
LATER = AT + DAY


def second() -> CertifiedKey:
    return issue(authority("KZ"), "seal", "gw.kz.example/seal", at=AT)


def test_the_only_key_is_in_use(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    found = KeyFolder(tmp_path).certified("seal", LATER)
    assert found.thumbprint == key("KZ", "seal").thumbprint


def test_a_rotation_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    folder, new = KeyFolder(tmp_path), second()
    folder.certified("seal", LATER)
    write_certified_key(tmp_path / "seal-2", new)
    write_windows(tmp_path, {"seal": Window(None, LATER + DAY), "seal-2": Window(LATER, None)})
    assert folder.certified("seal", LATER).thumbprint == new.thumbprint


def test_the_files_are_those_of_the_key_that_signs(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "tls", key("KZ", "tls"))
    folder = KeyFolder(tmp_path)
    first = str(tmp_path / "tls.pem"), str(tmp_path / "tls.key")
    assert [folder.certified_files("tls", LATER) for _ in range(2)] == [first, first]
    write_certified_key(tmp_path / "tls-2", key("KZ", "tls"))
    write_windows(tmp_path, {"tls": Window(None, LATER), "tls-2": Window(LATER, None)})
    assert folder.certified_files("tls", LATER) == (
        str(tmp_path / "tls-2.pem"),
        str(tmp_path / "tls-2.key"),
    )


def test_one_work_signs_with_the_key_that_it_signed_with_first(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    folder = KeyFolder(tmp_path)
    work = folder.for_one_work()
    work.certified("seal", LATER)
    write_certified_key(tmp_path / "seal-2", second())
    write_windows(tmp_path, {"seal": Window(None, LATER), "seal-2": Window(LATER, None)})
    assert work.certified("seal", LATER).thumbprint == key("KZ", "seal").thumbprint
    assert (
        folder.for_one_work().certified("seal", LATER).thumbprint
        != work.certified("seal", LATER).thumbprint
    )


def test_before_its_window_a_new_key_waits(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    write_certified_key(tmp_path / "seal-2", second())
    write_windows(tmp_path, {"seal": Window(None, LATER + DAY), "seal-2": Window(LATER, None)})
    found = KeyFolder(tmp_path).certified("seal", LATER - timedelta(seconds=1))
    assert found.thumbprint == key("KZ", "seal").thumbprint


def test_a_key_without_its_certificate_yet_is_passed_over(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    write_private(tmp_path / "seal-2.key", second().private)
    found = KeyFolder(tmp_path).certified("seal", LATER)
    assert found.thumbprint == key("KZ", "seal").thumbprint


@pytest.mark.parametrize("days", [-1, 400])
def test_no_key_signs_outside_the_validity_of_its_certificate(tmp_path: Path, days: int) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    with pytest.raises(Refusal, match=r"key\.none-in-use at seal"):
        KeyFolder(tmp_path).certified("seal", AT + DAY * days)


def test_in_the_overlap_both_keys_of_a_log_sign(tmp_path: Path) -> None:
    old, new = (note_key("KZ", number, LOGS["KZ"], note.LOG_KEY) for number in (1, 7))
    write_private(tmp_path / "log-uz.key", old.private)
    write_private(tmp_path / "log-uz-2.key", new.private)
    write_windows(tmp_path, {"log-uz": Window(None, LATER + DAY), "log-uz-2": Window(LATER, None)})
    folder = KeyFolder(tmp_path)
    found = [folder.log_keys(LOGS["KZ"], LATER + DAY * days) for days in (-1, 0, 1)]
    assert [[one.vkey for one in keys] for keys in found] == [
        [old.vkey],
        [new.vkey, old.vkey],
        [new.vkey],
    ]


def test_generations_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for stem in ("seal-10", "seal", "seal-2", "sealed"):
        write_private(tmp_path / f"{stem}.key", key("KZ", "seal").private)
    found = [one.stem for one in generations(tmp_path, "seal")]
    assert found == ["seal", "seal-2", "seal-10"]


def test_windows_that_cannot_be_read_stop_the_use(tmp_path: Path) -> None:
    write_certified_key(tmp_path / "seal", key("KZ", "seal"))
    (tmp_path / "windows.json").write_text('{"seal": {"from": "soon"}}', "utf-8")
    with pytest.raises(KeyFileError, match="windows"):
        KeyFolder(tmp_path).certified("seal", LATER)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="nowhere"):
        KeyFolder(tmp_path / "nowhere").certified("seal", LATER)


@pytest.mark.parametrize(
    ("origin", "stem"),
    [("gw.kz.example/log/kz-uz", "log-uz"), ("gw.kz.example/log/home", "log-home")],
)
def test_a_log_is_found_by_its_origin(origin: str, stem: str) -> None:
    assert log_stem(origin) == stem

"""The command's exit codes and speech."""

import json
from pathlib import Path

import pytest

from gateway.verifier.main import main
from tests.support.evidence import X, exchange, packed, write_trust


def bundle(folder: Path, data: bytes | None = None) -> list[str]:
    file = folder / "exchange.asice"
    file.write_bytes(packed(exchange().files()) if data is None else data)
    return [str(file), "--trust", str(write_trust(folder / "trust"))]


def test_a_whole_bundle_is_proved(tmp_path: Path) -> None:
    assert main(bundle(tmp_path)) == 0


def test_the_report_names_the_exchange(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*bundle(tmp_path), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["x"], report["exit"], report["unverified"]) == (X, 0, [])


def test_another_exchange_than_expected_is_false(tmp_path: Path) -> None:
    assert main([*bundle(tmp_path), "--expect-x", "another"]) == 1


def test_what_is_no_container_is_unreadable(tmp_path: Path) -> None:
    assert main(bundle(tmp_path, b"text")) == 3


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    trust = write_trust(tmp_path / "trust")
    assert main([str(tmp_path / "none"), "--trust", str(trust)]) == 3


def test_an_empty_trust_folder_is_a_usage_error(tmp_path: Path) -> None:
    file = bundle(tmp_path)[0]
    assert main([file, "--trust", str(tmp_path / "empty")]) == 4


def test_a_missing_option_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(tmp_path / "x.asice")])
    assert left.value.code == 4

"""GOST signatures, judged by openssl with its engine; skips where the engine is not installed."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.agreements.gost import GostProvider
from gateway.agreements.national_signature import NationalSignature, judge
from gateway.model.refusal import Refusal
from tests.support.programs import program

TEXT = b'{"corridor":"KZ-UZ"}'
SUBJECT = "CN=Signer,O=Ministry,C=KZ"


def openssl(*arguments: str) -> None:
    subprocess.run([program("openssl"), *arguments], check=True, capture_output=True)


def engine() -> Path:
    """The program with its engine; skips loudly, or fails under LMX_REQUIRE_ALL=1."""
    path = Path(program("openssl"))
    asked = subprocess.run([path, "engine", "-t", "gost"], capture_output=True, check=False)
    if b"[ available ]" not in asked.stdout:
        reason = "SKIPPED JUDGE gost: libengine-gost-openssl is not installed"
        if os.environ.get("LMX_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        print(reason)
        pytest.skip(reason)
    return path


def signer(folder: Path, name: str) -> tuple[str, str]:
    key, pem = str(folder / f"{name}.key"), str(folder / f"{name}.pem")
    new = ["req", "-engine", "gost", "-x509", "-newkey", "gost2012_256"]
    new += [
        "-pkeyopt",
        "paramset:A",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/C=KZ/O=Ministry/CN=Signer",
    ]
    openssl(*new, "-keyout", key, "-out", pem)
    return key, pem


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    engine()
    found = tmp_path_factory.mktemp("gost")
    (found / "text").write_bytes(TEXT)
    key, pem = signer(found, "own")
    signer(found, "other")
    sign = ["cms", "-sign", "-engine", "gost", "-binary", "-md", "md_gost12_256"]
    openssl(*sign, "-in", str(found / "text"), "-signer", pem, "-inkey", key, "-outform", "DER",
            "-out", str(found / "cms"))  # fmt: skip
    return found


@pytest.fixture
def slot(folder: Path) -> NationalSignature:
    return NationalSignature("GOST R 34.10-2012", SUBJECT, "gost", (folder / "cms").read_bytes())


def provider(folder: Path, roots: str = "own") -> GostProvider:
    return GostProvider(engine(), folder / f"{roots}.pem")


def test_a_signature_over_the_very_text_is_verified(folder: Path, slot: NationalSignature) -> None:
    verdict = judge("KZ", TEXT, slot.data(), [provider(folder)])
    assert (verdict.word, verdict.subject) == ("verified", SUBJECT)


def test_one_blank_more_in_the_text_is_wrong(folder: Path, slot: NationalSignature) -> None:
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        judge("KZ", TEXT + b" ", slot.data(), [provider(folder)])


def test_a_signer_of_other_roots_is_wrong(folder: Path, slot: NationalSignature) -> None:
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        judge("KZ", TEXT, slot.data(), [provider(folder, "other")])


def test_another_signer_than_the_slot_names_is_wrong(folder: Path, slot: NationalSignature) -> None:
    claimed = replace(slot, subject="CN=Minister,O=Ministry,C=KZ")
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        judge("KZ", TEXT, claimed.data(), [provider(folder)])


def test_a_program_without_the_engine_is_no_provider(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="libengine-gost-openssl"):
        GostProvider(Path(program("false")), tmp_path / "roots.pem")

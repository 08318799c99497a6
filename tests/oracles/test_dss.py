"""EU DSS, the reference validator of European signatures, judges seal and message as baseline B."""

import json
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.proof.forms import message_xml
from gateway.proof.json_signature import HEADER, sign_jws
from gateway.proof.keys import CertifiedKey
from gateway.proof.xml_signature import sign_document
from tests.support.evidence import RECORD, Exchange
from tests.support.pki import AT, authority, key
from tests.support.programs import program
from tests.support.schemas import catalogue

JUDGE = Path(__file__).resolve().parents[1] / "judges" / "dss"
SEAL = key("KZ", "seal")


def _revocations(issuer: CertifiedKey) -> bytes:
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(AT)
        .next_update(AT + timedelta(days=1))
        .sign(issuer.private, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


def _write_chain(folder: Path) -> None:
    state = authority("KZ")
    for name, one in (("root", state.root), ("issuing", state.issuing), ("leaf", SEAL)):
        (folder / f"{name}.cer").write_bytes(one.certificate.public_bytes(Encoding.DER))
    (folder / "root.crl").write_bytes(_revocations(state.root))
    (folder / "issuing.crl").write_bytes(_revocations(state.issuing))


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    maven, java = program("mvn"), program("java")
    folder = tmp_path_factory.mktemp("dss")
    header = Exchange().header()
    seal = sign_jws(header, SEAL, typ=HEADER, at=AT)
    message = sign_document(
        message_xml(catalogue().mapping, json.loads(header), "EmploymentContract", RECORD),
        SEAL,
        at=AT,
    )
    files = {
        "seal.jws": seal.encode(),
        "message.xml": message,
        "changed.xml": message.replace(b"KZT", b"USD", 1),
        "changed.jws": sign_jws(header, SEAL, typ=HEADER, at=AT).replace(".", ".e", 1).encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    _write_chain(folder)
    target = folder / "target"
    build = [maven, "-q", "-B", "-f", str(JUDGE / "pom.xml"), f"-Dlmx.target={target}"]
    build += ["package", "dependency:copy-dependencies", f"-DoutputDirectory={target}/dependency"]
    made = subprocess.run(build, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout
    time = str(int((AT + timedelta(hours=1)).timestamp() * 1000))
    judged = subprocess.run(
        [
            java,
            "-cp",
            f"{target}/classes:{target}/dependency/*",
            "judge.Judge",
            str(folder),
            time,
            *(str(folder / one) for one in files),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [one.partition("\t") for one in judged.stdout.splitlines()]
    return {Path(name).name: told for name, _, told in lines}


@pytest.mark.parametrize(
    ("file", "level"), [("seal.jws", "JAdES-BASELINE-B"), ("message.xml", "XAdES-BASELINE-B")]
)
def test_it_is_accepted_as_baseline_b(verdicts: Mapping[str, str], file: str, level: str) -> None:
    assert verdicts[file].split("\t") == [
        level,
        "intact=true",
        "structure=true",
        "indication=TOTAL_PASSED",
        "sub=null",
        "messages=[]",
    ]


@pytest.mark.parametrize("file", ["changed.xml", "changed.jws"])
def test_a_changed_one_is_not_accepted(verdicts: Mapping[str, str], file: str) -> None:
    assert "TOTAL_PASSED" not in verdicts[file]

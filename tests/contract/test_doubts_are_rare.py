"""Doubts about documents, names and codes raise no noise on the countries' own samples."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.catalogue import load_catalogue
from gateway.translation import load_countries, read

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
SAMPLES = sorted((ROOT / "adapters").glob("*/samples/*"))
RARE = {
    "CODE-NOT-IN-LIST",
    "DOCUMENT-NUMBER-UNUSUAL",
    "MRZ-CHECK-FAILED",
    "MRZ-MISMATCH",
    "NAME-LATIN-DISAGREES",
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_sample_raises_no_rare_doubt(sample: Path) -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    reading = read(sample.read_bytes(), None, COUNTRIES, CATALOGUE, at=at)
    raised = {warned.code for result in reading.results for warned in result.warnings}
    assert raised & RARE == set()

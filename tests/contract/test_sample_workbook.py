"""The workbook among the samples is what its script makes."""

import zipfile
from io import BytesIO

from tests.support.sample_workbooks import SAMPLE, sample


def test_sample_workbook_is_what_its_script_makes() -> None:
    with zipfile.ZipFile(SAMPLE) as kept, zipfile.ZipFile(BytesIO(sample())) as made:
        assert {n: kept.read(n) for n in kept.namelist()} == {
            n: made.read(n) for n in made.namelist()
        }

"""`lmx template`: what a stranger types, and what comes of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.template import template
from gateway.cli.translate import translate

LMX_TYPES = ("AgencyLicence", "JobOrder", "RemittanceStatistic")


def run(*arguments: str | Path) -> tuple[int, str]:
    ran = CliRunner().invoke(template, [str(one) for one in arguments])
    return ran.exit_code, ran.output


@pytest.mark.parametrize("record_type", LMX_TYPES)
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_template_is_written(tmp_path: Path, record_type: str, form: str) -> None:
    file = tmp_path / f"empty.{form}"
    assert run(record_type, "--as", form, "--lang", "ky", "-o", file)[0] == 0
    assert file.stat().st_size > 500


def test_unknown_type_is_a_usage_error_that_names_the_types(tmp_path: Path) -> None:
    code, output = run("Contract", "-o", tmp_path / "x.xlsx")
    assert (code, "EmploymentContract" in output) == (2, True)


def test_unfilled_json_template_is_refused_member_by_member(tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    run("JobOrder", "--as", "json", "-o", file)
    ran = CliRunner().invoke(translate, [str(file), "--out", str(tmp_path)])
    assert ran.exit_code == 1
    (entry,) = json.loads((tmp_path / "empty.json").read_text("utf-8"))
    assert "row 1: /places" in {error["path"] for error in entry["errors"]}

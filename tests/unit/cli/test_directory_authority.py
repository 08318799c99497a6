"""An authority is listed with layouts that there are."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.main import main


def lmx(into: Path, *words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["directory", "authority", *words, "--into", str(into)])
    return ran.exit_code, ran.output


def test_an_authority_is_added_beside_the_others(tmp_path: Path) -> None:
    layout = ("--layout", "EmploymentContract=kz.labour-contract")
    assert lmx(tmp_path, "kz.labour-ministry", *layout)[0] == 0
    assert lmx(tmp_path, "kz.national-bank", "--class", "bank", "--xml")[0] == 0
    assert json.loads((tmp_path / "member/authorities.json").read_text("utf-8")) == {
        "kz.labour-ministry": {
            "class": "state",
            "forms": "native",
            "layouts": {"EmploymentContract": "kz.labour-contract"},
        },
        "kz.national-bank": {"class": "bank", "forms": "xml", "layouts": {}},
    }


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Ministry",), "alpha-2, dot, slug"),
        (("kz.a", "--layout", "Contract=kz.labour-contract"), "there is no record type Contract"),
        (("kz.a", "--layout", "JobOrder=kz.labour-contract"), "carries EmploymentContract"),
        (("kz.a", "--layout", "JobOrder=kz.none"), "layout.unknown"),
    ],
)
def test_what_there_is_not_is_refused(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    code, told = lmx(tmp_path, *words)
    assert (code, says in told, (tmp_path / "member").exists()) == (1, True, False)

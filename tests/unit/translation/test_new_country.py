"""The files of a new country name it throughout and compile."""

import pytest

from gateway.translation.new_country import UnknownCountryError, country_files


def test_the_layout_is_python_named_after_the_country() -> None:
    module = country_files("mn")["labour_contracts.py"]
    compile(module, "labour_contracts.py", "exec")
    assert 'name = "mn.labour-contracts"' in module


@pytest.mark.parametrize("code", ["mn", "MN"])
def test_nothing_of_the_template_is_left(code: str) -> None:
    assert [name for name, text in country_files(code).items() if "$" in name + text] == []


def test_two_new_countries_recognise_different_headings() -> None:
    assert country_files("mn")["labour_contracts.py"] != country_files("ge")["labour_contracts.py"]


@pytest.mark.parametrize("code", ["xx", "mng", ""])
def test_only_countries_of_iso_3166_are_made(code: str) -> None:
    with pytest.raises(UnknownCountryError):
        country_files(code)

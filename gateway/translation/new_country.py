"""The folder of a new country: one invented layout that keeps every promise, to be replaced."""

from pathlib import Path
from string import Template

import pycountry

TEMPLATE = Path(__file__).parent / "country_template"
# The template's modules end in .txt, since they are no modules before the country is known.
_NO_MODULE = ".txt"


class UnknownCountryError(Exception):
    """Not a country of ISO 3166-1."""


def country_files(code: str) -> dict[str, str]:
    """Give the files of `adapters/<cc>/` by path below it. code: alpha-2, in any case.

    UnknownCountryError when ISO 3166-1 does not have the code.
    """
    found = pycountry.countries.get(alpha_2=code.upper())
    if found is None:
        raise UnknownCountryError("a country is named by its ISO 3166-1 alpha-2 code, e.g. mn")
    words = {
        "cc": found.alpha_2.lower(),
        "CC": found.alpha_2,
        "alpha3": found.alpha_3,
        "name": found.name,
    }
    made = {"__init__.py": ""}
    for file in sorted(TEMPLATE.rglob("*")):
        if file.is_file():
            name = file.relative_to(TEMPLATE).as_posix().removesuffix(_NO_MODULE)
            made[name] = Template(file.read_text("utf-8")).substitute(words)
    return made

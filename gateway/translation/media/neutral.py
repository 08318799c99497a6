"""Cells of CSV files that no spreadsheet program takes for a formula, and back again.

A leading apostrophe says: text. It is set where a cell, or a part of it that another separator or
line end would make a cell, begins with a letter of formulas; our reader takes it off again, so
nothing is lost. Plain numbers and telephone numbers stay as they are: `-5`, `+992 90 000 00 15`.
"""

import re

# OWASP, CSV injection; the wide forms are formulas to some installations.
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS = f"(?:^(?='*[{_FORMULA}\\t\\r\\n])|(?<=[,;\\t\\r\\n\"])(?='*[{_FORMULA}]))"
_OPEN = re.compile(_BEGINS)
_CLOSED = re.compile(f"(?:^'(?='*[{_FORMULA}\\t\\r\\n])|(?<=[,;\\t\\r\\n\"])'(?='*[{_FORMULA}]))")
_NUMBER = re.compile(r"[+-]\d+(?:[.,]\d+)?|\+\d[\d ]*")
_ANY = re.compile(f"[{_FORMULA}\\t\\r\\n]")


def neutral(text: str) -> str:
    """A cell as it is written."""
    if _ANY.search(text) is None or _NUMBER.fullmatch(text):
        return text
    return _OPEN.sub("'", text)


def restored(text: str) -> str:
    """A cell as it was meant, whoever set the apostrophe."""
    return _CLOSED.sub("", text) if "'" in text else text

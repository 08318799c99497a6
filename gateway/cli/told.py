"""Refusals as a clerk reads them: what happened, where, and what to do next; never content."""

from collections.abc import Sequence

from gateway.model.refusal import Refusal

# What a clerk can do, by refusal code or by its area.
_ADVICE = {
    "code": "Use a code of the layout's table, or ask for the code to be added to it.",
    "consent": "Ask the worker; without consent the case does not leave.",
    "csv": "In each row stand as many cells as headings; a cell that holds a semicolon or a "
    "quotation mark is quoted.",
    "date": "Write the date as the other rows do.",
    "document": "Export the column as text and enter the number again from the document.",
    "field": "Fill or correct the field in the source system.",
    "file": "Let the user who runs this command read the file.",
    "identifier": "Compare the number with its document and correct it in the source system.",
    "json": "Export the file again; it was cut off or edited by hand.",
    "layout": "Compare its headings or members with those of the layouts in adapters/.",
    "layout.cannot-carry": "The recipient gets such a record in the common form.",
    "number": "Write the number in digits, without words.",
    "record": "Correct the member in the source system.",
    "restricted": "Send these records with the SDK; what else is told of them holds there too.",
    "source": "Ask the source system again: this is its error message.",
    "source.not-a-record": "Take the file that holds the records: the answer, not the request.",
    "submission": "Split the file.",
    "submission.control-total": "Compare the rows with the total line and export the file again.",
    "text": "Export the file as UTF-8.",
    "to": "Leave the record out, or send it to the state that it concerns.",
    "xml": "Export the file again; it was cut off or edited by hand.",
}


def advice(code: str) -> str:
    """What to do about a refusal code, or nothing where the code alone says it."""
    return _ADVICE.get(code) or _ADVICE.get(code.partition(".")[0], "")


def sentence(refusal: Refusal) -> str:
    """What happened, and the rule that was not met where it says more."""
    title = refusal.kind.title
    same = title.casefold() == refusal.rule.casefold()
    return title if same else f"{title}: {refusal.rule}"


def where(rows: Sequence[int], path: str) -> str:
    """A place as a person says it: `row 2, /Сана`; `row 2: /Сана` is read as the same place."""
    numbers = ", ".join(map(str, rows))
    row = f"row {numbers}" if len(rows) == 1 else f"rows {numbers}" if rows else ""
    member = path.removeprefix(f"row {numbers}").removeprefix(":").strip()
    return ", ".join(filter(None, (row, member)))


def line(rows: Sequence[int], code: str, path: str, text: str) -> str:
    """One refusal on one line: place, sentence, code, advice."""
    place = where(rows, path)
    return " ".join(filter(None, (f"{place}:" if place else "", f"{text} [{code}].", advice(code))))

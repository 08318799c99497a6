"""The reference page of one record type, in Markdown: made from the XSD and the data beside it."""

from collections.abc import Iterable, Iterator

from gateway.catalogue.beside import SENSITIVITIES, Beside
from gateway.catalogue.recipients import SCOPES
from gateway.catalogue.subset import ObjectType, RootType, TextType

_MADE = "Generated from the XSD and the data beside it by `lmx schema renew`; do not edit."


def record_page(root: RootType, beside: Beside | None) -> str:
    """The page of a record type; the header has nothing beside its XSD."""
    lines = [f"# {root.name}", "", _MADE, "", root.meaning, ""]
    if beside is not None:
        lines += _about(root, beside)
    for one in root.types.values():
        lines += _members(one) if isinstance(one, ObjectType) else _text(one)
    return "\n".join(lines)


def _about(root: RootType, beside: Beside) -> Iterator[str]:
    level = f"{beside.sensitivity} ({SENSITIVITIES[beside.sensitivity]})"
    yield from (f"Sensitivity: {level}. Root element and `recordType`: `{root.name}`.", "")
    yield from ("## States and steps", "", "A record may begin in a state marked with *begin*.", "")
    yield from _table(
        ["State", "Begin", "Next states"],
        (
            [
                f"`{state}`",
                "begin" if ("", state) in beside.steps else "",
                ", ".join(f"`{to}`" for start, to in beside.steps if start == state) or "none",
            ]
            for state in beside.states
        ),
    )
    yield from ("## Rules across members", "")
    if beside.rules:
        yield from ("A record that breaks one is refused with `record.rule` at the place.", "")
    yield from _table(
        ["Place", "With", "Rule", "Holds when"],
        (
            [_code(rule.first), _code(rule.second), rule.text, _code(rule.when)]
            for rule in beside.rules
        ),
    )
    yield from ("## Usual members", "", "Each one missing raises `MEMBER-MISSING` (R30).", "")
    yield from _table(
        ["Member", "Or instead"], ([_code(one), _code(other)] for one, other in beside.usual)
    )
    yield from ("## Recipients", "")
    yield from ("It goes only to a state that it concerns, as these members tell (R29).", "")
    yield from _table(
        ["Member", "Concerns", "Only without"],
        ([_code(one.path), SCOPES[one.scope], _code(one.unless)] for one in beside.recipients),
    )


def _members(one: ObjectType) -> Iterator[str]:
    yield from (f"## {one.name}", "", one.meaning, "")
    yield from _table(
        ["Member", "Type", "Times", "Meaning", "Unit", "Standard"],
        ([_code(m.name), m.type_name, m.times, m.meaning, m.unit, m.standard] for m in one.members),
    )


def _text(one: TextType) -> Iterator[str]:
    yield from (f"## {one.name}", "", one.meaning, "")
    if one.standard:
        yield from (f"Standard: {one.standard}", "")
    if one.codes:
        yield from ("Codes: " + ", ".join(f"`{code}`" for code in one.codes), "")
    else:
        yield from ("Pattern: " + " or ".join(f"`{text}`" for text in one.patterns), "")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    found = list(rows)
    if not found:
        yield from ("None.", "")
        return
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in found:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""

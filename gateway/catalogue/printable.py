"""The printable reference: the whole standard in one HTML file without script or outside asset."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree

from gateway.catalogue.beside import SENSITIVITIES, Beside
from gateway.catalogue.markup import code, heading, link, members, paragraph, table, values
from gateway.catalogue.printable_style import STYLE
from gateway.catalogue.recipients import NAMED, SCOPES, RecipientPath
from gateway.catalogue.state_drawing import state_drawing
from gateway.catalogue.subset import ObjectType, RootType, TextType
from gateway.model.refusal_codes import REFUSALS
from gateway.proof.forms import FormMapping, record_xml

_LEAD = (
    "Twelve records by which labour-migration authorities tell each other about jobs, agencies, "
    "candidates, contracts, permits, journeys, insurance, qualifications, complaints, incidents, "
    "returns and remittances. Each record has one meaning and two forms, JSON and XML."
)
_READING = (
    "Names are equal in both forms. A member that may stand more than once is a list in JSON and "
    "a repeated element in XML. What is not known is left out: there is no null, no empty text and "
    "no empty list. Nothing is guessed and nothing is derived from an identifier (R7).",
    "In the tables a member in bold is mandatory. Times is how often it may stand: 0..1, 1..1, or "
    "up to n. R and a number name a project ruling.",
    "Every simple type is a text restricted by a pattern. In JSON a member of type Integer is a "
    "number and one of type Boolean is true or false; all others are strings, amounts too, so that "
    "320000.00 keeps its zeros.",
    "Beside the schema stand data: which states follow each other, which rules hold across "
    "members, which members are usual, and which states a record may go to. A record that breaks "
    "its schema or a rule is refused with a code and a place; a missing usual member is only a "
    "warning.",
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One record type with its data and a short example."""

    root: RootType
    beside: Beside
    examples: tuple[str, ...]


def printable(roots: Iterable[RootType], folders: Mapping[str, tuple[Beside, Path]],
              mapping: FormMapping) -> str:  # fmt: skip
    """The document, complete in itself; types that several records use have their own chapter."""
    every = tuple(roots)
    chapters = [
        Chapter(root, *_beside(folders[root.name])) for root in every if root.name in folders
    ]
    others = [root for root in every if root.name not in folders]
    shared = _shared(chapters)
    parts = [
        _cover(chapters, others),
        _reading(mapping, folders),
        *(_chapter(n, one, shared) for n, one in enumerate(chapters, 1)),
        _shared_objects(len(chapters) + 1, shared),
        _shared_texts(len(chapters) + 2, shared),
        *(_beside_records(n, one, shared) for n, one in enumerate(others, len(chapters) + 3)),
        _refusals(len(chapters) + len(others) + 3),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>LMX, the standard</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _beside(found: tuple[Beside, Path]) -> tuple[Beside, tuple[str, ...]]:
    beside, folder = found
    return beside, tuple(sorted(one.stem for one in (folder / "examples").glob("*.json")))


def _shared(chapters: Iterable[Chapter]) -> dict[str, ObjectType | TextType]:
    count = Counter(name for one in chapters for name in one.root.types)
    return {
        name: kind for one in chapters for name, kind in one.root.types.items() if count[name] > 1
    }


def _cover(chapters: list[Chapter], others: list[RootType]) -> str:
    entries = [(one.root.name, f"record-{one.root.name}") for one in chapters]
    entries += [("Shared types", "shared"), ("Texts and code lists", "texts")]
    entries += [_named(one) for one in others] + [("Refusal codes of a record", "refusals")]
    listed = "".join(
        f"<li><b>{number}</b>{link(text, anchor)}</li>"
        for number, (text, anchor) in enumerate(entries, 1)
    )
    rows = (
        [
            link(one.root.name, f"record-{one.root.name}"),
            escape(one.root.meaning.removesuffix(", version 1.")) + ".",
            _level(one.beside),
            ", ".join(to for start, to in one.beside.steps if not start),
        ]
        for one in chapters
    )
    return (
        '<section class="cover">'
        + "<h1>Labour Migration eXchange<br>The standard</h1>"
        + paragraph("Schema version 1. Generated from the XSD by lmx schema renew.", "soft")
        + paragraph(_LEAD, "lead")
        + heading(3, "Contents")
        + f'<ol class="toc">{listed}</ol>'
        + heading(3, "The twelve records")
        + table(("Record", "What it tells", "Sensitivity", "Begins as"), rows)
        + "</section>"
    )


def _reading(mapping: FormMapping, folders: Mapping[str, tuple[Beside, Path]]) -> str:
    # The smallest record shows both forms side by side on one page.
    _, folder = folders["RemittanceStatistic"]
    example: dict[str, Any] = json.loads((folder / "examples" / "quarter.json").read_bytes())
    octets = record_xml(mapping, example["recordType"], example["record"])
    tree = etree.XML(octets)
    etree.indent(tree)
    text = json.dumps(example, ensure_ascii=False, indent=2)
    return (
        "<section>"
        + heading(2, "How to read this", anchor="reading")
        + "".join(paragraph(one) for one in _READING)
        + heading(3, "One record in both forms")
        + f'<div class="two"><pre>{escape(text)}</pre>'
        + f"<pre>{escape(etree.tostring(tree, encoding='unicode'))}</pre></div>"
        + paragraph(
            "Before a record is sealed it is made canonical: JSON by RFC 8785, XML by Exclusive "
            "Canonicalization 1.0. One signature then proves either form."
        )
        + "</section>"
    )


def _level(beside: Beside) -> str:
    return f"{beside.sensitivity} {SENSITIVITIES[beside.sensitivity]}"


def _chapter(number: int, one: Chapter, shared: Mapping[str, Any]) -> str:
    root, beside = one.root, one.beside
    own = [kind for name, kind in root.types.items() if name not in shared]
    anchors = root.types.keys()
    facts = {
        "Sensitivity": _level(beside),
        "May go to a state named by": ", ".join(_recipient(one) for one in beside.recipients),
        "Usual members": ", ".join(
            code(path) + (f" or {code(other)}" if other else "") for path, other in beside.usual
        )
        or "none",
        "Examples": ", ".join(code(name) for name in one.examples),
    }
    listed = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts.items())
    return (
        "<section>"
        + heading(2, f"{number}  {root.name}", anchor=f"record-{root.name}")
        + paragraph(root.meaning, "lead")
        + f'<dl class="facts">{listed}</dl>'
        + heading(3, "Members")
        + members(root.own, anchors)
        + heading(3, "States and steps", anchor=_state_anchor(root, beside))
        + _states(root.name, beside)
        + heading(3, "Rules across members")
        + _rules(beside)
        + "".join(_own(kind, anchors) for kind in own[1:])
        + _codes(own, beside)
        + "</section>"
    )


def _state_anchor(root: RootType, beside: Beside) -> str:
    shown = set(beside.states)
    return next(
        f"type-{one.name}"
        for one in root.types.values()
        if isinstance(one, TextType) and set(one.codes) == shown
    )


def _states(name: str, beside: Beside) -> str:
    rows = (
        [
            code(state),
            ", ".join(code(to) for start, to in beside.steps if start == state) or "none: it ends",
        ]
        for state in beside.states
    )
    return (
        f'<div class="side">{state_drawing(name, beside)}<div>'
        + table(("State", "May be followed by"), rows)
        + paragraph("A dot: a record may begin here. A double frame: no step leads on.", "soft")
        + "</div></div>"
    )


def _recipient(one: RecipientPath) -> str:
    scope = "" if one.scope == NAMED else f" ({SCOPES[one.scope]})"
    return code(one.path) + scope + (f", unless {code(one.unless)} is there" if one.unless else "")


def _rules(beside: Beside) -> str:
    rows = (
        [
            code(rule.first),
            code(rule.second),
            escape(rule.text) + (f"<i>holds when {code(rule.when)}</i>" if rule.when else ""),
        ]
        for rule in beside.rules
    )
    return table(("Place", "With", "Rule"), rows)


def _own(kind: ObjectType | TextType, anchors: Iterable[str]) -> str:
    if not isinstance(kind, ObjectType):
        return ""
    top = heading(3, kind.name, anchor=f"type-{kind.name}", aside=kind.meaning)
    return top + members(kind, anchors)


def _codes(own: list[ObjectType | TextType], beside: Beside | None) -> str:
    # The codes of the states were shown with their steps.
    shown = frozenset(beside.states) if beside is not None else None
    texts = [one for one in own if isinstance(one, TextType) and frozenset(one.codes) != shown]
    if not texts:
        return ""
    heads = ("Type", "Meaning", "Codes or pattern")
    return heading(3, "Codes and patterns") + table(heads, map(_text_row, texts))


def _shared_objects(number: int, shared: Mapping[str, ObjectType | TextType]) -> str:
    found = sorted(
        (one for one in shared.values() if isinstance(one, ObjectType)), key=lambda one: one.name
    )
    return (
        "<section>"
        + heading(2, f"{number}  Shared types", anchor="shared")
        + "".join(_own(one, shared) for one in found)
        + "</section>"
    )


def _shared_texts(number: int, shared: Mapping[str, ObjectType | TextType]) -> str:
    found = sorted(
        (one for one in shared.values() if isinstance(one, TextType)), key=lambda one: one.name
    )
    return (
        "<section>"
        + heading(2, f"{number}  Texts and code lists", anchor="texts")
        + table(("Type", "Meaning", "Codes or pattern"), map(_text_row, found))
        + "</section>"
    )


def _text_row(one: TextType) -> Iterator[str]:
    below = f"<i>Standard: {escape(one.standard)}</i>" if one.standard else ""
    yield f'<span id="type-{one.name}">{code(one.name)}</span>'
    yield escape(one.meaning) + below
    yield values(one)


def _named(root: RootType) -> tuple[str, str]:
    return ("The header", "header") if root.name == "Header" else (root.name, f"form-{root.name}")


def _beside_records(number: int, root: RootType, shared: Mapping[str, Any]) -> str:
    title, anchor = _named(root)
    own = [kind for name, kind in root.types.items() if name not in shared]
    return (
        "<section>"
        + heading(2, f"{number}  {title}", anchor=anchor)
        + paragraph(root.meaning, "lead")
        + members(root.own, root.types.keys())
        + "".join(_own(kind, root.types.keys()) for kind in own[1:])
        + _codes(own, None)
        + "</section>"
    )


def _refusals(number: int) -> str:
    rows = ([code(name), escape(REFUSALS[name].title)] for name in sorted(REFUSALS)
            if name.startswith(("record.", "json.", "xml.")))  # fmt: skip
    return (
        "<section>"
        + heading(2, f"{number}  Refusal codes of a record", anchor="refusals")
        + paragraph(
            "A refusal tells its code, the rule and the place, never the content. All codes stand "
            "in refusals.md, all warnings in warnings.md."
        )
        + table(("Code", "Meaning"), rows)
        + "</section>"
    )

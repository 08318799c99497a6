"""Small pieces of HTML for the printable reference; every text is escaped here."""

from collections.abc import Iterable
from html import escape

from gateway.catalogue.subset import ObjectType, TextType


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f"<p{_class(kind)}>{escape(text)}</p>"


def heading(level: int, text: str, *, anchor: str = "", aside: str = "") -> str:
    """A heading with an anchor to link to, and a soft remark beside it."""
    place = f' id="{escape(anchor)}"' if anchor else ""
    small = f"<small>{escape(aside)}</small>" if aside else ""
    return f"<h{level}{place}>{escape(text)}{small}</h{level}>"


def code(text: str) -> str:
    """A name or value of the standard."""
    return f"<code>{escape(text)}</code>" if text else ""


def link(text: str, anchor: str) -> str:
    """A link inside the document."""
    return f'<a href="#{escape(anchor)}">{escape(text)}</a>'


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], kind: str = "") -> str:
    """A table of cells that are HTML already; the word None in place of an empty one."""
    found = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    if not found:
        return paragraph("None.", "soft")
    top = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(f"<tr>{row}</tr>" for row in found)
    return f"<table{_class(kind)}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def members(one: ObjectType, anchors: Iterable[str]) -> str:
    """The members of a type; mandatory ones are bold, and types with an anchor are links."""
    linked = frozenset(anchors)
    rows = []
    for member in one.members:
        name = f"<b>{code(member.name)}</b>" if member.low else code(member.name)
        where = f"type-{member.type_name}"
        kind = link(member.type_name, where) if member.type_name in linked else member.type_name
        told = "; ".join(one for one in (member.unit, member.standard) if one)
        rows.append([name, kind, member.times, escape(member.meaning), escape(told)])
    return table(("Member", "Type", "Times", "Meaning", "Unit; standard"), rows, "members")


def values(one: TextType) -> str:
    """The codes of a text type, or its pattern."""
    if one.codes:
        return ", ".join(code(value) for value in one.codes)
    return "<br>".join(
        code(pattern).replace("<code>", '<code class="pattern">') for pattern in one.patterns
    )


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""

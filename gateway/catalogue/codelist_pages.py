"""The reference pages of the code lists: an index, and one page a list that has a table here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from gateway.catalogue.codelists import CodeLists, read_rows

_HEADINGS = {
    "code": "Code",
    "parent": "In",
    "note": "Note",
    "common": "Common code",
    "mapping": "Mapping",
    "reason": "Why",
}
_LANGUAGES = {
    "en": "English",
    "kk": "Kazakh",
    "ky": "Kyrgyz",
    "ru": "Russian",
    "uz": "Uzbek",
    "uz_cyrl": "Uzbek, Cyrillic",
}
_INDEX = ["List", "Versions", "Codes", "What", "Kept by", "Source"]
_INTRODUCTION = """# Code lists

Generated from `schemas/codelists` and `adapters/<cc>/lists`; do not edit.

A record names the list of a code and, where it matters, its version. A code that the list does
not hold is kept and raises `CODE-NOT-IN-LIST`; a native code without a known table is kept and
raises `CODE-UNMAPPED`. The mapping of a national code tells how the common code follows from it:
**exact**, the same thing; **broader**, the common code covers more; **narrower**, it covers less;
**assumed**, nobody has confirmed it.
"""


def codelist_pages(schemas: Path) -> dict[Path, bytes]:
    """Give every page by its path; national lists are found in `adapters/` beside the schemas."""
    pages = schemas.parent / "docs" / "reference" / "codelists"
    common = CodeLists(schemas / "codelists")
    lines = [_INTRODUCTION, "## Common lists", "", *_index(common, "")]
    made = {pages / f"{name}.md": _page(common, name) for name in _tables(common)}
    for folder in sorted((schemas.parent / "adapters").glob("*/lists")):
        lists, country = CodeLists(folder), folder.parent.name
        lines += ["", f"## National lists: {country.upper()}", "", *_index(lists, f"{country}-")]
        made |= {pages / f"{country}-{name}.md": _page(lists, name) for name in _tables(lists)}
    return made | {pages / "index.md": _text(lines)}


def _tables(lists: CodeLists) -> list[str]:
    return [n for n in lists.names if lists.about(n)["versions"] not in ([], ["pycountry"])]


def _index(lists: CodeLists, prefix: str) -> Iterator[str]:
    yield _line(_INDEX)
    yield _line(["---"] * len(_INDEX))
    tables = _tables(lists)
    for name in lists.names:
        about, found = lists.about(name), lists.find(name)
        yield _line(
            [
                f"[{name}]({prefix}{name}.md)" if name in tables else name,
                ", ".join(about["versions"]) or "none",
                str(len(found.titles) if found else 0),
                f"{about['title']}. {about['what']}",
                about["keeper"],
                about["source"],
            ]
        )


def _page(lists: CodeLists, name: str) -> bytes:
    return _text(_page_lines(lists, name))


def _page_lines(lists: CodeLists, name: str) -> Iterator[str]:
    about = lists.about(name)
    yield f"# {name}"
    yield "\nGenerated from the list's CSV; do not edit.\n"
    yield f"{about['title']}. {about['what']}\n"
    yield f"Kept by: {about['keeper']}. Source: {about['source']}."
    if "common" in about:
        yield f"Common list: {about['common']}."
    for version in reversed(about["versions"]):
        rows = read_rows(lists.folder / name / f"{version}.csv")
        yield f"\n## Version {version}\n"
        mappings = Counter(row["mapping"] for row in rows if row.get("mapping"))
        told = ", ".join(f"{count} {mapping}" for mapping, count in sorted(mappings.items()))
        yield f"{len(rows)} codes{'; mapped ' + told if told else ''}.\n"
        columns = [column for column in rows[0] if any(row[column] for row in rows)]
        yield _line([_heading(column) for column in columns])
        yield _line(["---"] * len(columns))
        yield from (_line([row[column] for column in columns]) for row in rows)


def _heading(column: str) -> str:
    language = column.removeprefix("title_")
    return _HEADINGS.get(column) or _LANGUAGES.get(language, language)


def _line(cells: list[str]) -> str:
    safe = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(safe)} |"


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()

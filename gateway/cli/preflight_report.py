"""The report of a preflight: one stable structure, drawn as JSON, as text and as one HTML page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jinja2

from gateway.cli.told import advice
from gateway.model.refusal_codes import REFUSALS
from gateway.translation.preflight import Preflight
from gateway.translation.tally import FLAGGED, LOST, REFUSED, Finding, Key

Report = dict[str, Any]
VERSION = 1
# The terminal shows the most frequent ones; the HTML and JSON reports hold all.
SHOWN = 10
TEMPLATE = Path(__file__).parent / "templates" / "preflight.html"


def report_of(preflight: Preflight, newest: str) -> Report:
    """Give the report: counts, layouts, findings; most frequent first, ties by place.

    newest: the day of the newest file, ISO, or empty.
    """
    totals = preflight.totals()
    return {
        "preflight": VERSION,
        "to": preflight.to,
        "newestFile": newest,
        "files": preflight.files,
        "records": {
            "read": totals["records"],
            "refused": totals["refused"],
            "leave": totals["records"] - totals["refused"],
            "whole": totals["whole"],
            "withLoss": totals["lossy"],
            "flagged": totals["flagged"],
            "commonForm": totals["common_form"],
        },
        "layouts": [
            {
                "layout": name,
                "recordType": count.record_type,
                "writtenAs": sorted(count.targets),
                "files": count.files,
                "records": count.records,
                "refused": count.refused,
                "whole": count.whole,
                "withLoss": count.lossy,
                "flagged": count.flagged,
                "commonForm": count.common_form,
            }
            for name, count in sorted(preflight.tally.layouts.items())
        ],
        **{kind: list(_findings(preflight, kind)) for kind in (REFUSED, LOST, FLAGGED)},
    }


def _findings(preflight: Preflight, kind: str) -> Iterator[dict[str, Any]]:
    found = [(key, one) for key, one in preflight.tally.findings.items() if key.kind == kind]
    found.sort(key=lambda pair: (-pair[1].count, pair[0].layout, pair[0].code, pair[0].path))
    for key, finding in found:
        yield _finding(key, finding)


def _finding(key: Key, finding: Finding) -> dict[str, Any]:
    told = {
        "step": key.step,
        "layout": key.layout or None,
        "place": key.path,
        "count": finding.count,
        "examples": [
            {"file": place.file, "rows": list(place.rows), "place": place.path}
            for place in finding.examples
        ],
    }
    if key.kind == LOST:
        return told
    coded = {"code": key.code, **told, "text": key.text}
    if key.kind == REFUSED:
        coded["title"] = REFUSALS[key.code].title
        coded["advice"] = advice(key.code)
    return coded


def json_of(report: Report) -> str:
    """Write the report for programs."""
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def html_of(report: Report, folder: str) -> str:
    """Write the report as one page that needs nothing else. folder: its bare name."""
    made = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.globals["places"] = places
    made.filters["number"] = _number
    page = made.from_string(TEMPLATE.read_text("utf-8"))
    return page.render(report=report, folder=folder) + "\n"


def places(finding: dict[str, Any]) -> str:
    """Say the examples in one line: files, rows."""
    rows: dict[str, list[int]] = {}
    for one in finding["examples"]:
        rows.setdefault(one["file"], []).extend(one["rows"])
    return "; ".join(_rows(file, sorted(set(numbers))) for file, numbers in rows.items())


def _rows(file: str, numbers: list[int]) -> str:
    if not numbers:
        return file
    return f"{file} row{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def text_of(report: Report, folder: str) -> str:
    """Draw the report for a terminal."""
    to, files, records = report["to"], report["files"], report["records"]
    lines = [
        click.style(f"Preflight of {folder} to {to}; nothing left this machine.", bold=True),
        "",
        "Files    " + ", ".join(f"{_number(count)} {name}" for name, count in files.items()),
        f"Records  {_number(records['read'])} read: {_number(records['leave'])} would leave, "
        f"{_number(records['refused'])} would be refused",
        f"         of those that leave {_number(records['whole'])} whole, "
        f"{_number(records['withLoss'])} with something lost, "
        f"{_number(records['flagged'])} flagged, {_number(records['commonForm'])} in common form",
        *_layouts(report),
        *_section(report[REFUSED], "Refused"),
        *_section(
            [one for one in report[LOST] if one["step"] == "read"],
            "Lost on reading: parts of your files that the common record has no place for",
        ),
        *_section(
            [one for one in report[LOST] if one["step"] == "write"],
            f"Lost on writing: members that {to}'s layout cannot carry",
        ),
        *_section(report[FLAGGED], "Flagged: sent, with a warning"),
    ]
    return "\n".join(lines) + "\n"


def _layouts(report: Report) -> Iterator[str]:
    rows = [("layout", "files", "records", "refused", "whole", "written as")]
    rows += [
        (
            one["layout"],
            _number(one["files"]),
            _number(one["records"]),
            _number(one["refused"]),
            _number(one["whole"]),
            ", ".join(one["writtenAs"]) or "common form",
        )
        for one in report["layouts"]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    yield ""
    for row in rows:
        first, *numbers, last = row
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=False)]
        yield "  ".join([*cells, last])


def _section(findings: list[dict[str, Any]], title: str) -> Iterator[str]:
    yield ""
    yield click.style(title, bold=True)
    if not findings:
        yield "  none"
    for one in findings[:SHOWN]:
        where = " ".join(filter(None, (one.get("code"), one["layout"], one["place"])))
        first = places({"examples": one["examples"][:1]})
        yield f"  {_number(one['count']):>8}  {where}"
        yield from (f"            {one[name]}" for name in ("text", "advice") if one.get(name))
        yield f"            e.g. {first}"
    if len(findings) > SHOWN:
        yield f"  and {len(findings) - SHOWN} more places; --report FILE.html holds all"


def _number(count: int) -> str:
    return f"{count:,}"

"""Whatever a file or a cell holds, reading it ends in records or in refusals that say why."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import load_countries
from gateway.translation.layout import Tree
from gateway.translation.media.foreign import XmlFile, open_foreign
from gateway.translation.read import stream
from gateway.translation.read_row import RowReader
from gateway.translation.reading import Result, Source

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
SAMPLES = sorted((ROOT / "adapters").glob("*/samples/*"))
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
NAUGHTY = (
    "\x00",
    "a\x00b",
    "\u202e12345",
    "\u2066\u2069",
    "\ud800",
    "\ufeff",
    "\ufffe",
    "\x1b[31m",
    "=1+1",
    "@SUM(A1)",
    "-5",
    "9,92E+11",
    "4E+08",
    "45898",
    "00.00.0000",
    "31.02.2026",
    "2026-02-31",
    "99999999999999999999",
    "-1",
    "1e400",
    "NaN",
    "null",
    "<a>&amp;",
    "'; DROP TABLE records; --",
    "../../etc/passwd",
    "%s%n{0}",
    "١٢٣٤٥٦٧٨٩٠١٢",
    "²³",
    "Ⅷ",
    "e\u0301" * 40,
    "\U0001f600",
    "x" * 5_000,
    " ",
    "\u00a0",
    "\t\r\n",
)


def require_told(results: Iterator[Result]) -> None:
    for result in results:
        assert result.status in {"ok", "refused"}
        assert (result.record is None) == (result.status == "refused")
        if result.record is not None:
            CATALOGUE.check(result.record_type, result.record)
        for error in result.errors:
            assert error.rule
            assert error.place


@every_sample
def test_damaged_file_is_read_or_refused(sample: Path) -> None:
    data = sample.read_bytes()
    chance = random.Random(sample.name)  # noqa: S311 a test's damage, no secret
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            start = chance.randrange(len(damaged))
            end = min(len(damaged), start + chance.choice((0, 1, 1, 2, 40)))
            damaged[start:end] = chance.choice(
                (b"", b"\x00", b"<", b"\xff", b'"', b";", b"}", b"0")
            )
        found = stream(bytes(damaged), None, COUNTRIES, CATALOGUE, at=AT)
        require_told(found.results)
        assert found.error is None or found.error.rule


@every_sample
def test_cut_file_is_read_or_refused(sample: Path) -> None:
    data = sample.read_bytes()
    for part in range(1, 40):
        found = stream(data[: len(data) * part // 40], None, COUNTRIES, CATALOGUE, at=AT)
        require_told(found.results)


@every_sample
def test_naughty_text_in_any_native_part_gives_a_true_record_or_a_reason(sample: Path) -> None:
    adapter = COUNTRIES.detect(sample.read_bytes())
    opened = adapter.layout.medium.open(first_message(sample.read_bytes()))
    reader = RowReader(adapter, Source(adapter.name, "1"), opened, CATALOGUE, 2026)
    rows = [(n, row) for n, row in opened.rows if not isinstance(row, Refusal)]
    for number, row in rows[:1]:
        for place in places(row):
            for text in NAUGHTY:
                require_told(iter(reader.results(1, number, planted(row, place, text))))


def first_message(data: bytes) -> Any:
    foreign = open_foreign(data, COUNTRIES.encodings)
    return next(foreign.messages()) if isinstance(foreign, XmlFile) else foreign


def places(node: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every part of a native row, whole objects and lists included."""
    below = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    return [place for name, child in below for place in ((*at, name), *places(child, (*at, name)))]


def planted(node: Any, place: tuple[str | int, ...], text: str) -> Tree:
    """A copy of a row that says something else at one place."""
    if not place:
        return text  # type: ignore[return-value]
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[place[0]] = planted(copy[place[0]], place[1:], text)
    return copy  # type: ignore[return-value]

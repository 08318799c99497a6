"""Bad input against the standard: naughty strings, hostile JSON and XML; never a traceback."""

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue.standalone import read_record
from gateway.model.refusal import Refusal
from gateway.proof.forms import read_record_xml, record_json
from gateway.proof.strict_json import parse
from tests.support.limited import MEMORY_MB, SECONDS, Ran, run_limited
from tests.support.schemas import SCHEMAS, catalogue
from tests.support.vectors import corpus

LMX = Path(sys.executable).parent / "lmx"
TEXTS = {"Text", "LongText"}
TYPES = sorted(catalogue().types)
# One process reads all files, so that its memory is that of the worst of them.
READER = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from gateway.catalogue import load_catalogue
from gateway.translation import load_countries, read
root = Path(sys.argv[1])
countries, catalogue = load_countries(root / "adapters"), load_catalogue(root / "schemas")
told = {}
for name in sys.argv[2:]:
    begun = time.perf_counter()
    reading = read(Path(name).read_bytes(), None, countries, catalogue,
                   at=datetime(2026, 11, 24, tzinfo=UTC))
    told[Path(name).name] = [reading.status, time.perf_counter() - begun]
print(json.dumps(told))
"""


def _strings() -> list[str]:
    found: list[str] = json.loads((corpus("strings/blns") / "blns.json").read_text("utf-8"))
    lists = sorted(corpus("strings/xss").glob("*.txt"))
    lines = [line for file in lists for line in file.read_text("utf-8", "replace").splitlines()]
    extra = [
        "\x00",
        "a\x07",
        "\u202eabc",
        "\ufeff",
        "a\u2028b",
        "\ufffe",
        " a",
        "a\n",
        "",
    ]
    return [*found, *lines[::8], *extra]


def _fullest(record_type: str) -> dict[str, Any]:
    files = (SCHEMAS / "records" / record_type / "1" / "examples").glob("*.json")
    records = [json.loads(file.read_text("utf-8"))["record"] for file in files]
    return max(records, key=lambda record: len(json.dumps(record)))


def _places(record_type: str, record: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The way to each text member of a record."""
    mapping = catalogue().mapping

    def walk(node: Any, type_name: str, way: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if type_name in TEXTS:
            yield way
        for member in mapping.objects.get(type_name, ()):
            if member.name in node:
                value, here = node[member.name], (*way, member.name)
                for place, one in enumerate(value) if member.repeats else [(None, value)]:
                    yield from walk(
                        one, member.type_name, here if place is None else (*here, place)
                    )

    return walk(record, mapping.roots[record_type], ())


def _with(record: dict[str, Any], ways: list[tuple[Any, ...]], text: str) -> dict[str, Any]:
    changed = copy.deepcopy(record)
    for way in ways:
        node: Any = changed
        for step in way[:-1]:
            node = node[step]
        node[way[-1]] = text
    return changed


@pytest.mark.parametrize("record_type", TYPES)
def test_a_naughty_string_is_carried_byte_by_byte_or_refused_at_its_place(record_type: str) -> None:
    record = _fullest(record_type)
    ways = list(_places(record_type, record))
    assert ways
    for text in _strings():
        if _carried(record_type, _with(record, ways, text)) is None:
            continue
        # Refused in some member: each member alone is carried or refused where it stands.
        for way in ways:
            place = _carried(record_type, _with(record, [way], text))
            assert place in (None, "/" + "/".join(map(str, way))), (text, place)


def test_half_of_a_surrogate_pair_is_refused_before_it_is_a_record() -> None:
    data = b'{"recordType": "ReturnRecord", "record": {"state": "\\ud800"}}'
    with pytest.raises(Refusal, match=r"json\."):
        read_record(catalogue(), data)


def _carried(record_type: str, record: dict[str, Any]) -> str | None:
    """None when both forms carry a record byte by byte, else the place of its refusal."""
    try:
        octets = catalogue().check(record_type, record)
    except Refusal as refusal:
        if refusal.code != "record.schema":
            raise
        return refusal.place
    octets_of_json = record_json(record)
    assert record_json(parse(octets_of_json)) == octets_of_json
    assert record_json(read_record_xml(catalogue().mapping, octets)[1]) == octets_of_json
    return None


def _json_files() -> list[Path]:
    return sorted(corpus("jsontestsuite").joinpath("test_parsing").glob("*.json"))


def _xml_files(folder: Path) -> list[Path]:
    """Every hostile document, and every payload of the lists as a file of its own."""
    root = corpus("xml-hostile")
    files = [file for file in sorted(root.rglob("*")) if file.is_file() and file.stem != "LICENSE"]
    payloads = [
        block
        for file in files
        if file.suffix == ".txt"
        for block in file.read_bytes().splitlines()
        if b"<" in block
    ]
    made = []
    for number, payload in enumerate(payloads):
        made.append(folder / f"payload-{number}.xml")
        made[-1].write_bytes(payload)
    return files + made


def _corpora(folder: Path) -> list[Path]:
    return _json_files() + _xml_files(folder)


def _kept_its_limits(ran: Ran) -> None:
    assert "Traceback" not in ran.errors
    assert ran.memory_mb < MEMORY_MB


def test_hostile_files_are_told_by_validate_without_a_traceback(tmp_path: Path) -> None:
    files = _corpora(tmp_path)
    ran = run_limited([LMX, "validate", *files], seconds=6 * SECONDS)
    _kept_its_limits(ran)
    assert ran.code == 1
    # No file is passed over in silence.
    told = ran.out + ran.errors
    assert [file for file in files if f"{file}: " not in told] == []


def test_hostile_files_are_told_by_translation_without_a_traceback(tmp_path: Path) -> None:
    files = _corpora(tmp_path)
    root = SCHEMAS.parent
    ran = run_limited([sys.executable, "-c", READER, root, *files], seconds=6 * SECONDS)
    _kept_its_limits(ran)
    assert ran.code == 0, ran.errors[-2000:]
    told = json.loads(ran.out)
    assert len(told) == len({file.name for file in files})
    assert [name for name, (_, seconds) in told.items() if seconds > SECONDS] == []


@pytest.mark.parametrize("shape", ["deep-json", "deep-xml", "long-text", "many-members"])
def test_a_large_file_of_one_shape_keeps_the_limits(shape: str, tmp_path: Path) -> None:
    size = 2_000_000
    data = {
        "deep-json": b"[" * size,
        "deep-xml": b"<a>" * size,
        "long-text": b'{"recordType": "ReturnRecord", "record": {"x": "' + b"a" * size + b'"}}',
        "many-members": b"{" + b",".join(b'"%d":1' % n for n in range(size // 10)) + b"}",
    }[shape]
    file = tmp_path / "large"
    file.write_bytes(data)
    for command in (
        [LMX, "validate", file],
        [sys.executable, "-c", READER, SCHEMAS.parent, file],
    ):
        ran = run_limited(command, seconds=SECONDS)
        _kept_its_limits(ran)
        assert ran.code in (0, 1), ran.errors[-500:]

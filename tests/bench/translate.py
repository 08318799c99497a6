"""`make bench-translate`: records per second a core for each layout, both ways, and peak memory.

Each layout is measured in a process of its own, beside the bare parse of the same bytes in the
same run. CPU time of one process counts, so the other core does not matter. The last line is JSON.
"""

import csv
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.catalogue import Catalogue, load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Countries, load_countries, read, write
from gateway.translation.read import stream

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 24, tzinfo=UTC)
RECORDS = 1_500
ROUNDS = 3
GOAL_MEDIAN, GOAL_LEAST = 3_000, 1_000
MANY_ROWS = 49_000
MANY_BYTES = 49_000_000
MOST_MB = 150
Triple = tuple[str, dict[str, Any], str]


def main(argv: list[str]) -> None:
    """One layout when named, a large file when named with its kind, else all of it."""
    if argv[:1] == ["large"]:
        print(json.dumps(_large(argv[1])))
    elif argv:
        print(json.dumps(_layout(argv[0])))
    else:
        _all()


def _all() -> None:
    countries = load_countries(ROOT / "adapters")
    # A default layout a record type as a table, and one of them in its other two forms.
    defaults = (*countries.default_names(), "default.job-order.xlsx", "default.job-order.json")
    layouts = {name: _child(name) for name in (*countries.names(), *defaults)}
    print(f"{'layout':36}{'in/s':>8}{'out/s':>8}{'parse/s':>9}{'records/file':>13}{'MB':>6}")
    for name, one in layouts.items():
        counts = f"{one['in_per_s']:8}{one['out_per_s']:8}{one['parse_per_s']:9}"
        print(f"{name:36}{counts}{one['records_a_file']:13}{one['peak_mb']:6}")
    large = {kind: _child("large", kind) for kind in ("csv", "soap")}
    by_hand = [one["in_per_s"] for name, one in layouts.items() if name not in defaults]
    median_in = int(statistics.median(one["in_per_s"] for one in layouts.values()))
    least = min(one["in_per_s"] for one in layouts.values())
    met = median_in >= GOAL_MEDIAN and least >= GOAL_LEAST
    met = met and all(one["over_idle_mb"] < MOST_MB for one in large.values())
    told = {"median_in_per_s": median_in, "least_in_per_s": least, "goals_met": met}
    told["median_by_hand_in_per_s"] = int(statistics.median(by_hand))
    print(json.dumps({**told, "large": large, "layouts": layouts}))


def _child(*words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.translate", *words]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return told


def _layout(name: str) -> dict[str, Any]:
    countries, catalogue = load_countries(ROOT / "adapters"), load_catalogue(ROOT / "schemas")
    triples = _records(name, countries, catalogue)
    groups = [triples]
    if not countries.named(name).layout.medium.many:
        groups = [[one] for one in triples]
    elif _stay_apart(name, triples * 2, countries, catalogue):
        groups = [triples * max(1, RECORDS // len(triples))]
    times = max(1, RECORDS // sum(map(len, groups)))
    files = [write(group, name, countries).data for group in groups]
    records = sum(map(len, groups)) * times

    def come_in() -> None:
        found = 0
        for data in files * times:
            for result in stream(data, name, countries, catalogue, at=AT).results:
                assert result.status == "ok", result.errors
                found += 1
        assert found == records, (found, records)

    def go_out() -> None:
        for group in groups * times:
            write(group, name, countries)

    def parse() -> None:
        for data in files * times:
            _bare(data)

    come_in()
    return {
        "in_per_s": _per_s(come_in, records),
        "out_per_s": _per_s(go_out, records),
        "parse_per_s": _per_s(parse, records),
        "records_a_file": records // (len(files) * times),
        "peak_mb": _peak(),
    }


def _stay_apart(
    name: str, triples: list[Triple], countries: Countries, catalogue: Catalogue
) -> bool:
    """Whether a file may repeat its records; an answer about one person joins what is the same."""
    try:
        data = write(triples, name, countries).data
    except Refusal:
        return False
    again = stream(data, name, countries, catalogue, at=AT)
    return sum(result.status == "ok" for result in again.results) == len(triples)


def _records(name: str, countries: Countries, catalogue: Catalogue) -> list[Triple]:
    if name.startswith("default."):
        record_type = countries.named(name).record_type
        examples = sorted((ROOT / "schemas/records" / record_type / "1/examples").glob("*.json"))
        records = [json.loads(file.read_bytes())["record"] for file in examples]
        triples = [(record_type, record, "KZ") for record in records]
        return [one for one in triples if not countries.named(name).layout.unfit([one])]
    for sample in sorted((ROOT / "adapters").glob("*/samples/*")):
        if countries.detect(sample.read_bytes()).name == name:
            adapter = countries.named(name)
            found = read(sample.read_bytes(), name, countries, catalogue, at=AT)
            good = [(r.record_type, r.record, adapter.country) for r in found.results if r.record]
            if good:
                return good
    raise LookupError(name)


def _per_s(work: Callable[[], None], records: int) -> int:
    took = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return int(records / statistics.median(took))


def _bare(data: bytes) -> None:
    if data[:1] == b"<":
        # The yardstick parses what this very bench wrote.
        from lxml import etree

        etree.fromstring(data)
    elif data[:1] in b"{[":
        json.loads(data)
    elif data[:2] == b"PK":
        # Imported here, since other layouts' processes must not carry its memory.
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        for sheet in book.worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass
    else:
        for _ in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"):
            pass


def _peak() -> int:
    # ru_maxrss is in KiB on Linux.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _large(kind: str) -> dict[str, Any]:
    countries, catalogue = load_countries(ROOT / "adapters"), load_catalogue(ROOT / "schemas")
    idle = _peak()
    with tempfile.NamedTemporaryFile() as file:
        # Made in another process, so that making it does not count.
        made = f"from tests.bench.translate import large; large({kind!r})"
        subprocess.run([sys.executable, "-c", made], cwd=ROOT, check=True, stdout=file)
        data = Path(file.name).read_bytes()
    begun, records = time.process_time(), 0
    found = stream(data, None, countries, catalogue, at=AT)
    for result in found.results:
        assert result.status == "ok", result.errors
        records += 1
    took = time.process_time() - begun
    told = {"layout": found.layout, "file_mb": len(data) // 1_000_000, "records": records}
    return {**told, "per_s": int(records / took), "idle_mb": idle, "over_idle_mb": _peak() - idle}


def large(kind: str) -> None:
    """Write a table of many rows or a SOAP batch of many messages to standard output."""
    made = _many_rows() if kind == "csv" else _many_messages()
    for part in made:
        sys.stdout.buffer.write(part)


def _many_rows() -> Iterator[bytes]:
    sample = ROOT / "adapters/tj/samples/02-contracts-2026-q3.expected-utf8.csv"
    head, row = sample.read_bytes().splitlines()[:2]
    yield head + b"\r\n"
    for _ in range(MANY_ROWS):
        yield row + b"\r\n"


def _many_messages() -> Iterator[bytes]:
    sample = (ROOT / "adapters/kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
    start = sample.index(b">", sample.index(b":Body")) + 1
    end = sample.rindex(b"</")
    end = sample.rindex(b"</", 0, end)
    yield sample[:start]
    for _ in range(MANY_BYTES // (end - start)):
        yield sample[start:end]
    yield sample[end:]


if __name__ == "__main__":
    main(sys.argv[1:])

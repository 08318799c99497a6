"""The goals of the engine, and whether a run met them."""

from collections.abc import Iterator, Mapping
from typing import Any


def told_goals(found: Mapping[str, Any]) -> Iterator[str]:
    """Give a line a part of the bound, then a line a goal: what was wanted and what was found."""
    for name, cost in found["parts_us"].items():
        times = ", ".join(
            f"{count[name]:g} at {one}"
            for one, count in found["parts_a_record"].items()
            if name in count
        )
        yield f"part {name:16} {cost:9.2f} us  {times and f'a record: {times}'}"
    for what, wanted, got, met in _goals(found):
        yield f"{'met   ' if met else 'missed'} {what:44} goal {wanted:>10} found {got}"


def _goals(found: Mapping[str, Any]) -> Iterator[tuple[str, str, object, bool]]:
    for records, share in (("50", 0.5), ("20", 0.4), ("1", 0.2)):
        got = found["share_of_bound"][records]
        told = f"{got} ({found['records_per_s'][records]}/s of {found['bound_per_s'][records]}/s)"
        yield f"share of the bound, {records} a submission", f">= {share}", told, got >= share
    for records, times in (("50", 14.0), ("1", 5.0)):
        got = found["times_pyas2"][records]
        yield f"times pyas2lib, {records} a submission", f">= {times}", got, got >= times
    for records, got in found.get("postgresql", {}).get("share_of_sqlite", {}).items():
        told = f"{got} ({found['postgresql']['records_per_s'][records]}/s)"
        yield f"PostgreSQL to SQLite, {records} a submission", ">= 0.7", told, got >= 0.7
    latency = found["latency_ms"]
    beside = f"{latency} ms, fdatasync p50 {found['fdatasync_ms']} ms"
    good = latency["p50"] <= 25 and latency["p99"] <= 100
    yield "submit to B.1 at 25 % load, p50 and p99", "25, 100 ms", beside, good
    got = found["question_ms"]["p95"]
    yield "a question answered, p95", "<= 150 ms", got, got <= 150
    got = found["signxml_times"]
    yield "XML sign and verify against signxml", ">= 3", got, got >= 3
    start = found["cold_start"]
    yield "cold start until ready, s", "<= 1.5", start, start["s"] <= 1.5
    got = found["bytes_a_record"]
    yield "bytes at the origin a record", "<= 10240", got, got <= 10_240

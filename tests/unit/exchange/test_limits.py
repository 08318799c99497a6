"""A bucket of requests and one of bytes a submitter, shared by processes, in a file that stays."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.exchange.limits import Limits, Rate
from gateway.model.refusal import Refusal

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
TEN = Rate(requests=10, octets=1000)


def limits(folder: Path) -> Limits:
    return Limits(folder / "limits", TEN, {"kz.big/system": Rate(20, 1000)})


def taken(held: Limits, name: str, octets: int = 0, at: datetime = AT, most: int = 50) -> int:
    """Ask until it is refused; gives how often it was not."""
    for count in range(most):
        try:
            held.take(name, octets, at)
        except Refusal:
            return count
    return most


def test_a_full_bucket_gives_a_minute_s_requests(tmp_path: Path) -> None:
    assert taken(limits(tmp_path), "kz.a/system") == 10


def test_a_submitter_named_has_a_rate_of_its_own(tmp_path: Path) -> None:
    assert taken(limits(tmp_path), "kz.big/system") == 20


def test_one_submitter_takes_nothing_of_another(tmp_path: Path) -> None:
    held = limits(tmp_path)
    taken(held, "kz.a/system")
    assert taken(held, "kz.b/system") == 10


def test_a_bucket_fills_with_time_and_not_beyond(tmp_path: Path) -> None:
    held = limits(tmp_path)
    taken(held, "kz.a/system")
    assert taken(held, "kz.a/system", at=AT + timedelta(seconds=12)) == 2
    assert taken(held, "kz.a/system", at=AT + timedelta(hours=1)) == 10


def test_a_clock_set_back_fills_nothing(tmp_path: Path) -> None:
    held = limits(tmp_path)
    taken(held, "kz.a/system")
    assert taken(held, "kz.a/system", at=AT - timedelta(hours=1)) == 0


def test_a_partner_has_a_rate_of_its_own_and_is_refused_in_its_words(tmp_path: Path) -> None:
    held = Limits(tmp_path / "limits", TEN, partner=Rate(2, 1000))
    held.take_partner("gw.kz.example", 1, AT)
    held.take_partner("gw.kz.example", 1, AT)
    with pytest.raises(Refusal, match=r"partner\.rate"):
        held.take_partner("gw.kz.example", 1, AT)


def test_bytes_are_counted_too(tmp_path: Path) -> None:
    assert taken(limits(tmp_path), "kz.a/system", 400) == 2


def test_a_body_above_the_bucket_passes_once_and_is_paid_for(tmp_path: Path) -> None:
    held = limits(tmp_path)
    held.take("kz.a/system", 3000, AT)
    with pytest.raises(Refusal):
        held.take("kz.a/system", 1, AT + timedelta(minutes=1))
    held.take("kz.a/system", 1, AT + timedelta(minutes=3))


def test_a_refusal_says_when_to_try_again(tmp_path: Path) -> None:
    held = limits(tmp_path)
    taken(held, "kz.a/system")
    with pytest.raises(Refusal, match=r"submitter\.rate") as caught:
        held.take("kz.a/system", 0, AT)
    assert caught.value.after == 6
    held.take("kz.a/system", 0, AT + timedelta(seconds=6))


def test_another_process_takes_from_the_same_bucket(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from gateway.exchange.limits import Limits, Rate\n"
        "held = Limits(Path(sys.argv[1]), Rate(10, 1000))\n"
        "for _ in range(4): held.take('kz.a/system', 0, datetime.fromisoformat(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "limits"), AT.isoformat()]
    subprocess.run(command, check=True)
    assert taken(limits(tmp_path), "kz.a/system") == 6


def test_the_file_does_not_grow_with_submitters(tmp_path: Path) -> None:
    held = limits(tmp_path)
    held.take("kz.a/system", 0, AT)
    size = held.file.stat().st_size
    for number in range(5000):
        held.take(f"kz.a{number}/system", 0, AT + timedelta(milliseconds=number))
    assert held.file.stat().st_size == size


def test_its_room_is_taken_before_the_first_request(tmp_path: Path) -> None:
    held = limits(tmp_path)
    held.lay_out()
    before = held.file.stat()
    taken(held, "kz.a/system")
    assert before.st_blocks * 512 >= before.st_size > 0
    assert held.file.stat().st_blocks == before.st_blocks

"""The past is brought in without deadlines and counted; what was refused is read again, once."""

import json
import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli.main import main
from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.exchange import submit
from gateway.model.refusal import Refusal
from gateway.proof.header import read_header
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from gateway.translation.reading import Reading
from gateway.wiring import now as real_now
from tests.support.two_offices import CONTRACT, RELAY, TO, TwoOffices, two_offices

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/bring-in-history.md").read_text("utf-8")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoOffices]:
    with two_offices(tmp_path_factory.mktemp("history")) as found:
        yield found


def _submit(offices: TwoOffices, **more: Any) -> dict[str, Any]:
    return client.submit(offices.kz.ministry, CONTRACT, **TO, **more)


def test_a_record_of_the_past_has_no_deadline(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    told = _submit(offices, historical=True)
    x = told["records"][0]["exchangeId"]
    begun = offices.clock.now
    offices.clock.turn(hours=RELAY.total_seconds() / 3600 + 1)
    offices.kz.worker.round()
    assert offices.kz.state(x) == "A.1"
    offices.uz.peer.open()
    offices.kz.links["UZ"].session.close()
    offices.kz.links["UZ"].pools.clear()
    for _ in range(5):
        offices.clock.turn(minutes=6)
        offices.rounds(1)
    offices.uz.take_and_confirm()
    offices.rounds()
    assert offices.kz.codes(x) == ["A.1", "B.1 D.1", "E.1"]
    assert offices.uz.judged(x)[0] == set()
    with offices.uz.office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
    assert row is not None
    assert read_header(row.header).members["historical"] is True
    offices.clock.now = max(begun, offices.clock.now)


def test_counts_tell_what_became_of_every_record(offices: TwoOffices) -> None:
    told = _submit(offices, historical=True)
    offices.rounds(1)
    assert client.counts(offices.kz.ministry, told["submission"]) == {
        "submission": told["submission"],
        "records": 1,
        "accepted": 1,
        "refused": 0,
        "states": {"D.1": 1},
    }
    with pytest.raises(AnsweredError, match=r"request\.not-found"):
        client.counts(offices.uz.ministry, told["submission"])


class _Older:
    """Stands for the adapter of another time, which cannot read some rows that the one of now can.

    Everything behind the reading is the gateway's own.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refuses: set[int]) -> None:
        self.refuses, self.whole = refuses, submit.translate
        monkeypatch.setattr(submit, "translate", self)

    def __call__(self, *given: Any, **named: Any) -> Reading:
        reading = self.whole(*given, **named)
        first = reading.results[0]
        # Three records, as of a file of three rows, each a contract of its own.
        rows = [replace(first, rows=(n,), identity=f"number-{n}") for n in (1, 2, 3)]
        wrong = Refusal("field.unreadable", step="translate", rule="an older reading", place="x")
        refused = [
            replace(one, status="refused", record=None, errors=(wrong,))
            if one.rows[0] in self.refuses
            else one
            for one in rows
        ]
        return replace(reading, results=tuple(refused))


def rows_of(answer: dict[str, Any], member: str) -> list[int]:
    return [one["rows"][0] for one in answer["records"] if member in one]


def test_what_was_refused_is_sent_under_a_newer_adapter_and_the_rest_never_again(
    offices: TwoOffices, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = _Older(monkeypatch, {2, 3})
    first = _submit(offices)
    assert (rows_of(first, "exchangeId"), rows_of(first, "refused")) == ([1], [2, 3])
    link, name = offices.kz.ministry, first["submission"]
    older.refuses = {3}
    second = client.rerun(link, name)
    assert (rows_of(second, "exchangeId"), rows_of(second, "refused")) == ([2], [3])
    assert second["rerunOf"] == name
    older.refuses = set()
    # A re-run of a re-run is one of the file that it read.
    third = client.rerun(link, second["submission"])
    assert (rows_of(third, "exchangeId"), rows_of(third, "refused")) == ([3], [])
    with pytest.raises(AnsweredError, match=r"submission\.nothing-left"):
        client.rerun(link, name)


def test_two_reruns_at_once_send_each_row_once(
    offices: TwoOffices, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = _Older(monkeypatch, {1, 2, 3})
    with pytest.raises(AnsweredError) as refused:
        _submit(offices)
    name = refused.value.problem["submission"]
    older.refuses = set()

    def again(_number: int) -> list[int]:
        try:
            return rows_of(client.rerun(offices.kz.ministry, name), "exchangeId")
        except AnsweredError as error:
            # Whoever comes last finds nothing left.
            return [] if error.problem["code"] == "submission.nothing-left" else [-1]

    with ThreadPoolExecutor(4) as pool:
        sent = sorted(row for rows in pool.map(again, range(4)) for row in rows)
    assert sent == [1, 2, 3]


def test_the_same_rerun_again_gives_the_same_answer(
    offices: TwoOffices, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = _Older(monkeypatch, {2})
    name = _submit(offices)["submission"]
    older.refuses = set()
    link = offices.kz.ministry
    once = client.rerun(link, name, idempotency="one")
    assert client.rerun(link, name, idempotency="one") == once


def test_nobody_reads_again_what_another_authority_sent(offices: TwoOffices) -> None:
    told = _submit(offices)
    with pytest.raises(AnsweredError, match=r"request\.not-found"):
        client.rerun(offices.uz.ministry, told["submission"])


def _run(*command: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, command)
    return found.exit_code, found.output


def test_the_commands_of_the_page_bring_in_each_file_once(
    offices: TwoOffices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The commands sign by the real clock.
    offices.clock.now = real_now()
    history, rerun = (
        shlex.split(one)[1:]
        for one in re.findall(r"^lmx (?:history|rerun) .*$", PAGE, re.MULTILINE)
    )
    monkeypatch.chdir(offices.folder / "profiles")
    Path("contract.xml").write_bytes(CONTRACT)
    code, told = _run(*history)
    assert (code, "accepted 1  refused 0" in told) == (0, True), told
    name = json.loads(Path("history.json").read_text("utf-8"))["contract.xml"]["submission"]
    _, again = _run(*history)
    assert json.loads(Path("history.json").read_text("utf-8"))["contract.xml"]["submission"] == name
    wrong = ["2" if one == "1" else one for one in history]
    code, told = _run(*wrong)
    assert (code, "hold 1 records, not 2" in told) == (1, True), again
    code, told = _run(*[name if one == "SUBMISSION" else one for one in rerun])
    assert (code, "submission.nothing-left" in told) == (1, True)

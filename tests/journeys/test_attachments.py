"""Attachments go in pieces, go on where they were cut off, and are judged as a whole."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from gateway.cli.main import main
from gateway.client import attachments, client
from gateway.client.client import AnsweredError
from gateway.exchange.attachments import PIECE
from gateway.exchange.fetching import fetch_attachments
from gateway.proof.canonical import canonical_json
from gateway.store import exchange_rows
from gateway.store.alarm_rows import alarms
from gateway.store.attachment_rows import attachments_of
from gateway.store.ministry_tables import ATTACHMENT
from gateway.store.scope import WHOLE
from gateway.store.sealed import seal_bytes
from gateway.store.tables import SEALED
from gateway.wiring import now as real_now
from tests.support.two_offices import CONTRACT, TO, TwoOffices, two_offices

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/send-attachments.md").read_text("utf-8")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoOffices]:
    with two_offices(tmp_path_factory.mktemp("attachments")) as found:
        yield found


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "scan.pdf"
    file.write_bytes(os.urandom(2 * PIECE + 1000))
    return file


def _submit(offices: TwoOffices, *names: str) -> str:
    told = client.submit(offices.kz.ministry, CONTRACT, **TO, attachments=names)
    return str(told["records"][0]["exchangeId"])


def _fetch(offices: TwoOffices) -> None:
    fetch_attachments(offices.uz.office, offices.uz.links["KZ"], "KZ")


def test_an_attachment_arrives_whole_and_opens_its_commitment(
    offices: TwoOffices, scan: Path, tmp_path: Path
) -> None:
    x = _submit(offices, attachments.upload(offices.kz.ministry, scan))
    offices.rounds(1)
    uz = offices.uz.ministry
    assert [one["state"] for one in attachments.received(uz, x)] == ["coming"]
    _fetch(offices)
    (item,) = attachments.received(uz, x)
    assert (item["name"], item["size"], item["state"]) == ("scan.pdf", 2 * PIECE + 1000, "here")
    got = tmp_path / "got.pdf"
    # Cut off in the midst of a piece's worth: what is in the file is gone on behind.
    got.write_bytes(scan.read_bytes()[:PIECE])
    attachments.download(uz, x, item, got)
    assert got.read_bytes() == scan.read_bytes()
    offices.uz.take_and_confirm()
    offices.rounds()
    assert offices.uz.judged(x)[0] == offices.kz.judged(x)[0] == set()


def test_both_ways_go_on_where_they_were_cut_off(offices: TwoOffices, scan: Path) -> None:
    kz = offices.kz.ministry
    body = canonical_json({"name": "scan.pdf", "size": scan.stat().st_size})
    name = client.told(kz.post("/v1/attachments", body, "application/json"))["attachment"]
    first = scan.read_bytes()[:PIECE]
    target = f"/v1/attachments/piece?attachment={name}&offset=0"
    for _ in range(2):
        # The same piece again, as after a lost answer, is no error.
        assert client.told(kz.post(target, first, "application/octet-stream"))["got"] == PIECE
    with pytest.raises(AnsweredError, match=r"attachment\.wrong"):
        _submit(offices, name)
    attachments.upload(kz, scan, name)
    x = _submit(offices, name)
    offices.rounds(1)
    offices.kz.peer.close()
    _fetch(offices)
    offices.kz.peer.open()
    assert [one["state"] for one in attachments.received(offices.uz.ministry, x)] == ["coming"]
    _fetch(offices)
    assert [one["state"] for one in attachments.received(offices.uz.ministry, x)] == ["here"]


def test_octets_that_were_not_committed_to_are_handed_to_nobody(
    offices: TwoOffices, scan: Path, tmp_path: Path
) -> None:
    x = _submit(offices, attachments.upload(offices.kz.ministry, scan))
    offices.rounds(1)
    office = offices.kz.office
    with office.store.write() as turn:
        (row,) = attachments_of(turn, x)
        found = exchange_rows.sealed(turn, row.id, "piece-0", WHOLE)
        assert found is not None
        other = seal_bytes(os.urandom(PIECE), found[0], office.day_keys)
        turn.execute(
            update(SEALED)
            .where(SEALED.c.x == row.id, SEALED.c.kind == "piece-0")
            .values(wrapped=other.wrapped_key, octets=other.octets)
        )
    _fetch(offices)
    uz = offices.uz
    (item,) = attachments.received(uz.ministry, x)
    assert item["state"] == "wrong"
    with pytest.raises(AnsweredError, match=r"request\.not-found"):
        attachments.download(uz.ministry, x, item, tmp_path / "got.pdf")
    with uz.office.store.read() as turn:
        told = [one.x for one in alarms(turn, 0) if one.code == "attachment.wrong"]
    assert told == [x]


def test_what_the_origin_has_no_more_is_an_alarm_and_holds_up_none_behind_it(
    offices: TwoOffices, tmp_path: Path
) -> None:
    small = tmp_path / "small.txt"
    small.write_bytes(b"one line")
    lost, good = (
        _submit(offices, attachments.upload(offices.kz.ministry, small)) for _ in range(2)
    )
    # Versions of one record, a round each.
    offices.rounds(2)
    with offices.kz.office.store.write() as turn:
        turn.execute(delete(ATTACHMENT).where(ATTACHMENT.c.x == lost))
    _fetch(offices)
    uz = offices.uz.ministry
    found = [attachments.received(uz, x)[0]["state"] for x in (lost, good)]
    with offices.uz.office.store.read() as turn:
        told = [(one.x, one.partner) for one in alarms(turn, 0) if one.code == "attachment.gone"]
    assert (found, told) == (["gone", "here"], [(lost, "KZ")])
    assert fetch_attachments(offices.uz.office, offices.uz.links["KZ"], "KZ").pieces == 0


def test_an_attachment_is_of_one_record(offices: TwoOffices, tmp_path: Path) -> None:
    small = tmp_path / "small.txt"
    small.write_bytes(b"one line")
    name = attachments.upload(offices.kz.ministry, small)
    _submit(offices, name)
    with pytest.raises(AnsweredError, match=r"attachment\.wrong"):
        _submit(offices, name)
    with pytest.raises(AnsweredError, match=r"request\.not-found"):
        _submit(offices, "no-such-attachment")


@pytest.mark.parametrize(
    "told",
    [
        {"name": "../../passwd", "size": 1},
        {"name": "a", "size": 0},
        {"name": "a", "size": 100 * 1024 * 1024 + 1},
        {"name": "a", "size": True},
        {"name": "a"},
    ],
)
def test_what_cannot_be_an_attachment_is_refused(
    offices: TwoOffices, told: dict[str, object]
) -> None:
    with pytest.raises(AnsweredError, match=r"attachment\.wrong"):
        client.told(
            offices.kz.ministry.post("/v1/attachments", canonical_json(told), "application/json")
        )


def test_pieces_come_in_order_and_for_their_owner(offices: TwoOffices) -> None:
    body = canonical_json({"name": "scan.pdf", "size": 2 * PIECE})
    kz, uz = offices.kz.ministry, offices.uz.ministry
    name = client.told(kz.post("/v1/attachments", body, "application/json"))["attachment"]
    late = f"/v1/attachments/piece?attachment={name}&offset={PIECE}"
    with pytest.raises(AnsweredError, match=r"attachment\.wrong"):
        client.told(kz.post(late, bytes(PIECE), "application/octet-stream"))
    first = f"/v1/attachments/piece?attachment={name}&offset=0"
    with pytest.raises(AnsweredError, match=r"attachment\.wrong"):
        client.told(kz.post(first, b"short", "application/octet-stream"))
    with pytest.raises(AnsweredError, match=r"request\.not-found"):
        client.told(uz.get(f"/v1/attachments/{name}"))


def test_no_octet_stands_in_clear_in_either_database(offices: TwoOffices, tmp_path: Path) -> None:
    words = tmp_path / "letter.txt"
    words.write_bytes(b"a worker's own words " * 10)
    x = _submit(offices, attachments.upload(offices.kz.ministry, words))
    # Those of one record go one after the other, and others of these tests wait before it.
    offices.rounds()
    _fetch(offices)
    for side in (offices.kz, offices.uz):
        with side.office.store.read() as turn:
            assert attachments_of(turn, x)
            octets = b"".join(map(bytes, turn.execute(select(SEALED.c.octets)).scalars()))
        assert b"own words" not in octets
        assert b"letter.txt" not in octets


def test_the_commands_of_the_page_send_and_take(
    offices: TwoOffices, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The commands sign by the real clock.
    offices.clock.now = real_now()
    commands = re.findall(r"^lmx .*$", PAGE, re.MULTILINE)
    monkeypatch.chdir(offices.folder / "profiles")
    Path("contract.xml").write_bytes(CONTRACT)
    Path("scan.pdf").write_bytes(scan.read_bytes())

    def run(command: str) -> str:
        found = CliRunner().invoke(main, shlex.split(command)[1:])
        assert found.exit_code == 0, found.output
        return found.output

    name = run(commands[0]).strip()
    told = run(commands[1].replace("ATTACHMENT", name))
    x = re.findall(r"accepted  (\S+)", told)[0]
    offices.rounds()
    _fetch(offices)
    offices.clock.now = real_now()
    assert "here" in run(commands[2].replace("EXCHANGE", x))
    (got,) = Path("received").iterdir()
    assert (got.name, got.read_bytes()) == (f"{x}-0-scan.pdf", scan.read_bytes())

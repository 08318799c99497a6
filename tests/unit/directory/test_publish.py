"""What is signed enough is published; TUF's own client is the judge, over HTTP."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.directory.publish import publish, renew
from gateway.directory.published import read_published
from gateway.directory.roles import CeremonyError
from gateway.directory.rotate import replace_key
from gateway.directory.signing_keys import make_key
from tests.support.directories import FILES, NOW, Ceremony, drafted, published
from tests.support.served import followed


def test_a_follower_gets_what_was_published(tmp_path: Path) -> None:
    made = published(tmp_path)
    found = followed(made.published, tmp_path / "client", made.first_root(), list(FILES))
    assert found == FILES


def test_one_signature_of_two_is_not_enough_and_it_is_said_whose_are_missing(
    tmp_path: Path,
) -> None:
    made = drafted(tmp_path)
    made.sign("aigul/root", "bolat/root", "aigul/targets")
    with pytest.raises(CeremonyError, match=r"targets version 1 has 1 of 2 .*bolat, dana"):
        made.publish()
    assert not made.published.exists()


def test_the_operator_alone_changes_a_member_file(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("member/gateway.json", b'{"name":"other"}', at=NOW)
    told = made.publish()
    found = followed(
        made.published, tmp_path / "client", made.first_root(), ["member/gateway.json"]
    )
    assert (told, found) == (
        ["ops version 2", "snapshot version 2", "timestamp version 2"],
        {"member/gateway.json": b'{"name":"other"}'},
    )


def test_a_removed_agreement_is_gone_for_a_follower(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().remove("agreements/KZ-UZ/v1.json", at=NOW)
    made.sign("bolat/targets", "dana/targets")
    made.publish()
    assert followed(made.published, tmp_path / "c", made.first_root(), list(FILES)).keys() == {
        "authority/roots.pem", "member/gateway.json",
    }  # fmt: skip


def test_a_draft_begun_before_another_publication_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("member/gateway.json", b"{}", at=NOW)
    (tmp_path / "draft").rename(tmp_path / "old")
    made.begin().put("member/gateway.json", b'{"a":1}', at=NOW)
    made.publish()
    (tmp_path / "draft").rename(tmp_path / "new")
    (tmp_path / "old").rename(tmp_path / "draft")
    with pytest.raises(CeremonyError, match=r"ops was published since .* version 2 stands"):
        made.publish()


def test_an_ended_root_is_not_published_upon(tmp_path: Path) -> None:
    made = published(tmp_path)
    late = NOW + timedelta(days=366)
    made.begin().open("targets", at=late)
    made.sign("aigul/targets", "dana/targets", at=late)
    with pytest.raises(CeremonyError, match=r"root version 1 ended .* root ceremony"):
        made.publish(late)


def test_without_the_key_of_the_timestamp_nothing_is_written(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.begin().put("member/gateway.json", b"{}", at=NOW)
    keys = [made.key("online/ops-2"), made.key("online/snapshot")]
    with pytest.raises(CeremonyError, match="the key of timestamp is not among those given"):
        publish(made.draft, made.published, keys, at=NOW)
    assert read_published(made.published).ops.signed.version == 1


@pytest.mark.parametrize(
    ("later", "renewed"),
    [
        (timedelta(hours=5), []),
        (timedelta(hours=6), ["timestamp version 2"]),
        (timedelta(days=4), ["revoked version 2", "snapshot version 2", "timestamp version 2"]),
        (
            timedelta(days=20),
            ["ops version 2", "revoked version 2", "snapshot version 2", "timestamp version 2"],
        ),
    ],
)
def test_what_is_due_is_renewed(tmp_path: Path, later: timedelta, renewed: list[str]) -> None:
    made = published(tmp_path)
    assert renew(made.published, made.online, at=NOW + later) == renewed


def test_what_a_stopped_publication_left_does_not_block_the_next(tmp_path: Path) -> None:
    made = published(tmp_path)
    (made.published / "metadata/2.snapshot.json").write_bytes(b"left behind")
    made.begin().put("member/gateway.json", b"{}", at=NOW)
    made.publish()
    found = followed(made.published, tmp_path / "c", made.first_root(), ["member/gateway.json"])
    assert found == {"member/gateway.json": b"{}"}


def cut_off(folder: Path) -> Ceremony:
    """A root that gives the timestamp another key stands, and the timestamp is the old one."""
    made = published(folder)
    stamp = made.published / "metadata/timestamp.json"
    old = stamp.read_bytes()
    new = make_key(folder / "keys/online/timestamp-2", "timestamp-2")
    replace_key(made.begin(), "timestamp", "timestamp", new.public_key, at=NOW)
    made.sign("aigul/root", "bolat/root")
    made.publish()
    stamp.write_bytes(old)
    return made


def test_a_publication_cut_off_after_its_root_is_finished_by_the_same_command(
    tmp_path: Path,
) -> None:
    made = cut_off(tmp_path)
    made.publish()
    found = followed(made.published, tmp_path / "client", made.first_root(), list(FILES))
    assert found == FILES


def test_a_renewal_finishes_it_too(tmp_path: Path) -> None:
    made = cut_off(tmp_path)
    assert "timestamp version 2" in renew(made.published, made.online, at=NOW)
    found = followed(made.published, tmp_path / "client", made.first_root(), list(FILES))
    assert found == FILES

"""The gateway renews its own directory before its timestamp ends, and says what needs a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.directory.published import read_published
from gateway.worker.renewing import TELL_SECONDS, Renewing
from tests.support.directories import NOW, Ceremony, published


@dataclass
class Hands:
    """Both clocks of a renewal, as a test sets them."""

    at: datetime = NOW
    ticks: float = 0.0

    def renewing(self, made: Ceremony, keys: Path) -> Renewing:
        return Renewing(made.published, keys, lambda: self.at, lambda: self.ticks)


def test_nothing_is_written_while_nothing_is_due(tmp_path: Path) -> None:
    made = published(tmp_path)
    assert Hands().renewing(made, tmp_path / "keys/online").round() == []
    assert read_published(made.published).timestamp.signed.version == 1


def test_the_timestamp_is_renewed_after_six_hours(tmp_path: Path) -> None:
    made = published(tmp_path)
    hands = Hands(NOW + timedelta(hours=6))
    assert hands.renewing(made, tmp_path / "keys/online").round() == ["timestamp version 2"]
    assert read_published(made.published).timestamp.signed.version == 2


def test_before_a_first_publication_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Ceremony(tmp_path)
    assert Hands().renewing(made, tmp_path / "keys").round() == []
    assert capsys.readouterr().out == ""


def test_keys_that_may_not_sign_are_told_once_an_hour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = published(tmp_path)
    hands = Hands(NOW + timedelta(hours=6))
    renewing = hands.renewing(made, tmp_path / "keys/aigul")
    told = []
    for hands.ticks in (0.0, TELL_SECONDS - 1, TELL_SECONDS):
        assert renewing.round() == []
        told.append(capsys.readouterr().out.count("directory not renewed"))
    assert told == [1, 0, 1]


def test_a_ceremony_that_is_due_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = published(tmp_path)
    hands = Hands(NOW + timedelta(days=70))
    hands.renewing(made, tmp_path / "keys/online").round()
    assert "directory ceremony due" in capsys.readouterr().out

"""The demonstration ends at once with a gateway that ended, and asks again where none answered."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from gateway.cli.story_waiting import wait_until
from gateway.delivery.link import UnreachableError


def test_what_did_not_answer_is_asked_again(tmp_path: Path) -> None:
    answers = [UnreachableError(), False, True]

    def holds() -> bool:
        said = answers.pop(0)
        if isinstance(said, UnreachableError):
            raise said
        return said

    wait_until(tmp_path, [], holds, "an answer")
    assert answers == []


def test_a_gateway_that_ended_is_told_at_once(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
        with pytest.raises(click.ClickException, match=r"a gateway ended; see .*gateways\.log"):
            wait_until(tmp_path, [ended], lambda: False, "an answer")

"""What the commands say comes next are commands that there are."""

import re
from pathlib import Path

from gateway.cli.agreement_publish import PUBLISH, SIGN, next_steps
from gateway.cli.directory import directory


def test_each_next_step_names_a_command_and_options_that_there_are() -> None:
    found = re.findall(r"lmx directory (\w+) ?(.*)", next_steps(Path("staged"), SIGN, PUBLISH))
    unknown = []
    for name, rest in found:
        command = directory.get_command(None, name)
        known = {option for one in command.params for option in one.opts}
        unknown += sorted(set(re.findall(r"--[a-z]+", rest)) - known)
    assert ([name for name, _ in found], unknown) == (["add", "sign", "publish"], [])

"""Every text of the console is there in every language that the console offers."""

import re
from pathlib import Path

import pytest

from gateway.console import alarms, errors
from gateway.console.texts import LANGUAGES, text_in
from gateway.model.refusal_codes import REFUSALS
from gateway.proof.claims import Verdict
from gateway.proof.entry import CODES
from tests.support.schemas import SCHEMAS

CONSOLE = Path(errors.__file__).parent
CLAIMS = {
    "agreement", "authority", "container", "files", "inclusion", "ladder", "receipt", "record",
    "revocation", "seal", "witness",
}  # fmt: skip


def _actions() -> set[str]:
    text = (SCHEMAS / "envelope/1/header.xsd").read_text("utf-8")
    listed = re.search(r'"(create\|[a-z|]+)"', text)
    assert listed is not None
    return set(listed[1].split("|"))


def _sentences() -> set[str]:
    found = {REFUSALS[code].title for code in REFUSALS}
    found |= {*alarms.TO_DO.values(), alarms.OTHERWISE}
    found |= {text for told in errors.TOLD.values() for text in told}
    for file in (CONSOLE / "templates").glob("*.html"):
        text = file.read_text("utf-8")
        found |= {
            one for two in re.findall(r"""\bt\("([^"]+)"\)|\bt\('([^']+)'\)""", text) for one in two
        }
    return found - {""}


def _codes() -> set[str]:
    # X.10 stands in logs, and in no exchange.
    return {*(CODES - {"X.10"}), *(one.value for one in Verdict), *_actions(), *CLAIMS}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_and_code_is_translated(language: str) -> None:
    say = text_in(language)
    assert sorted(one for one in _sentences() | _codes() if say(one) == one) == []


def test_no_evidence_code_stands_without_words() -> None:
    say = text_in("en")
    assert sorted(one for one in CODES - {"X.10"} if say(one) == one) == []


def test_the_named_claims_are_those_that_the_checks_make() -> None:
    made: set[str] = set()
    for file in (CONSOLE.parent / "proof").glob("*.py"):
        text = file.read_text("utf-8")
        made |= set(re.findall(r"""\b(?:passed|failed|not_checked)\(\s*"([a-z-]+)\"""", text))
    assert made - CLAIMS == set()


def test_every_alarm_that_is_told_what_to_do_about_is_a_known_code() -> None:
    assert set(alarms.TO_DO) - set(REFUSALS) == set()

"""`lmx agreement` as two states' clerks use it: draft, compare, publish, revoke, look."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import write_states
from gateway.cli.agreement import agreement
from gateway.proof.canonical import canonical_json
from gateway.wiring import now


def lmx(*arguments: str | Path) -> Result:
    return CliRunner().invoke(agreement, [*map(str, arguments)])


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_states(
        tmp_path_factory.mktemp("states"),
        demonstration_states(9100),
        demonstration_agreements(),
        at=now(),
        entropy=os.urandom,
    )
    return made["KZ"]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    file = tmp_path / "v1.json"
    file.write_bytes(canonical_json(dict(demonstration_agreements()["KZ-UZ"])))
    return file


@pytest.fixture
def second(tmp_path: Path, first: Path) -> Path:
    file = tmp_path / "v2.json"
    made = lmx(
        "draft", "KZ-UZ", "--from", first, "--withhold", "EmploymentContract:/fee", "-o", file
    )
    assert made.exit_code == 0, made.output
    return file


def test_a_draft_is_canonical_and_one_version_on(second: Path) -> None:
    data = second.read_bytes()
    text = json.loads(data)
    assert (canonical_json(text), text["version"]) == (data, 2)


def test_a_draft_that_no_record_could_meet_says_what_to_do(first: Path) -> None:
    told = lmx("draft", "KZ-UZ", "--from", first, "--withhold", "EmploymentContract:/person/name")
    assert (told.exit_code, "withhold /person whole, or mask it" in told.output) == (1, True)


def test_a_corridor_without_a_treaty_is_refused_with_where_to_add_it() -> None:
    told = lmx("draft", "KG-UZ")
    assert (told.exit_code, "treaties.csv" in told.output) == (1, True)


def test_a_difference_is_told_in_words_and_as_json(first: Path, second: Path) -> None:
    told, as_json = lmx("diff", first, second), lmx("diff", first, second, "--json")
    assert (told.exit_code, "less:  “Fee or cost” (/fee) is withheld now" in told.output) == (
        1,
        True,
    )
    assert json.loads(as_json.output)["changes"][0]["verdict"] == "less"


def test_a_text_compared_with_itself_has_no_change(first: Path) -> None:
    told = lmx("diff", first, first)
    assert (told.exit_code, told.output) == (0, "nothing changed\n")


def test_a_new_text_is_staged_as_the_directory_s_target_file(
    second: Path, settings: Path, tmp_path: Path
) -> None:
    told = lmx("publish", second, "--config", settings, "--into", tmp_path / "staged")
    staged = tmp_path / "staged/agreements/KZ-UZ/v2.json"
    assert (told.exit_code, staged.read_bytes()) == (0, second.read_bytes())


def test_another_text_under_a_published_number_is_refused(
    first: Path, settings: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    lmx(
        "draft", "KZ-UZ", "--from", first, "--version", "1", "--valid-to", "2027-01-01", "-o", other
    )
    told = lmx("publish", other, "--config", settings, "--into", tmp_path / "staged")
    assert (told.exit_code, "version 2 or higher" in told.output) == (1, True)
    assert not (tmp_path / "staged").exists()


def test_a_text_with_one_blank_more_is_not_staged(
    second: Path, settings: Path, tmp_path: Path
) -> None:
    second.write_bytes(second.read_bytes() + b" ")
    told = lmx("publish", second, "--config", settings, "--into", tmp_path / "staged")
    assert (told.exit_code, "json.not-canonical" in told.output) == (1, True)


def test_a_national_signature_is_staged_beside_the_text(
    second: Path, settings: Path, tmp_path: Path
) -> None:
    cms = tmp_path / "v2.p7s"
    cms.write_bytes(b"\x30\x00")
    more = ["--signature", cms, "--algorithm", "GOST R 34.10-2012", "--subject", "CN=Signer"]
    told = lmx("publish", second, "--config", settings, "--into", tmp_path / "staged", *more)
    slot = json.loads((tmp_path / "staged/agreements/KZ-UZ/v2.sig/KZ.json").read_bytes())
    assert (told.exit_code, slot["signature"], slot["provider"]) == (0, "MAA=", "gost")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["KZ-UZ", "1", "--at", "2026-01-01"], "not revoked for the past"),
        (["KG-TJ", "1"], "no party to KG-TJ"),
        (["KZ-UZ", "7"], "lists no agreements/KZ-UZ/v7.json"),
    ],
)
def test_a_revocation_that_cannot_be_is_refused_in_words(
    arguments: list[str], words: str, settings: Path, tmp_path: Path
) -> None:
    told = lmx("revoke", *arguments, "--reason", "r", "--config", settings, "--into", tmp_path)
    assert (told.exit_code, words in told.output) == (1, True)


def test_a_revocation_is_staged_with_its_reason(settings: Path, tmp_path: Path) -> None:
    asked = ["revoke", "KZ-UZ", "1", "--reason", "ended", "--config", settings, "--into", tmp_path]
    told, again = lmx(*asked), lmx(*asked)
    notice = json.loads((tmp_path / "revoked/agreement-kz-uz-v1.json").read_bytes())
    assert (told.exit_code, notice["id"], notice["reason"]) == (0, "agreement:KZ-UZ/v1", "ended")
    assert (again.exit_code, "not changed" in again.output) == (1, True)


def test_what_is_in_force_is_shown_with_its_bytes(settings: Path, first: Path) -> None:
    told = lmx("show", "--config", settings, "--corridor", "KZ-UZ", "--json")
    (found,) = json.loads(told.output)["agreements"]
    digests = {side["sha256"] for side in found["sides"]}
    assert (told.exit_code, found["inForce"], digests) == (0, True, {found["sha256"]})
    assert canonical_json(found["text"]) == first.read_bytes()


def test_before_its_validity_it_is_shown_as_not_in_force_and_why(settings: Path) -> None:
    told = lmx("show", "--config", settings, "--corridor", "KZ-UZ", "--at", "2025-12-31")
    assert (told.exit_code, "why: the time must lie within the validity" in told.output) == (
        1,
        True,
    )


def test_pages_of_a_draft_are_written_in_six_languages(second: Path, tmp_path: Path) -> None:
    told = lmx("show", second, "--html", tmp_path / "pages")
    assert (told.exit_code, len(list((tmp_path / "pages").glob("*.html")))) == (0, 6)


def test_show_needs_a_file_or_a_folder(settings: Path) -> None:
    assert lmx("show").exit_code == 2
    assert lmx("show", "--config", settings, "--trust", "x").exit_code == 2

"""The page for lawyers: six languages, complete words, nothing from elsewhere."""

import csv
import re

import pytest

from gateway.agreements.page import NAMES, page
from gateway.model.agreement_text import LANGUAGES, read_agreement
from tests.support.agreements import agreement_text, members
from tests.support.schemas import SCHEMAS

TERMS = read_agreement(
    agreement_text(
        {
            **members(
                withheld=["/fee"], masked={"/contractNumber": {"rule": "keep-last", "keep": 4}}
            ),
            "quotas": [{"window": "day", "limit": 7}],
        },
        title={"en": "Exchange <of> contracts"},
    )
)


def made(language: str) -> str:
    return page(SCHEMAS, TERMS, language, sha256="DIGEST", standing=None, at="AT")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_stands_alone_and_escapes_its_texts(language: str) -> None:
    told = made(language)
    assert re.findall(r'(?:src|href)="(?:https?:)?//', told) == []
    assert "<script" not in told
    assert "Exchange &lt;of&gt; contracts" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_tells_what_is_withheld_and_masked_and_how_often(language: str) -> None:
    told = made(language)
    assert all(one in told for one in ("/fee", "/contractNumber", "DIGEST", "7 "))


def test_members_are_called_as_the_standard_calls_them() -> None:
    assert "Fee or cost" in made("en")


def test_every_page_links_the_other_languages() -> None:
    assert len(re.findall(r'href="KZ-UZ-v1\.[a-z]{2}\.html"', made("ru"))) == len(NAMES) - 1


def test_every_text_is_there_in_six_languages_and_says_whether_it_was_reviewed() -> None:
    file = SCHEMAS / "agreement" / "1" / "texts.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["key"] for row in rows if not all(row[one] for one in LANGUAGES)] == []
    assert {row["reviewed"] for row in rows} <= {"yes", "no"}
    assert len({row["key"] for row in rows}) == len(rows)

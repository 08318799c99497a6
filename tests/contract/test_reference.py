"""What the docs list is what the code has: refusal codes, and the API's paths."""

import json
from pathlib import Path
from typing import cast

import pytest

from gateway.exchange.office import Office
from gateway.model.refusal_codes import REFUSALS
from gateway.translation.code_pages import code_pages
from gateway.translation.warning_texts import WARNINGS
from gateway.web.submitters import OPENAPI, submitter_application
from tests.support.schemas import SCHEMAS


def test_every_code_has_a_row_on_its_page() -> None:
    pages = {path.name: data.decode() for path, data in code_pages(SCHEMAS).items()}
    assert [one for one in REFUSALS if f"| `{one}` |" not in pages["refusals.md"]] == []
    assert [one for one in WARNINGS if f"| `{one}` |" not in pages["warnings.md"]] == []


@pytest.mark.parametrize("path", code_pages(SCHEMAS), ids=lambda path: path.name)
def test_a_page_of_codes_is_not_stale(path: Path) -> None:
    # `lmx schema renew` writes it.
    assert path.read_bytes() == code_pages(SCHEMAS)[path]


def test_the_api_description_lists_exactly_the_routes() -> None:
    # Building the application asks nothing of the office; only its requests do.
    application = submitter_application(cast("Office", None), lambda _state: None)  # type: ignore[arg-type,return-value]
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in application.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    assert routes == set(json.loads(OPENAPI.read_bytes())["paths"])

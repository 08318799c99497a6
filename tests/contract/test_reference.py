"""What the docs list is what the code has: refusal codes, and the API's paths."""

import json
import os
from pathlib import Path
from typing import cast

from gateway.exchange.office import Office
from gateway.model.refusal_codes import REFUSALS
from gateway.web.submitters import OPENAPI, submitter_application

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/refusals.md"


def _page() -> str:
    lines = [
        "# Refusal codes",
        "",
        "Generated from `gateway/model/refusal_codes.py`: run `LMX_RENEW=1 make test` to write it.",
        "A refusal tells `code`, `detail` (the rule), `place` and `step`, and never content.",
        "",
        "| code | meaning | HTTP | trying again can help |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{code}` | {one.title} | {one.status} | {'yes' if one.retry else 'no'} |"
        for code, one in sorted(REFUSALS.items())
    ]
    return "\n".join(lines) + "\n"


def test_the_page_of_refusal_codes_is_not_stale() -> None:
    if os.environ.get("LMX_RENEW"):
        PAGE.write_text(_page(), "utf-8")
    assert PAGE.read_text("utf-8") == _page()


def test_the_api_description_lists_exactly_the_routes() -> None:
    # Building the application asks nothing of the office; only its requests do.
    application = submitter_application(cast("Office", None), lambda _state: None)  # type: ignore[arg-type,return-value]
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in application.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    assert routes == set(json.loads(OPENAPI.read_bytes())["paths"])

"""The auditor's pages: exchanges, one exchange with both halves, verification, refusals."""

import json
from collections.abc import Sequence

from flask import Flask, Response, abort, render_template

from gateway.console.asked import number_asked, text_asked
from gateway.exchange.answer import refusal_members
from gateway.exchange.export import LinkTo, export
from gateway.exchange.ladder import Rung, ladder
from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.proof.claims import Claim
from gateway.proof.entry import NEGATIVE
from gateway.proof.evidence_file import check_bundle
from gateway.proof.header import read_header
from gateway.store import exchange_rows, submission_rows
from gateway.store.alarm_rows import alarms_of
from gateway.store.exchange_rows import ExchangeRow
from gateway.store.scope import WHOLE

PAGE = 25
FILTERS = ("partner", "record_type", "state", "role")


def add_pages(application: Flask, office: Office, link_to: LinkTo) -> None:
    """Add the pages to the console."""

    @application.get("/")
    def exchanges() -> str:
        asked = {one: told for one in FILTERS if (told := text_asked(one))}
        with office.store.read() as turn:
            rows = exchange_rows.exchanges(turn, asked, number_asked("before"), PAGE + 1)
            states = [one for one, _ in exchange_rows.count_by_state(turn)]
        more = rows[PAGE - 1].n if len(rows) > PAGE else None
        return render_template(
            "exchanges.html",
            rows=rows[:PAGE],
            more=more,
            asked=asked,
            states=states,
            partners=sorted(one for one in office.trust.directories if one != office.state),
            types=sorted(office.catalogue.types),
            own=office.state,
            negative=NEGATIVE,
        )

    @application.get("/exchanges/<x>")
    def exchange(x: str) -> str:
        return _exchange(office, x, None)

    @application.post("/exchanges/<x>/verify")
    def verify(x: str) -> str:
        _row(office, x)
        try:
            claims, _ = check_bundle(
                export(office, x, link_to, WHOLE), office.trust, office.catalogue.mapping
            )
        except Refusal as refusal:
            return _exchange(office, x, None, problem=refusal)
        return _exchange(office, x, claims)

    @application.get("/exchanges/<x>/bundle")
    def bundle(x: str) -> Response | str:
        _row(office, x)
        try:
            data = export(office, x, link_to, WHOLE)
        except Refusal as refusal:
            return _exchange(office, x, None, problem=refusal)
        found = Response(data, content_type="application/vnd.etsi.asic-e+zip")
        found.headers["Content-Disposition"] = f'attachment; filename="{x}.asice"'
        return found

    _add_refusals(application, office)


def _add_refusals(application: Flask, office: Office) -> None:
    @application.get("/refused")
    def refused() -> str:
        with office.store.read() as turn:
            rows = submission_rows.refused(turn, text_asked("before"), PAGE + 1)
        more = rows[PAGE - 1].id if len(rows) > PAGE else None
        return render_template("refused.html", rows=rows[:PAGE], more=more)

    @application.get("/refused/<name>")
    def refusal(name: str) -> str:
        with office.store.read() as turn:
            row = submission_rows.submission(turn, name, WHOLE)
            receipts = exchange_rows.receipts(turn, name, WHOLE)
        if row is None:
            abort(404)
        answer = json.loads(row.answer)
        records = answer["records"] or [{"rows": [], "refused": [answer]}]
        wrong = [one for one in records if "refused" in one]
        good = [one for one in records if "exchangeId" in one]
        return render_template(
            "refusal.html", row=row, wrong=wrong, good=good, evidence=bool(receipts)
        )


def _row(office: Office, x: str) -> ExchangeRow:
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
    if row is None:
        abort(404)
    return row


def _exchange(
    office: Office, x: str, claims: Sequence[Claim] | None, *, problem: Refusal | None = None
) -> str:
    row = _row(office, x)
    header = read_header(row.header)
    with office.store.read() as turn:
        alarms = alarms_of(turn, x)
    rungs: Sequence[Rung] = ladder(office, row, WHOLE)
    names = {
        side: str(office.trust.directory(state).gateway["name"])
        for side, state in (
            ("origin", header.direction.origin),
            ("destination", header.direction.destination),
        )
    }
    halves = [
        (side, name, [one for one in rungs if one.issuer == name]) for side, name in names.items()
    ]
    return render_template(
        "exchange.html",
        row=row,
        header=header,
        halves=halves,
        claims=claims,
        negative=NEGATIVE,
        alarms=alarms,
        problem=None if problem is None else refusal_members(problem),
    )

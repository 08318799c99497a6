"""The alarms a gateway keeps: what happened, about which exchange, and what to do."""

from flask import Flask, Response, abort, render_template

from gateway.console.asked import number_asked
from gateway.exchange.office import Office
from gateway.store import alarm_rows

PAGE = 25
# What an operator does about an alarm, as docs/how-to/operate.md says; English as the catalogues
# name it.
_SETTLE = "Settle it with the partner under the agreement: both halves are in the bundle."
_SENT_AGAIN = "Give the partner's operator the exchange. The sender sends the record again."
TO_DO = {
    "id.reuse": "Give the evidence to the partner's operator. Nothing was overwritten.",
    "receipt.wrong": "Ask the partner. The exchange waits for a right receipt until its deadline.",
    "receipt.superseded": "The outcome is accepted. Look why the partner was not reached in time.",
    "receipt.late": _SETTLE,
    "receipt.contradicted": _SETTLE,
    "outbox.unreadable": "Restore the store or the day keys. The message stays aside.",
    "webhook.given-up": "Tell the ministry. Its inbox still holds everything.",
    "attachment.wrong": _SENT_AGAIN,
    "attachment.gone": _SENT_AGAIN,
}
OTHERWISE = "Give the evidence to the partner's operator."


def add_alarms(application: Flask, office: Office) -> None:
    """Add the list of alarms and the evidence of each."""

    @application.get("/alarms")
    def alarms() -> str:
        with office.store.read() as turn:
            rows = alarm_rows.newest(turn, number_asked("before"), PAGE + 1)
        more = rows[PAGE - 1].n if len(rows) > PAGE else None
        return render_template(
            "alarms.html", rows=rows[:PAGE], more=more, to_do=TO_DO, otherwise=OTHERWISE
        )

    @application.get("/alarms/<int:n>/evidence")
    def evidence(n: int) -> Response:
        with office.store.read() as turn:
            rows = alarm_rows.newest(turn, n + 1, 1)
        if not rows or rows[0].n != n or not rows[0].evidence:
            abort(404)
        found = Response(rows[0].evidence, content_type="application/octet-stream")
        found.headers["Content-Disposition"] = f'attachment; filename="alarm-{n}.txt"'
        return found

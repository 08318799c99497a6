"""The console's pages on exchanges that did not end well, and on alarms."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gateway.client import client
from gateway.config.config import load_config
from gateway.console.application import console_application
from gateway.console.users import add_user
from gateway.exchange.ways import message_item
from gateway.proof.canonical import canonical_json
from tests.support.schemas import SCHEMAS
from tests.support.two_offices import RELAY, TO, TwoOffices, two_offices

PASSWORD = "a-password-for-this-test"  # noqa: S105 of an account made here
CONTENT = {"Accept-Language": "en"}


@pytest.fixture
def offices(tmp_path: Path, databases: Callable[[], str]) -> Iterator[TwoOffices]:
    with two_offices(tmp_path, databases) as found:
        yield found


@pytest.fixture
def console(offices: TwoOffices) -> FlaskClient:
    config = load_config(offices.folder / "kz/gateway.toml")
    add_user(config.keys / "console-users.json", "auditor", PASSWORD)
    links = offices.kz.links
    return console_application(
        offices.kz.office, config, lambda state: links[state], SCHEMAS
    ).test_client()


def _sign_in(console: FlaskClient, path: str = "/") -> str:
    asked = console.get(path, headers=CONTENT)
    assert asked.status_code == 302
    console.get(asked.location, headers=CONTENT)
    with console.session_transaction() as session:
        token = session["form"]
    form = {"name": "auditor", "password": PASSWORD, "form_token": token}
    return str(console.post(asked.location, data=form).location)


def _page(console: FlaskClient, path: str) -> str:
    return console.get(path, headers=CONTENT).get_data(as_text=True)


def _superseded(offices: TwoOffices) -> str:
    """An exchange that the partner took in time, and whose answer came after B.3."""
    x = offices.kz.submit()
    with offices.kz.office.store.read() as turn:
        body = canonical_json({"items": [message_item(offices.kz.office, turn, x)]})
    offices.kz.links["UZ"].post("/peer/v1/messages", body, "application/json")
    offices.uz.peer.close()
    offices.clock.now += RELAY + timedelta(seconds=1)
    offices.rounds()
    offices.uz.peer.open()
    for _ in range(6):
        offices.clock.turn(minutes=10)
        offices.rounds(4)
    return x


def test_an_empty_list_says_what_will_stand_there(console: FlaskClient) -> None:
    _sign_in(console)
    assert "No exchange yet." in _page(console, "/")
    assert "No exchange matches." in _page(console, "/?state=B.3")
    assert "No alarm was raised." in _page(console, "/alarms")


def test_every_event_and_reason_of_a_failed_exchange_is_told_in_words(
    offices: TwoOffices, console: FlaskClient
) -> None:
    x = _superseded(offices)
    _sign_in(console)
    shown = _page(console, f"/exchanges/{x}")
    assert "<strong>X.9</strong> B.3 superseded by acceptance" in shown
    assert "The partner did not acknowledge the message in time" in shown
    assert "Partner answers by (UTC)" in shown


def test_an_alarm_says_what_to_do_and_gives_its_evidence(
    offices: TwoOffices, console: FlaskClient
) -> None:
    x = _superseded(offices)
    _sign_in(console)
    assert "A receipt shows acceptance after B.3 was issued" in _page(console, f"/exchanges/{x}")
    shown = _page(console, "/alarms")
    assert "The outcome is accepted. Look why the partner was not reached in time." in shown
    assert f'href="/exchanges/{x}"' in shown
    number = shown.partition('href="/alarms/')[2].partition("/")[0]
    evidence = console.get(f"/alarms/{number}/evidence")
    assert (evidence.status_code, evidence.data.count(b".")) == (200, 2)
    assert console.get(f"/alarms/{int(number) + 1}/evidence").status_code == 404


def test_what_an_authority_rejected_is_no_success(
    offices: TwoOffices, console: FlaskClient
) -> None:
    offices.kz.submit()
    offices.rounds()
    uz, at = offices.uz, offices.clock()
    taken = client.take(uz.ministry)
    client.decide(uz.ministry, uz.profile.key, taken, "reject", "decision.not-for-us", at=at)
    offices.rounds()
    _sign_in(console)
    assert '<span class="badge text-bg-danger">C.4</span> content rejected' in _page(console, "/")


def test_a_refused_request_is_named_in_words(offices: TwoOffices, console: FlaskClient) -> None:
    with pytest.raises(client.AnsweredError):
        client.submit(offices.kz.ministry, b"", **TO)
    _sign_in(console)
    assert "The file holds no record" in _page(console, "/refused")


def test_signing_in_leads_to_the_page_that_was_asked_for(console: FlaskClient) -> None:
    assert _sign_in(console, "/alarms") == "/alarms"


def test_another_language_keeps_the_page(console: FlaskClient) -> None:
    _sign_in(console)
    link = _page(console, "/?state=B.3&role=origin").partition('href="/language/')[2]
    led = console.get("/language/" + link.partition('"')[0].replace("&amp;", "&"))
    assert led.location == "/?state=B.3&role=origin"


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nothing", 404, "Not here"),
        ("/exchanges/123", 404, "Not here"),
        ("/logout", 405, "Not a page"),
        ("/?before=99999999999999999999999", 200, "No exchange yet."),
        ("/refused?before=%00", 200, "Nothing was refused."),
        ("/?state=%00", 200, "No exchange yet."),
    ],
)
def test_an_address_that_is_no_page_is_answered_with_one(
    console: FlaskClient, path: str, status: int, told: str
) -> None:
    _sign_in(console)
    answer = console.get(path, headers=CONTENT)
    assert (answer.status_code, told in answer.get_data(as_text=True)) == (status, True)


def test_a_form_that_is_too_old_says_what_to_do(console: FlaskClient) -> None:
    answer = console.post("/login", data={"name": "auditor"}, headers=CONTENT)
    assert (answer.status_code, "Open the page again" in answer.get_data(as_text=True)) == (
        400,
        True,
    )

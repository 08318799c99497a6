"""Every endpoint of openapi.json, asked by the authority whose rows they are and by another one.

Another authority of the same state gets 404 (or an empty list), and the log says who asked.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.client import client
from gateway.proof.canonical import canonical_json
from gateway.proof.json_signature import HANDOVER, sign_jws
from gateway.web.submitters import OPENAPI
from gateway.wiring import now
from tests.support.gateways import SAMPLES, Ground, ground, until

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
PATHS = json.loads(OPENAPI.read_bytes())["paths"]
SIGNED = [
    (method, path)
    for path, methods in PATHS.items()
    for method, told in methods.items()
    if told.get("security")
]
# What has rows of its own is asked in its own journey: who else asks there finds nothing.
ELSEWHERE = {
    "/v1/queries": "test_questions.py::test_what_may_not_be_asked_is_refused_with_a2",
    "/v1/queries/{x}": "test_questions.py::test_another_authority_is_told_of_no_question",
    "/v1/status-lists": "test_questions.py::test_a_list_of_another_authority_is_refused",
    "/v1/inbox/decision": "test_decision.py::test_another_authority_decides_nothing",
    "/v1/webhooks": "test_webhooks.py::test_another_authority_neither_sees_nor_changes_an_address",
    "/v1/reruns": "test_history.py::test_nobody_reads_again_what_another_authority_sent",
    "/v1/attachments": "test_attachments.py::test_pieces_come_in_order_and_for_their_owner",
}
ELSEWHERE |= {f"/v1/webhooks/{one}": ELSEWHERE["/v1/webhooks"] for one in ("secret", "end")} | {
    f"/v1/attachments/{one}": ELSEWHERE["/v1/attachments"] for one in ("{name}", "piece")
}
# The story's exchange carries no attachment, so its owner finds none at a position either.
NONE_THERE = "/v1/inbox/{x}/attachments/{position}"
OF_STORY = [one for one in SIGNED if one[1] not in ELSEWHERE]
OPEN = {"/healthz", "/readyz", "/metrics", "/openapi.json"}
# Who owns what is asked there, and who else has a key at the same gateway.
ORIGIN = ("kz.labour-ministry", "kz.national-bank")
DESTINATION = ("uz.migration-agency", "uz.central-bank")


@dataclass(frozen=True)
class Story:
    """One exchange from KZ to UZ: its ground, ids, and what opens the arrived file."""

    made: Ground
    submission: str
    x: str
    opened: client.Taken


@pytest.fixture(scope="module")
def story(
    tmp_path_factory: pytest.TempPathFactory, databases: Callable[[], str]
) -> Iterator[Story]:
    with ground(tmp_path_factory.mktemp("authorities"), databases=databases) as made:
        for state in ("KZ", "UZ"):
            made.start(state)
        kz, uz = (made.ready(one)[1] for one in (ORIGIN[0], DESTINATION[0]))
        told = client.submit(kz, CONTRACT, **TO)
        (taken,) = until(lambda: client.take(uz), "the message")
        yield Story(made, told["submission"], told["records"][0]["exchangeId"], taken)


def filled(story: Story, path: str) -> str:
    values = {"{name}": story.submission, "{x}": story.x, "{position}": "0"}
    for name, value in values.items():
        path = path.replace(name, value)
    return path


def ask(story: Story, name: str, method: str, path: str) -> tuple[int, bytes]:
    profile, link = story.made.actor(name)
    target = filled(story, path)
    if method == "get":
        reply = link.get(target)
    elif path.endswith("/handover"):
        payload = canonical_json([story.opened.confirmation])
        token = sign_jws(payload, profile.key, typ=HANDOVER, at=now())
        reply = link.post(target, token.encode(), "application/jose")
    else:
        # The same idempotency key under two authorities is two keys.
        query = "?to=uz.migration-agency&purpose=contract-registration"
        reply = link.post(target + query, CONTRACT, "application/xml", "one-key-of-two")
    return reply.status, reply.body


def own(path: str) -> tuple[str, str]:
    return DESTINATION if path.startswith("/v1/inbox") else ORIGIN


@pytest.mark.parametrize(("method", "path"), OF_STORY)
def test_another_authority_is_told_that_there_is_nothing(
    story: Story, method: str, path: str
) -> None:
    stranger = own(path)[1]
    status, body = ask(story, stranger, method, path)
    if path == "/v1/inbox":
        assert (status, json.loads(body)) == (200, {"items": []})
    elif path == "/v1/submissions":
        assert json.loads(body)["submission"] != story.submission
    else:
        assert (status, json.loads(body)["code"]) == (404, "request.not-found")
        log = (story.made.folder / f"{stranger[:2].upper()}.log").read_text("utf-8")
        assert any(
            "request.not-found" in line and f"{stranger}/system" in line
            for line in log.splitlines()
        )


@pytest.mark.parametrize(
    ("method", "path"), sorted(one for one in OF_STORY if one[1] != NONE_THERE)
)
def test_the_authority_whose_rows_they_are_is_answered(
    story: Story, method: str, path: str
) -> None:
    def answered() -> bool:
        return ask(story, own(path)[0], method, path)[0] in (200, 202)

    assert until(answered, f"{method} {path}")


@pytest.mark.parametrize(("method", "path"), SIGNED)
def test_nobody_is_answered_without_a_signature(story: Story, method: str, path: str) -> None:
    _, link = story.made.actor(own(path)[0])
    target = filled(story, path)
    body = b"x" if method == "post" else None
    reply = link.session.request(method, link.base + target, data=body, timeout=10)
    assert (reply.status_code, reply.json()["code"]) == (401, "signature.missing")


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_has_rows_of_its_own_has_its_own_test(path: str) -> None:
    file, _, name = ELSEWHERE[path].partition("::")
    journey = Path(__file__).parent.parent / "journeys" / file
    assert path in PATHS
    assert f"def {name}(" in journey.read_text("utf-8")


def test_every_path_is_signed_but_those_that_tell_nothing_of_a_person() -> None:
    assert {path for _, path in SIGNED} | OPEN == set(PATHS)


@pytest.mark.parametrize(("method", "path"), SIGNED)
def test_a_signed_endpoint_names_the_refusals_a_caller_must_expect(method: str, path: str) -> None:
    expected = {"403", "429", "503"} | ({"408"} if method == "post" else set())
    assert expected <= PATHS[path][method]["responses"].keys()


@pytest.mark.parametrize("name", ["TooMany", "Unavailable"])
def test_what_passes_by_itself_is_described_with_when_to_try_again(name: str) -> None:
    described = json.loads(OPENAPI.read_bytes())["components"]["responses"][name]
    assert "Retry-After" in described["headers"]

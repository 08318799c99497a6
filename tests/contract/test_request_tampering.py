"""A signed request (RFC 9421) with any covered item or parameter changed, dropped, doubled, moved.

Each is done to what the wire carries, as somebody between client and gateway could.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.http_signature import (
    Request,
    content_digest,
    read_signature,
    sign_request,
    verify_request,
)
from tests.support.pki import AT, key

COVERED = ("@method", "@authority", "@path", "@query")
OF_A_BODY = ("content-digest", "content-type", "idempotency-key")
PARAMETERS = ("created", "keyid", "nonce", "tag")
FULL = Request(
    "POST",
    "127.0.0.1:8001",
    "/v1/submissions",
    "to=uz.migration-agency",
    {"content-type": "application/json", "idempotency-key": "k-1"},
    b'{"a":1}',
)
CREATED = int(AT.timestamp())


@pytest.fixture(scope="module")
def signed() -> Request:
    added = sign_request(FULL, key("KZ", "submitter"), created=CREATED, nonce="n" * 22)
    return replace(FULL, headers={**FULL.headers, **added})


def code(request: Request) -> str:
    """Verify as a gateway does; gives the code of the refusal, empty for none."""
    try:
        certificate = key("KZ", "submitter").certificate
        verify_request(request, read_signature(request), certificate, at=AT)
    except Refusal as refusal:
        return refusal.code
    return ""


def with_headers(request: Request, **changes: str | None) -> Request:
    changed: dict[str, str | None] = {**request.headers}
    changed |= {name.replace("_", "-"): value for name, value in changes.items()}
    return replace(
        request, headers={name: value for name, value in changed.items() if value is not None}
    )


def rewritten(request: Request, change: Callable[[str], str]) -> Request:
    """Change the text of Signature-Input, which must change."""
    before = request.headers["signature-input"]
    after = change(before)
    assert after != before
    return with_headers(request, signature_input=after)


def parameter(name: str) -> re.Pattern[str]:
    return re.compile(rf";{name}=(?:\"[^\"]*\"|\d+)")


def test_as_it_was_signed_it_verifies(signed: Request) -> None:
    assert code(signed) == ""


OTHER: Mapping[str, Callable[[Request], Request]] = {
    "@method": lambda one: replace(one, method="PUT"),
    "@authority": lambda one: replace(one, authority="127.0.0.1:9"),
    "@path": lambda one: replace(one, path="/v1/inbox/handover"),
    "@query": lambda one: replace(one, query="to=tj.migration-service"),
    "content-digest": lambda one: with_headers(
        replace(one, body=b"{}"), content_digest=content_digest(b"{}")
    ),
    "content-type": lambda one: with_headers(one, content_type="text/csv"),
    "idempotency-key": lambda one: with_headers(one, idempotency_key="k-2"),
}


@pytest.mark.parametrize("item", COVERED + OF_A_BODY)
def test_another_value_of_a_covered_item_is_refused(signed: Request, item: str) -> None:
    assert code(OTHER[item](signed)) == "signature.wrong"


def test_another_body_under_its_old_digest_is_refused(signed: Request) -> None:
    assert code(replace(signed, body=b"{}")) == "digest.wrong"


@pytest.mark.parametrize("item", OF_A_BODY)
def test_a_covered_field_that_is_gone_is_refused(signed: Request, item: str) -> None:
    assert code(with_headers(signed, **{item.replace("-", "_"): None})) == "signature.coverage"


@pytest.mark.parametrize("item", COVERED + OF_A_BODY)
def test_an_item_that_is_covered_no_more_is_refused(signed: Request, item: str) -> None:
    dropped = rewritten(signed, lambda text: re.sub(rf'"{item}" ?', "", text).replace(" )", ")"))
    assert code(dropped) == "signature.coverage"


@pytest.mark.parametrize("item", COVERED + OF_A_BODY)
def test_an_item_that_is_covered_twice_is_refused(signed: Request, item: str) -> None:
    doubled = rewritten(signed, lambda text: text.replace(f'"{item}"', f'"{item}" "{item}"'))
    assert code(doubled) in {"signature.coverage", "signature.malformed"}


@pytest.mark.parametrize("item", ["@target-uri", "@request-target", "date", "host"])
def test_an_item_that_is_covered_beside_them_is_refused(signed: Request, item: str) -> None:
    assert code(rewritten(signed, lambda text: text.replace("(", f'("{item}" '))) == (
        "signature.coverage"
    )


@pytest.mark.parametrize("item", ['"@query";req', '"@method";sf', '"content-digest";bs'])
def test_an_item_read_in_another_way_is_refused(signed: Request, item: str) -> None:
    name = item.partition(";")[0]
    assert code(rewritten(signed, lambda text: text.replace(name, item))) == "signature.coverage"


def test_items_in_another_order_are_refused(signed: Request) -> None:
    moved = rewritten(
        signed, lambda text: text.replace('"@method" "@authority"', '"@authority" "@method"')
    )
    assert code(moved) == "signature.coverage"


VALUES = {
    "created": f";created={CREATED + 1}",
    "keyid": f';keyid="{key("UZ", "submitter").thumbprint}"',
    "nonce": f';nonce="{"m" * 22}"',
    "tag": ';tag="lmx-peer"',
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_another_value_of_a_parameter_is_refused(signed: Request, name: str) -> None:
    changed = rewritten(signed, lambda text: parameter(name).sub(VALUES[name], text))
    assert code(changed) == ("signature.coverage" if name == "tag" else "signature.wrong")


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_that_is_gone_is_refused(signed: Request, name: str) -> None:
    assert code(rewritten(signed, lambda text: parameter(name).sub("", text))) == (
        "signature.coverage"
    )


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_that_stands_twice_is_refused(signed: Request, name: str) -> None:
    doubled = rewritten(signed, lambda text: parameter(name).sub(lambda one: one[0] * 2, text))
    assert code(doubled) in {"signature.coverage", "signature.malformed"}


@pytest.mark.parametrize("more", [';alg="ecdsa-p256-sha256"', ";expires=9999999999", ";x=1"])
def test_a_parameter_beside_them_is_refused(signed: Request, more: str) -> None:
    assert code(rewritten(signed, lambda text: text + more)) == "signature.coverage"


@pytest.mark.parametrize("before", [True, False], ids=["first", "last"])
def test_a_signature_beside_ours_is_refused(signed: Request, before: bool) -> None:  # noqa: FBT001
    def beside(name: str) -> str:
        own = signed.headers[name]
        other = own.replace("lmx=", "other=")
        return f"{other}, {own}" if before else f"{own}, {other}"

    both = with_headers(
        signed, signature_input=beside("signature-input"), signature=beside("signature")
    )
    assert code(both) == "signature.malformed"


@pytest.mark.parametrize("name", ["signature", "signature-input"])
def test_a_half_of_the_signature_is_refused(signed: Request, name: str) -> None:
    assert code(with_headers(signed, **{name.replace("-", "_"): None})) == "signature.missing"


@pytest.mark.parametrize("name", ["signature", "signature-input"])
def test_a_half_under_another_name_is_refused(signed: Request, name: str) -> None:
    other = signed.headers[name].replace("lmx=", "sig1=")
    assert code(with_headers(signed, **{name.replace("-", "_"): other})) == "signature.malformed"


@pytest.mark.parametrize("position", [0, 31, 32, 63])
def test_a_bit_of_the_signature_turned_is_refused(signed: Request, position: int) -> None:
    claimed = read_signature(signed)
    turned = bytearray(claimed.signature)
    turned[position] ^= 1
    forged = replace(claimed, signature=bytes(turned))
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        verify_request(signed, forged, key("KZ", "submitter").certificate, at=AT)

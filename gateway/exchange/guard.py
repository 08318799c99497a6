"""The WSGI guard: what no request may carry is refused before any route is looked for.

DESIGN section 6: HTTP/1.1 with a Content-Length only, no commas in single-valued fields, paths of
unreserved characters, bodies within the limit and as long as they say.
"""

import io
import re
from collections.abc import Callable, Iterable
from typing import Any

from gateway.exchange.answer import PROBLEM, refused
from gateway.model.refusal import Refusal

_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")
_SINGLE = (
    "HTTP_HOST", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_CONTENT_DIGEST", "HTTP_IDEMPOTENCY_KEY",
)  # fmt: skip
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def guard(application: Application, *, largest: int) -> Application:
    """Wrap an application; largest: of a body, in bytes."""

    def guarded(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        try:
            _check(environ)
            body = _body(environ, largest)
        except Refusal as refusal:
            answer = refused(refusal)
            headers = [("Content-Type", PROBLEM), ("Content-Length", str(len(answer.body)))]
            start(f"{answer.status} Refused", headers)
            return [answer.body]
        environ["wsgi.input"] = io.BytesIO(body)
        return application(environ, start)

    return guarded


def _check(environ: dict[str, Any]) -> None:
    if environ.get("HTTP_TRANSFER_ENCODING"):
        raise _malformed("send the body with a Content-Length, not chunked", "transfer-encoding")
    for name in _SINGLE:
        if "," in environ.get(name, ""):
            place = name.removeprefix("HTTP_").replace("_", "-").lower()
            raise _malformed("this field has one value", place)
    if not _PATH.fullmatch(environ.get("PATH_INFO", "")) or ".." in environ["PATH_INFO"]:
        raise _malformed("a path is made of unreserved characters", "path")


def _body(environ: dict[str, Any], largest: int) -> bytes:
    text = environ.get("CONTENT_LENGTH", "") or "0"
    if not text.isascii() or not text.isdigit():
        raise _malformed("Content-Length is a whole number", "content-length")
    length = int(text)
    if length > largest:
        raise Refusal(
            "submission.too-large",
            step="submit",
            rule=f"a body has at most {largest} bytes",
            place="content-length",
        )
    body: bytes = environ["wsgi.input"].read(length)
    if len(body) != length:
        raise _malformed("the body must be as long as Content-Length says", "body")
    return body


def _malformed(rule: str, place: str) -> Refusal:
    return Refusal("request.malformed", step="submit", rule=rule, place=place)

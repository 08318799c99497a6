"""What no request may carry is refused before any route is looked for.

DESIGN section 6: HTTP/1.1 with a Content-Length only, no commas in single-valued fields, paths of
unreserved characters, bodies within the limit of their kind and as long as they say. The door
(`gateway.web.door`) asks this of the fields as they came; `guard` asks it of what WSGI made of them
where no door did, so that an application behind another server is not without it.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.exchange.answer import PROBLEM, refused
from gateway.model.refusal import Refusal

MOST_FIELDS = 64
LARGEST_FIELDS = 16 * 1024
LONGEST_PATH = 1024
LONGEST_QUERY = 4096
_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
_LENGTH = re.compile(r"[0-9]{1,10}")
# Of these a request has one; where two stand, two readers may choose differently.
SINGLE = frozenset({
    "host", "content-length", "content-type", "content-digest", "idempotency-key",
    "signature", "signature-input", "authorization", "accept", "date",
})  # fmt: skip
# A comma belongs to these, though they stand once.
_LISTS = frozenset({"signature", "signature-input", "accept", "date", "authorization"})
# Where in the environ the sizes stand by which a door has judged the request as it came. No field
# of a request can stand there: those are named HTTP_ or CONTENT_.
JUDGED = "lmx.judged"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The largest body by path, in bytes; other: of a path that is not named."""

    by_path: Mapping[str, int]
    other: int

    def largest(self, path: str) -> int:
        """Give the largest body of a request to this path."""
        return self.by_path.get(path, self.other)


def guard(application: Application, *, sizes: Sizes) -> Application:
    """Wrap an application; a refused request is answered here and goes no further."""

    def guarded(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get(JUDGED) is sizes:
            return application(environ, start)
        try:
            fields = _fields(environ)
            require_target(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
            require_fields(fields)
            length = require_length(fields, environ["REQUEST_METHOD"], environ["PATH_INFO"], sizes)
            body: bytes = environ["wsgi.input"].read(length)
            require_whole(body, length)
        except Refusal as refusal:
            answer = refused(refusal)
            headers = [("Content-Type", PROBLEM), ("Content-Length", str(len(answer.body)))]
            start(f"{answer.status} Refused", headers)
            return [answer.body]
        environ["wsgi.input"] = io.BytesIO(body)
        return application(environ, start)

    return guarded


def require_target(path: str, query: str) -> None:
    """Refuse `request.malformed` for a path or query outside the profile."""
    if not _PATH.fullmatch(path) or ".." in path or "//" in path:
        raise _malformed("a path is made of unreserved characters", "path")
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        raise _malformed(
            f"a path has at most {LONGEST_PATH} characters, a query {LONGEST_QUERY}", "path"
        )


def require_fields(fields: Sequence[tuple[str, str]]) -> None:
    """Refuse `request.malformed` for header fields that two readers could read differently.

    fields: names in lower case with values, as many lines as came.
    """
    if len(fields) > MOST_FIELDS or sum(len(n) + len(v) for n, v in fields) > LARGEST_FIELDS:
        raise _malformed(
            f"a request has at most {MOST_FIELDS} header fields and {LARGEST_FIELDS} bytes of them",
            "headers",
        )
    seen: set[str] = set()
    for name, value in fields:
        if not _NAME.fullmatch(name):
            raise _malformed("a field name has letters, digits and hyphens", "headers")
        if name in SINGLE and name in seen:
            raise _malformed("this field stands once in a request", name)
        if name in SINGLE and name not in _LISTS and "," in value:
            raise _malformed("this field has one value", name)
        seen.add(name)
    if "transfer-encoding" in seen:
        raise _malformed("send the body with a Content-Length, not chunked", "transfer-encoding")
    if not seen.isdisjoint(("content-encoding", "expect", "upgrade", "trailer")):
        raise _malformed(
            "send the body as it is: no Content-Encoding, Expect, Upgrade or Trailer", "headers"
        )
    if not _HOST.fullmatch(dict(fields).get("host", "")):
        raise _malformed("Host names this server: a name or address, and its port", "host")


def require_length(fields: Sequence[tuple[str, str]], method: str, path: str, sizes: Sizes) -> int:
    """Give the length of the body. Refuses `request.malformed`, `submission.too-large`."""
    text = dict(fields).get("content-length", "0")
    if not _LENGTH.fullmatch(text):
        raise _malformed("Content-Length is a whole number", "content-length")
    length = int(text)
    if length and method != "POST":
        raise _malformed("only a POST has a body", "content-length")
    largest = sizes.largest(path)
    if length > largest:
        raise Refusal(
            "submission.too-large",
            step="submit",
            rule=f"a body has at most {largest} bytes here",
            place="content-length",
        )
    return length


def require_whole(body: bytes, length: int) -> None:
    """Refuse `request.malformed` unless the body is as long as it said."""
    if len(body) != length:
        raise _malformed("the body must be as long as Content-Length says", "body")


def _fields(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [
        (name.removeprefix("HTTP_").replace("_", "-").lower(), str(value))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    own = [one for one in ("CONTENT_LENGTH", "CONTENT_TYPE") if environ.get(one)]
    return found + [(one.replace("_", "-").lower(), str(environ[one])) for one in own]


def _malformed(rule: str, place: str) -> Refusal:
    return Refusal("request.malformed", step="submit", rule=rule, place=place)

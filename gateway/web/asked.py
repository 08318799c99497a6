"""What requests may ask: whole numbers, a wait of at most some seconds, and a signed token."""

from collections.abc import Mapping

from gateway.model.refusal import Refusal
from gateway.proof.http_signature import Request

# Shorter than what a stopping gateway gives its parts (cli/serve.py, 10 s): the wait ends first.
LONGEST_WAIT = 8


def parameters(query: str) -> dict[str, str]:
    """Give the parameters of a query as they stand; of a name that comes twice, the last."""
    return dict(one.partition("=")[::2] for one in query.split("&") if one)


def number(asked: Mapping[str, str], name: str, default: int) -> int:
    """Give a whole number of the query. Refuses `request.parameter` for anything else."""
    text = asked.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Refusal(
            "request.parameter", step="handover", rule="this is a whole number", place=name
        )
    return int(text)


def token_of(request: Request) -> str:
    """Give the compact token that a body is, empty for what cannot be one."""
    try:
        return (request.body or b"").decode("ascii")
    except UnicodeDecodeError:
        return ""

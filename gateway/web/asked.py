"""What a query string may ask: whole numbers, and a wait of at most some seconds."""

from collections.abc import Mapping

from gateway.model.refusal import Refusal

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

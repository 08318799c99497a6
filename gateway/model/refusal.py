"""One way to say no: a code, the step, the rule and the place, never the content (DESIGN 1)."""

from typing import NamedTuple

from gateway.model.refusal_codes import REFUSALS, RefusalKind


class Refusal(Exception):
    """A record, request or file that is refused.

    code: `area.reason-words`, a key of `REFUSALS`; it is also the evidence's `rc`.
    step: the step that refused, e.g. `authenticate`.
    rule: the rule in words, for a person; holds no value of the refused input.
    place: where in the input (JSON pointer, XML path, header name, row), without values.
    after: seconds after which trying again can help, 0 when nothing is known of that.
    """

    def __init__(self, code: str, *, step: str, rule: str, place: str = "", after: int = 0) -> None:
        """Refuse with a known code; an unknown code is a programming error (KeyError)."""
        self.kind: RefusalKind = REFUSALS[code]
        self.code = code
        self.step = step
        self.rule = rule
        self.place = place
        self.after = after
        super().__init__(code, step, rule, place)

    def __str__(self) -> str:
        where = f" at {self.place}" if self.place else ""
        return f"{self.code}{where}: {self.rule}"


class Warned(NamedTuple):
    """A correction or doubt that stops nothing: `UPPER-HYPHEN` code and the record path."""

    code: str
    path: str

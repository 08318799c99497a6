"""Answers of JSON services: whether they succeeded (R25), and the rows inside them."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import Foreign, JsonFile
from gateway.translation.media.json_rows import json_text, not_of_layout
from gateway.translation.media.soap import fault_refusal
from gateway.translation.paths import MISSING, native_pick, native_put
from gateway.translation.reading import Stamp

# How services say that they succeeded (country-formats 5); any other value says that they failed.
_SUCCESS = {
    "success": frozenset({"true", "1"}),
    "result_code": frozenset({"1"}),
    "AnswereId": frozenset({"1"}),
    "pResult": frozenset({"1"}),
    "status": frozenset({"true", "1"}),
    "status/code": frozenset({"200"}),
}
# `status` alone is also a member of records; beside one of these it speaks for an answer.
_OF_AN_ANSWER = frozenset({"data", "result", "message", "error"})
_CODES = ("code", "error/code", "status/code", "result_code", "AnswereId", "pResult", "status")
_X_ROAD_FAULT = frozenset({"type", "message"})


def refuse_failed(answer: dict[str, Any]) -> None:
    """Refuse `source.fault` for an answer that is an error or does not say that it succeeded.

    An X-Road error (type, message), a JSON-RPC 2.0 error, or one of the six spellings of success
    with another value; it is never an empty result.
    """
    kind = answer.get("type")
    if answer.keys() >= _X_ROAD_FAULT and isinstance(kind, str):
        raise fault_refusal(kind)
    if "jsonrpc" in answer and answer.get("error"):
        raise fault_refusal(_scalar(native_pick(answer, "error/code")) or "")
    result = answer.get("result")
    for judged in (answer, result if isinstance(result, dict) else {}):
        if any(_says_failure(judged, mark, good) for mark, good in _SUCCESS.items()):
            codes = (_scalar(native_pick(judged, path)) for path in _CODES)
            raise fault_refusal(next((c for c in codes if c not in (None, "true", "false")), ""))


def _says_failure(answer: dict[str, Any], mark: str, good: frozenset[str]) -> bool:
    said = _scalar(native_pick(answer, mark))
    if said is None:
        return False
    if mark == "status":
        meant = said in ("true", "false") or said.isdigit()
        return meant and not answer.keys().isdisjoint(_OF_AN_ANSWER) and said not in good
    return said not in good


def _scalar(value: Any) -> str | None:
    """A truth value or a filled text as a folded text, else None."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip().casefold() or None if isinstance(value, str) else None


class JsonAnswer:
    """Rows at a path of an answer; one row may come without its list, a list for one row."""

    media_type = "application/json"
    extension = "json"

    def __init__(
        self,
        path: str,
        *known_by: str,
        around: Mapping[str, Any],
        shared: str = "",
        many: bool = False,
    ) -> None:
        """path: of the rows. known_by: names that a row has. around: the answer's other members
        when it is written. shared: path of an object that belongs to every row; a row holds it
        under its last name. many: a file holds several rows."""
        self.path = path
        self.known_by = frozenset(known_by)
        self.around = dict(around)
        self.shared = shared
        self.many = many
        self._name = shared.rpartition("/")[2]

    def recognises(self, foreign: Foreign) -> bool:
        """Whether rows stand at the path and the first has all the names.

        An answer with the shared object and no rows is recognised too, as an empty one.
        """
        if not isinstance(foreign, JsonFile) or not isinstance(foreign.value, dict):
            return False
        if self.shared and not isinstance(native_pick(foreign.value, self.shared), dict):
            return False
        rows = _listed(native_pick(foreign.value, self.path))
        if not rows:
            return bool(self.shared) and rows is not None
        return isinstance(rows[0], dict) and self.known_by <= rows[0].keys()

    def open(self, foreign: Foreign) -> Opened:
        """Rows counted from 1; a row that is no object is refused alone."""
        if not isinstance(foreign, JsonFile) or not isinstance(foreign.value, dict):
            raise not_of_layout()
        rows = _listed(native_pick(foreign.value, self.path))
        if rows is None:
            raise not_of_layout()
        beside = {self._name: native_pick(foreign.value, self.shared)} if self.shared else {}
        one = isinstance(native_pick(foreign.value, self.path), dict)
        return Opened(
            [
                (n, {**row, **beside} if isinstance(row, dict) else not_of_layout())
                for n, row in enumerate(rows, start=1)
            ],
            root=f"/{self.path}" if one else f"/{self.path}/#",
            envelope=_beyond(foreign.value, self.around, {self.path, self.shared}),
        )

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """The answer around the rows, laid out; the first row tells what all share."""
        answer = deepcopy(self.around)
        if self.shared:
            native_put(answer, self.shared, rows[0].get(self._name, {}))
        bare = [{name: v for name, v in row.items() if name != self._name} for row in rows]
        native_put(answer, self.path, bare if self.many else bare[0])
        return (json_text(answer) + "\n").encode()


def _listed(value: Any) -> list[Any] | None:
    """Rows as a list: one alone, or nothing said, are lists too; None for what is no row."""
    if value is MISSING:
        return None
    if value is None or value in ("", {}):
        return []
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else None


def _beyond(
    answer: dict[str, Any], around: Mapping[str, Any], carried: set[str], at: str = ""
) -> dict[str, Any]:
    """What an answer says beyond its rows and what is always written around them."""
    found = {}
    for name, value in answer.items():
        path = f"{at}{name}"
        if path in carried or (name in around and around[name] == value):
            continue
        expected = around.get(name)
        inner = expected if isinstance(expected, dict) else {}
        found[name] = (
            _beyond(value, inner, carried, f"{path}/") if isinstance(value, dict) else value
        )
    return found

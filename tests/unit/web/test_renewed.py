"""A request is answered to its end by the application it began with."""

from collections.abc import Iterable
from typing import Any

from gateway.web.renewed import Application, Renewed


class Telling:
    """Gives one object until a test sets another."""

    def __init__(self) -> None:
        self.of = object()
        self.built = 0

    def current(self) -> object:
        return self.of

    def build(self, of: object) -> Application:
        self.built += 1
        name = str(self.built).encode()

        def answer(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
            yield name
            yield str(of is self.of).encode()

        return answer


def test_it_is_built_anew_only_when_something_changed() -> None:
    told = Telling()
    renewed = Renewed(told.current, told.build)
    assert [next(iter(renewed({}, None))) for _ in range(2)] == [b"1", b"1"]
    told.of = object()
    assert next(iter(renewed({}, None))) == b"2"


def test_a_request_that_has_begun_stays_with_what_it_began_with() -> None:
    told = Telling()
    renewed = Renewed(told.current, told.build)
    answer = iter(renewed({}, None))
    assert next(answer) == b"1"
    told.of = object()
    next(iter(renewed({}, None)))
    assert next(answer) == b"False"

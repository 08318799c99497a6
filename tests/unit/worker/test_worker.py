"""The worker lives through moments in which nothing works."""

from collections.abc import Callable

from gateway.worker.worker import Round, Worker


def _failing(times: int, came: list[int]) -> Callable[[], Round]:
    def current() -> Round:
        came.append(1)
        raise OSError(times)

    return current


def test_a_start_that_fails_is_tried_again_until_it_is_stopped() -> None:
    came: list[int] = []
    Worker(_failing(3, came)).run(lambda _seconds: None if len(came) >= 3 else ())
    assert len(came) == 3

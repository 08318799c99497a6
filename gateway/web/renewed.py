"""An application that is built anew when what it was built from changes; one request, one state."""

import threading
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Renewed(Generic[_T]):
    """A WSGI application over `build(current())`, kept while `current` gives the same object."""

    def __init__(self, current: Callable[[], _T], build: Callable[[_T], Application]) -> None:
        """Build it for the first time."""
        self._current, self._build = current, build
        self._lock = threading.Lock()
        self._of = current()
        self._application = build(self._of)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with the application of now; it stays this request's to the end."""
        with self._lock:
            now = self._current()
            if now is not self._of:
                self._application = self._build(now)
                self._of = now
            application = self._application
        return application(environ, start_response)
